import type { ListTableMetadataInput, ListTableMetadataOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { dataAccess } from './data-access.ts'
import { invalidRequest } from './errors.ts'
import { databaseNamed, fromTable } from './metadata-shape.ts'
import { pageOf, textToken } from './page.ts'

const PAGE_MAX = 50

/** Sorted by name; Expression is a regular expression over the whole name. */
export const listTableMetadata: AthenaOperation<ListTableMetadataInput, ListTableMetadataOutput> = async (
  { CatalogName, DatabaseName, Expression, NextToken, MaxResults },
  context,
  caller,
) => {
  context.queries.dataCatalogs.named(CatalogName)
  const { name } = await databaseNamed(DatabaseName, context, caller.requestId)
  const matches = nameMatcher(Expression)
  const rights = dataAccess(caller, context)?.catalog
  const maySee = (table: string) => rights?.onTable('GetTables', name, table) === undefined
  const after = textToken(NextToken) ?? ''
  const tables = (await context.catalog.tables(name)).filter(
    (table) => table.name > after && matches(table.name) && maySee(table.name),
  )
  const page = pageOf(
    (limit) => tables.slice(0, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.name,
  )
  return { TableMetadataList: page.items.map(fromTable), NextToken: page.nextToken }
}

function nameMatcher(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined || expression === '') return () => true
  try {
    const whole = new RegExp(`^(?:${expression.replace(/(?<!\.)\*/g, '.*')})$`, 'i')
    return (name) => whole.test(name)
  } catch {
    throw invalidRequest(`Expression is not a regular expression: ${expression}`)
  }
}
