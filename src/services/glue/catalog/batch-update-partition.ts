import type { CatalogRefusal } from '../../../catalog/catalog.ts'
import { isRefusal } from '../../../platform/refusal.ts'
import type {
  BatchUpdatePartitionFailureEntry,
  BatchUpdatePartitionRequest,
  BatchUpdatePartitionResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { errorName } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { toPartitionInput } from './partition-shape.ts'

export const batchUpdatePartition: GlueOperation<BatchUpdatePartitionRequest, BatchUpdatePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const table = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const errors: BatchUpdatePartitionFailureEntry[] = []
  for (const { PartitionValueList, PartitionInput } of input.Entries) {
    const replacement = toPartitionInput({ ...PartitionInput, Values: PartitionInput.Values ?? PartitionValueList })
    try {
      await catalog.updatePartition(table.database, table.name, PartitionValueList, replacement)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const ErrorDetail = { ErrorCode: errorName(error.code as CatalogRefusal), ErrorMessage: error.message }
      errors.push({ PartitionValueList, ErrorDetail })
    }
  }
  return { Errors: errors }
}
