import type { GetTableVersionRequest, GetTableVersionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { fromTable } from './table-shape.ts'

/** Without VersionId the newest. */
export const getTableVersion: GlueOperation<GetTableVersionRequest, GetTableVersionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const versions = await catalog.tableVersions(input.DatabaseName, input.TableName)
  const wanted = input.VersionId
  const found = wanted === undefined ? versions[0] : versions.find((version) => version.versionId === wanted)
  if (found === undefined) throw entityNotFound(`Table ${input.TableName} has no version ${wanted}.`)
  return { TableVersion: { Table: fromTable(found, accountId), VersionId: found.versionId } }
}
