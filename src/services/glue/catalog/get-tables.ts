import type { GetTablesRequest, GetTablesResponse, Table, TableAttributes } from '../../../wire/model/glue.ts'
import { tableArn } from '../../catalog-permissions.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { pageOf } from '../page.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { databaseNamed } from './found.ts'
import { nameMatcher } from './name-pattern.ts'
import { fromTable } from './table-shape.ts'

const TABLES_MAX = 100

/** Of the tables that match, those the caller may see. */
export const getTables: GlueOperation<GetTablesRequest, GetTablesResponse> = async (input, context, caller) => {
  const { catalog, accountId, access } = context
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'QueryAsOfTime'])
  const { name } = await databaseNamed(catalog, input.DatabaseName)
  checkAttributes(input.AttributesToGet)
  const matches = nameMatcher(input.Expression, 'Expression')
  const maySee = (table: string) =>
    access.judge(caller, { action: 'glue:GetTables', resource: tableArn(name, table, context) }).isAllowed
  const tables = (await catalog.tables(name)).filter((table) => matches(table.name) && maySee(table.name))
  const page = pageOf(tables, (table) => table.name, { token: input.NextToken, limit: input.MaxResults ?? TABLES_MAX })
  return {
    TableList: page.items.map((table) => withAttributes(fromTable(table, accountId), input.AttributesToGet)),
    NextToken: page.nextToken,
  }
}

/** Names alone, for who lists many. NAME must be among the attributes. */
function withAttributes(table: Table, attributes: readonly TableAttributes[] | undefined): Table {
  if (attributes === undefined) return table
  const { Name, DatabaseName, CatalogId, TableType } = table
  return { Name, DatabaseName, CatalogId, ...(attributes.includes('TABLE_TYPE') && { TableType }) }
}

function checkAttributes(attributes: readonly TableAttributes[] | undefined): void {
  if (attributes !== undefined && !attributes.includes('NAME')) throw invalidInput('AttributesToGet must include NAME.')
}
