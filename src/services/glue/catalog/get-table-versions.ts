import type { GetTableVersionsRequest, GetTableVersionsResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { decodeToken, encodeToken } from '../page.ts'
import { checkCatalogId } from '../unsupported.ts'
import { fromTable } from './table-shape.ts'

const VERSIONS_MAX = 100

/** Newest first. */
export const getTableVersions: GlueOperation<GetTableVersionsRequest, GetTableVersionsResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const versions = await catalog.tableVersions(input.DatabaseName, input.TableName)
  const before = input.NextToken ? Number(decodeToken(input.NextToken)[0]) : Number.POSITIVE_INFINITY
  const rest = versions.filter((version) => Number(version.versionId) < before)
  const page = rest.slice(0, input.MaxResults ?? VERSIONS_MAX)
  const last = page.at(-1)
  return {
    TableVersions: page.map((version) => ({ Table: fromTable(version, accountId), VersionId: version.versionId })),
    NextToken: rest.length > page.length && last !== undefined ? encodeToken([last.versionId]) : undefined,
  }
}
