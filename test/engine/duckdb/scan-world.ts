/** Files of a table on disk, and a scan over them run in a DuckDB of the test's own: rows as Athena's text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { FactsCache } from '../../../src/engine/duckdb/facts.ts'
import { failureOf } from '../../../src/engine/duckdb/failures.ts'
import { measureGzip } from '../../../src/engine/duckdb/gzip-size.ts'
import { installLineFunctions } from '../../../src/engine/duckdb/line-functions.ts'
import { DuckDbError } from '../../../src/engine/duckdb/pool.ts'
import { renderText } from '../../../src/engine/duckdb/render.ts'
import { installMacros } from '../../../src/engine/duckdb/render-macros.ts'
import { prepareStatements } from '../../../src/engine/duckdb/sandbox.ts'
import { printScan, type ScanNode } from '../../../src/engine/duckdb/scan.ts'
import { factsKey, survey } from '../../../src/engine/duckdb/survey.ts'
import type { ScanFile, ScanFormat, ScanSource } from '../../../src/engine/engine.ts'
import { parseHiveType } from '../../../src/sql/hive-type.ts'
import type { ScanColumn } from '../../../src/sql/typed-tree.ts'
import { bigint, timestampWithTimeZone, varchar } from '../../../src/sql/types.ts'

export const openx: Extract<ScanFormat, { kind: 'json' }> = {
  kind: 'json',
  serde: 'openx',
  ignoreMalformed: false,
  caseInsensitive: true,
  dotsInKeys: false,
  mapping: {},
  timestampFormats: [],
}

export const lazy: Extract<ScanFormat, { kind: 'csv' }> = {
  kind: 'csv',
  serde: 'lazy',
  fieldDelimiter: ',',
  collectionDelimiter: '\u0002',
  mapKeyDelimiter: '\u0003',
  nullText: '\\N',
  skipHeaderLines: 0,
  timestampFormats: [],
}

export const openCsv: ScanFormat = { ...lazy, serde: 'opencsv', quote: '"', escape: '\\' }

export interface TableFile {
  readonly name: string
  readonly content: string | Uint8Array
  /** Values of the partition columns; null: default partition. */
  readonly partition?: readonly (string | null)[]
}

export interface TestTable {
  readonly format: ScanFormat
  /** `id bigint, name string`. */
  readonly columns: string
  readonly partitionColumns?: string
  readonly files: readonly TableFile[]
}

const HIDDEN = {
  $path: varchar,
  $partition: varchar,
  $file_size: bigint,
  $file_modified_time: timestampWithTimeZone(3),
}

export class ScanWorld {
  readonly connection: DuckDBConnection
  readonly directory: string
  readonly facts = new FactsCache()
  /** Statements that the survey has run. */
  surveyed = 0

  private constructor(connection: DuckDBConnection, directory: string) {
    this.connection = connection
    this.directory = directory
  }

  static async open(): Promise<ScanWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'lakelet-scan-'))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const settings = { threads: 1, memoryLimitBytes: 512 * 1024 * 1024, writableDirectory: directory }
    for (const statement of prepareStatements(settings)) await connection.run(statement)
    await installMacros(connection)
    installLineFunctions(connection)
    return new ScanWorld(connection, directory)
  }

  close(): void {
    this.connection.closeSync()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Rows in the order read; every value as Athena's text, null for NULL. */
  async rows(table: TestTable, select?: readonly string[]): Promise<(string | null)[][]> {
    const source = this.source(table)
    const node = scanNode(source, select)
    const locations = new Map(source.files.map((file) => [file.path, file.location]))
    try {
      await survey(source, this.facts, { rows: (sql) => this.#rowsOf(sql), measureGzip })
      const sql = printScan(node, source, (file) => {
        return this.facts.get(factsKey(file, source)) ?? { kind: 'json', isRegular: false, spelling: new Map() }
      })
      const texts = node.fields.map((field) => renderText(`r."${field.symbol}"`, field.type))
      return (await this.#rowsOf(`SELECT ${texts.join(', ') || '1'} FROM (${sql}) AS r`)) as (string | null)[][]
    } catch (error) {
      throw failureOf(error, locations) ?? error
    }
  }

  source(table: TestTable): ScanSource {
    const partitions: (readonly (string | null)[])[] = []
    const files = table.files.map((file): ScanFile => {
      const path = join(this.directory, file.name.replaceAll('/', '_'))
      writeFileSync(path, file.content)
      const partition = file.partition === undefined ? -1 : partitions.push(file.partition) - 1
      const sizeBytes = Buffer.byteLength(file.content)
      const versionKey = `${file.name} ${Buffer.from(file.content).toString('base64')}`
      const location = `s3://lake/${file.name}`
      return { path, location, sizeBytes, modifiedAtMs: Date.UTC(2026, 0, 2), versionKey, partition }
    })
    return {
      format: table.format,
      dataColumns: columnsOf(table.columns),
      partitionColumns: columnsOf(table.partitionColumns ?? ''),
      partitions,
      files,
    }
  }

  async #rowsOf(sql: string): Promise<unknown[][]> {
    this.surveyed++
    try {
      return (await this.connection.runAndReadAll(sql)).getRowsJson() as unknown[][]
    } catch (error) {
      throw new DuckDbError(error instanceof Error ? error.message : String(error))
    }
  }
}

export function columnsOf(text: string): ScanSource['dataColumns'] {
  if (text === '') return []
  return text.split(/,\s+/).map((column) => {
    const [name = '', type = ''] = column.split(' ')
    return { name, type: parseHiveType(type) }
  })
}

function scanNode(source: ScanSource, select?: readonly string[]): ScanNode {
  const all: ScanColumn[] = [
    ...source.dataColumns.map((column) => field(column.name, column.type, 'data')),
    ...source.partitionColumns.map((column) => field(column.name, column.type, 'partition')),
    ...Object.entries(HIDDEN).map(([name, type]) => field(name, type, 'hidden')),
  ]
  const wanted = select ?? all.filter((column) => column.source !== 'hidden').map((column) => column.name)
  const fields = wanted.flatMap((name) => all.filter((column) => column.name === name))
  return { kind: 'Scan', scanId: 1, database: 'd', table: 't', fields }
}

function field(name: string, type: ScanColumn['type'], source: ScanColumn['source']): ScanColumn {
  return { symbol: `${name}_1`, name, type, source, column: name }
}
