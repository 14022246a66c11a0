/** Tables and their versions. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Catalog, UpdateTableOptions } from '../catalog.ts'
import { checkVersion, updatedTable } from '../table-update.ts'
import type { PartitionIndex, Table, TableInput } from '../types.ts'
import { EmbeddedPartitions } from './partitions.ts'
import { type Body, fold, parse, refuse } from './rows.ts'

function prepareStatements(database: MetadataDatabase) {
  const one = (sql: string) => database.prepare<Body>(sql)
  return {
    tables: one('SELECT body FROM catalog_table WHERE database = ? ORDER BY name'),
    insertTable: one('INSERT INTO catalog_table (database, name, body) VALUES (?, ?, ?)'),
    updateTable: one('UPDATE catalog_table SET name = ?, body = ? WHERE id = ?'),
    versions: one('SELECT body FROM catalog_table_version WHERE table_id = ? ORDER BY version DESC'),
    insertVersion: one('INSERT INTO catalog_table_version VALUES (?, ?, ?)'),
    deleteVersion: one('DELETE FROM catalog_table_version WHERE table_id = ? AND version = ?'),
  }
}

type Part =
  | 'createTable'
  | 'findTable'
  | 'tables'
  | 'updateTable'
  | 'deleteTable'
  | 'tableVersions'
  | 'deleteTableVersion'

export class EmbeddedTables extends EmbeddedPartitions implements Pick<Catalog, Part> {
  readonly #sql = prepareStatements(this.database)

  createTable(
    database: string,
    input: TableInput,
    createdBy: string,
    indexes: readonly PartitionIndex[] = [],
  ): Promise<Table> {
    return this.database.write(() => {
      const { name: databaseName } = this.databaseNamed(database)
      const nowMs = this.clock.nowMs()
      const table: Table = {
        ...input,
        name: fold(input.name),
        database: databaseName,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        createdBy,
        versionId: '0',
      }
      if (this.findTableNow(databaseName, table.name) !== undefined)
        throw refuse('tableExists', 'Table already exists.')
      this.#sql.insertTable.run(databaseName, table.name, JSON.stringify(table))
      const { id } = this.tableRow(databaseName, table.name)
      for (const index of indexes) this.indexes.add({ id, table }, index, 'ACTIVE')
      return table
    })
  }

  async findTable(database: string, name: string): Promise<Table | undefined> {
    return this.findTableNow(database, name)
  }

  async tables(database: string): Promise<readonly Table[]> {
    return this.#sql.tables.all(this.databaseNamed(database).name).map(parse<Table>)
  }

  updateTable(
    database: string,
    name: string,
    change: (current: Table) => TableInput,
    options: UpdateTableOptions = {},
  ): Promise<Table> {
    return this.database.write(() => {
      const row = this.tableRow(database, name)
      const current = parse<Table>(row)
      checkVersion(current, options)
      const indexes = this.indexes.of(row.id).map(({ index }) => index)
      const updated = updatedTable(current, change(current), { indexes, nowMs: this.clock.nowMs() })
      if (updated.name !== current.name && this.findTableNow(current.database, updated.name) !== undefined)
        throw refuse('tableExists', 'Table already exists.')
      if (!options.skipArchive) this.#sql.insertVersion.run(row.id, Number(current.versionId), row.body)
      this.#sql.updateTable.run(updated.name, JSON.stringify(updated), row.id)
      return updated
    })
  }

  async deleteTable(database: string, name: string): Promise<void> {
    await this.database.write(() => this.burial.moveTable(this.tableRow(database, name).id))
    await this.burial.bury()
  }

  async tableVersions(database: string, name: string): Promise<readonly Table[]> {
    const row = this.tableRow(database, name)
    return [parse<Table>(row), ...this.#sql.versions.all(row.id).map(parse<Table>)]
  }

  deleteTableVersion(database: string, name: string, versionId: string): Promise<void> {
    return this.database.write(() => {
      const row = this.tableRow(database, name)
      if (parse<Table>(row).versionId === versionId) throw versionCurrent(name, versionId)
      const { changes } = this.#sql.deleteVersion.run(row.id, Number(versionId))
      if (changes === 0) throw refuse('tableVersionNotFound', `Table ${name} has no version ${versionId}.`)
    })
  }
}

function versionCurrent(name: string, versionId: string) {
  return refuse('tableVersionCurrent', `Version ${versionId} of table ${name} is its latest: it cannot be deleted.`)
}
