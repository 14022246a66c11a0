/** The catalog as far as one caller may reach it. Lists show what the caller may list; the rest is refused by name. */
import type { Catalog } from '../catalog/catalog.ts'
import { type CatalogAccess, refuseDenied } from './data-access.ts'

/** What statements use of the catalog. */
export type QueryCatalog = Pick<
  Catalog,
  | 'createDatabase'
  | 'findDatabase'
  | 'databases'
  | 'updateDatabase'
  | 'deleteDatabase'
  | 'createTable'
  | 'findTable'
  | 'tables'
  | 'updateTable'
  | 'deleteTable'
  | 'createPartitions'
  | 'findPartition'
  | 'partitions'
  | 'updatePartition'
  | 'deletePartitions'
>

export function guardedCatalog(catalog: QueryCatalog, access: CatalogAccess): QueryCatalog {
  return {
    async createDatabase(input) {
      refuseDenied(access.onDatabase('CreateDatabase', input.name))
      return catalog.createDatabase(input)
    },
    async findDatabase(name) {
      refuseDenied(access.onDatabase('GetDatabase', name))
      return catalog.findDatabase(name)
    },
    async databases() {
      refuseDenied(access.onCatalog('GetDatabases'))
      const all = await catalog.databases()
      return all.filter(({ name }) => access.onDatabase('GetDatabases', name) === undefined)
    },
    async updateDatabase(name, change) {
      refuseDenied(access.onDatabase('UpdateDatabase', name))
      return catalog.updateDatabase(name, change)
    },
    async deleteDatabase(name) {
      refuseDenied(access.onDatabase('DeleteDatabase', name))
      // Its tables go with it.
      for (const table of await catalog.tables(name)) refuseDenied(access.onTable('DeleteDatabase', name, table.name))
      return catalog.deleteDatabase(name)
    },

    async createTable(database, input, createdBy, indexes) {
      refuseDenied(access.onTable('CreateTable', database, input.name))
      return catalog.createTable(database, input, createdBy, indexes)
    },
    async findTable(database, name) {
      refuseDenied(access.onTable('GetTable', database, name))
      return catalog.findTable(database, name)
    },
    async tables(database) {
      refuseDenied(access.onDatabase('GetTables', database))
      const all = await catalog.tables(database)
      return all.filter(({ name }) => access.onTable('GetTables', database, name) === undefined)
    },
    async updateTable(database, name, change, options) {
      refuseDenied(access.onTable('UpdateTable', database, name))
      return catalog.updateTable(database, name, change, options)
    },
    async deleteTable(database, name) {
      refuseDenied(access.onTable('DeleteTable', database, name))
      return catalog.deleteTable(database, name)
    },

    async createPartitions(database, table, inputs) {
      refuseDenied(access.onTable('BatchCreatePartition', database, table))
      return catalog.createPartitions(database, table, inputs)
    },
    async findPartition(database, table, values) {
      refuseDenied(access.onTable('GetPartition', database, table))
      return catalog.findPartition(database, table, values)
    },
    async *partitions(database, table, scan) {
      refuseDenied(access.onTable('GetPartitions', database, table))
      yield* catalog.partitions(database, table, scan)
    },
    async updatePartition(database, table, values, input) {
      refuseDenied(access.onTable('UpdatePartition', database, table))
      return catalog.updatePartition(database, table, values, input)
    },
    async deletePartitions(database, table, values) {
      refuseDenied(access.onTable('BatchDeletePartition', database, table))
      return catalog.deletePartitions(database, table, values)
    },
  }
}
