import type { ListDatabasesInput, ListDatabasesOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { dataAccess } from './data-access.ts'
import { fromDatabase } from './metadata-shape.ts'
import { pageOf, textToken } from './page.ts'

const PAGE_MAX = 50

/** Sorted by name. */
export const listDatabases: AthenaOperation<ListDatabasesInput, ListDatabasesOutput> = async (
  { CatalogName, NextToken, MaxResults },
  context,
  caller,
) => {
  context.queries.dataCatalogs.named(CatalogName)
  const rights = dataAccess(caller, context)?.catalog
  const maySee = (name: string) => rights?.onDatabase('GetDatabases', name) === undefined
  const after = textToken(NextToken) ?? ''
  const rest = (await context.catalog.databases()).filter(({ name }) => name > after && maySee(name))
  const page = pageOf(
    (limit) => rest.slice(0, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.name,
  )
  return { DatabaseList: page.items.map(fromDatabase), NextToken: page.nextToken }
}
