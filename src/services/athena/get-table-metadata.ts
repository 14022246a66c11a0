import type { GetTableMetadataInput, GetTableMetadataOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { databaseNamed, entityNotFound, fromTable } from './metadata-shape.ts'

export const getTableMetadata: AthenaOperation<GetTableMetadataInput, GetTableMetadataOutput> = async (
  { CatalogName, DatabaseName, TableName },
  context,
  caller,
) => {
  context.queries.dataCatalogs.named(CatalogName)
  const database = await databaseNamed(DatabaseName, context, caller.requestId)
  const table = await context.catalog.findTable(database.name, TableName)
  if (table === undefined) throw entityNotFound(caller.requestId)
  return { TableMetadata: fromTable(table) }
}
