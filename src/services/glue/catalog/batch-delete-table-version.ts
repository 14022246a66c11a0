import type {
  BatchDeleteTableVersionRequest,
  BatchDeleteTableVersionResponse,
  TableVersionError,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { refusalDetail } from './refusal-detail.ts'

/** Each version on its own: the latest, and those that are not there, come back as Errors. */
export const batchDeleteTableVersion: GlueOperation<
  BatchDeleteTableVersionRequest,
  BatchDeleteTableVersionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const { database, name } = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const errors: TableVersionError[] = []
  for (const VersionId of input.VersionIds) {
    const ErrorDetail = await refusalDetail(() => catalog.deleteTableVersion(database, name, VersionId))
    if (ErrorDetail !== undefined) errors.push({ TableName: name, VersionId, ErrorDetail })
  }
  return { Errors: errors }
}
