import type { CreateTableRequest, CreateTableResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { toTableInput } from './table-shape.ts'

export const createTable: GlueOperation<CreateTableRequest, CreateTableResponse> = async (
  input,
  { catalog, accountId },
  caller,
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['PartitionIndexes', 'TransactionId', 'OpenTableFormatInput'])
  if (input.TableInput === undefined) throw invalidInput('TableInput must be given.')
  await catalog.createTable(input.DatabaseName, toTableInput(input.TableInput), caller.arn)
  return {}
}
