import type { Table as CatalogTable } from '../../../catalog/types.ts'
import type { SearchTablesRequest, SearchTablesResponse, Table } from '../../../wire/model/glue.ts'
import { tableArn } from '../../catalog-permissions.ts'
import type { GlueOperation } from '../context.ts'
import { decodeToken, encodeToken } from '../page.ts'
import { checkCatalogId } from '../unsupported.ts'
import { searched } from './table-search.ts'
import { fromTable } from './table-shape.ts'

const TABLES_MAX = 1000

/** Among the tables of all databases that the caller may see. None is shared with this lake, and none is federated. */
export const searchTables: GlueOperation<SearchTablesRequest, SearchTablesResponse> = async (
  input,
  context,
  caller,
) => {
  const { catalog, accountId, access } = context
  checkCatalogId(input.CatalogId, accountId)
  const { matches, sortKey, compare } = searched(input)
  if (input.ResourceShareType !== undefined && input.ResourceShareType !== 'ALL') return { TableList: [] }
  const maySee = ({ database, name }: CatalogTable) =>
    access.judge(caller, { action: 'glue:SearchTables', resource: tableArn(database, name, context) }).isAllowed
  const found: { readonly place: readonly string[]; readonly table: Table }[] = []
  for (const { name } of await catalog.databases()) {
    for (const one of await catalog.tables(name)) {
      const table = fromTable(one, accountId)
      if (matches(table) && maySee(one)) found.push({ place: [sortKey(table), one.database, one.name], table })
    }
  }
  found.sort((a, b) => compare(a.place, b.place))
  const after = input.NextToken ? decodeToken(input.NextToken) : undefined
  const rest = after === undefined ? found : found.filter(({ place }) => compare(place, after) > 0)
  const page = rest.slice(0, input.MaxResults ?? TABLES_MAX)
  const last = page.at(-1)
  return {
    TableList: page.map(({ table }) => table),
    NextToken: rest.length > page.length && last !== undefined ? encodeToken(last.place) : undefined,
  }
}
