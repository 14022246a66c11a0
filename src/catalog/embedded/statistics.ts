/** Statistics of columns, of tables and of partitions. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Catalog, StatisticsOf } from '../catalog.ts'
import type { ColumnStatistics } from '../types.ts'
import { type Body, parse, refuse } from './rows.ts'
import { partitionKey } from './schema.ts'
import { EmbeddedTables } from './tables.ts'

function prepareStatements(database: MetadataDatabase) {
  return {
    partition: database.prepare('SELECT 1 FROM catalog_partition WHERE table_id = ? AND key = ?'),
    all: database.prepare<Body>(
      'SELECT body FROM catalog_column_statistics WHERE table_id = ? AND partition = ? ORDER BY column_name',
    ),
    put: database.prepare('INSERT OR REPLACE INTO catalog_column_statistics VALUES (?, ?, ?, ?)'),
    remove: database.prepare(
      'DELETE FROM catalog_column_statistics WHERE table_id = ? AND partition = ? AND column_name = ?',
    ),
  }
}

type Part = 'columnStatistics' | 'putColumnStatistics' | 'deleteColumnStatistics'

export class EmbeddedStatistics extends EmbeddedTables implements Pick<Catalog, Part> {
  readonly #sql = prepareStatements(this.database)

  async columnStatistics(of: StatisticsOf): Promise<readonly ColumnStatistics[]> {
    return this.#sql.all.all(...this.#place(of)).map(parse<ColumnStatistics>)
  }

  putColumnStatistics(of: StatisticsOf, statistics: readonly ColumnStatistics[]): Promise<void> {
    return this.database.write(() => {
      const place = this.#place(of)
      for (const one of statistics) this.#sql.put.run(...place, one.column, JSON.stringify(one))
    })
  }

  deleteColumnStatistics(of: StatisticsOf, column: string): Promise<void> {
    return this.database.write(() => {
      this.#sql.remove.run(...this.#place(of), column)
    })
  }

  #place({ database, table, partition }: StatisticsOf): [tableId: number, partition: Buffer] {
    const { id } = this.tableRow(database, table)
    if (partition === undefined) return [id, Buffer.of()]
    const key = partitionKey(partition)
    if (this.#sql.partition.get(id, key) !== undefined) return [id, key]
    // AWS's text, which is another one than that of partitions themselves.
    throw refuse('partitionNotFound', `Partition [${partition.join(', ')}] not found`)
  }
}
