import type { GetDatabaseInput, GetDatabaseOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { databaseNamed, fromDatabase } from './metadata-shape.ts'

export const getDatabase: AthenaOperation<GetDatabaseInput, GetDatabaseOutput> = async (
  { CatalogName, DatabaseName },
  context,
  caller,
) => {
  context.queries.dataCatalogs.named(CatalogName)
  return { Database: fromDatabase(await databaseNamed(DatabaseName, context, caller.requestId)) }
}
