import type { GetTablesRequest, GetTablesResponse } from '../../../wire/model/glue.ts'
import { tableArn } from '../../catalog-permissions.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { pageOf } from '../page.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { databaseNamed } from './found.ts'
import { fromTable } from './table-shape.ts'

const TABLES_MAX = 100

/** Of the tables that match, those the caller may see. */
export const getTables: GlueOperation<GetTablesRequest, GetTablesResponse> = async (input, context, caller) => {
  const { catalog, accountId, access } = context
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'QueryAsOfTime'])
  const { name } = await databaseNamed(catalog, input.DatabaseName)
  const matches = nameMatcher(input.Expression)
  const maySee = (table: string) =>
    access.judge(caller, { action: 'glue:GetTables', resource: tableArn(name, table, context) }).isAllowed
  const tables = (await catalog.tables(name)).filter((table) => matches(table.name) && maySee(table.name))
  const page = pageOf(tables, (table) => table.name, { token: input.NextToken, limit: input.MaxResults ?? TABLES_MAX })
  return { TableList: page.items.map((table) => fromTable(table, accountId)), NextToken: page.nextToken }
}

/** Expression is a regular expression over the whole name; glob-like `orders*` passes too, as it does on AWS. */
function nameMatcher(expression: string | undefined): (name: string) => boolean {
  if (!expression) return () => true
  if (/^[a-z0-9_*-]+$/i.test(expression)) {
    const glob = new RegExp(`^${expression.replaceAll('*', '.*')}$`, 'i')
    return (name) => glob.test(name)
  }
  try {
    const whole = new RegExp(`^(?:${expression})$`)
    return (name) => whole.test(name)
  } catch (cause) {
    throw invalidInput(`Expression is not a regular expression: ${(cause as Error).message}`)
  }
}
