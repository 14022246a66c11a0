/** Tables and databases that an operation needs: found, or refused in Glue's words. */
import type { Catalog } from '../../../catalog/catalog.ts'
import type { Database, Table } from '../../../catalog/types.ts'
import { entityNotFound } from '../errors.ts'

export async function databaseNamed(catalog: Catalog, name: string): Promise<Database> {
  const database = await catalog.findDatabase(name)
  if (database === undefined) throw entityNotFound(`Database ${name} not found.`)
  return database
}

export async function tableNamed(catalog: Catalog, database: string, name: string): Promise<Table> {
  const table = await catalog.findTable(database, name)
  if (table !== undefined) return table
  await databaseNamed(catalog, database)
  throw entityNotFound(`Table ${name} not found.`)
}
