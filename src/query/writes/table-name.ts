/** The table that a statement of the Trino side writes: `table`, `database.table` or `awsdatacatalog.database.table`. */
import { SqlFailure } from '../../sql/failure.ts'
import type { QualifiedName } from '../../sql/tree.ts'
import { isLakeCatalog, LAKE_CATALOG, type Session } from '../tables.ts'

export interface TableName {
  readonly database: string
  readonly table: string
}

export function writtenTable(name: QualifiedName, session: Session): TableName {
  const [table = '', database = session.schema ?? '', catalog = session.catalog] = name.parts
    .map((part) => part.value.toLowerCase())
    .reverse()
  if (!isLakeCatalog(catalog, session))
    throw new SqlFailure('CATALOG_NOT_FOUND', `Catalog '${catalog}' does not exist`, name.at)
  return { database, table }
}

export function fullName({ database, table }: TableName): string {
  return `${LAKE_CATALOG}.${database}.${table}`
}
