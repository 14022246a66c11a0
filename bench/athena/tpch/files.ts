/**
 * TPC-H as files: Parquet and gzip JSON lines, written once into a folder that later runs find again. Memory does not
 * grow with the scale: a file has a quarter of a million of the numbers that `rowsOf` counts, and rows stream into it.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, version } from '@duckdb/node-api'
import { numbersOf, preparation, rowsOf } from './rows.ts'
import { TABLE_NAMES, type TableName } from './tables.ts'

export const FORMATS = {
  parquet: { ending: 'parquet', copy: 'FORMAT parquet' },
  json: { ending: 'json.gz', copy: 'FORMAT json, COMPRESSION gzip' },
} as const
export type Format = keyof typeof FORMATS

const NUMBERS_A_FILE = 250_000

export interface TpchFiles {
  readonly folder: string
  of(table: TableName, format: Format): Promise<readonly string[]>
}

export async function tpchFiles(scaleFactor: number): Promise<TpchFiles> {
  // hash(), which every value comes from, may be another in another version.
  const folder = join(tmpdir(), `lakelet-bench-tpch-${scaleFactor}-duckdb-${version()}`)
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await writeTables(unfinished, scaleFactor)
    await rename(unfinished, folder)
  }
  return {
    folder,
    async of(table, format) {
      const directory = join(folder, format, table)
      return (await readdir(directory)).sort().map((name) => join(directory, name))
    },
  }
}

async function writeTables(folder: string, scaleFactor: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const statement of preparation(scaleFactor)) await connection.run(statement)
  for (const table of TABLE_NAMES) await writeTable(connection, folder, table, scaleFactor)
  connection.closeSync()
  instance.closeSync()
}

async function writeTable(
  connection: DuckDBConnection,
  folder: string,
  table: TableName,
  scaleFactor: number,
): Promise<void> {
  const path = (format: Format, name: string) => join(folder, format, table, `${name}.${FORMATS[format].ending}`)
  for (const format of Object.keys(FORMATS)) await mkdir(join(folder, format, table), { recursive: true })
  const numbers = numbersOf(table, scaleFactor)
  const lineitem = `read_parquet('${join(folder, 'parquet', 'lineitem', '*.parquet')}')`
  for (let from = 0, index = 0; from < numbers; from += NUMBERS_A_FILE, index++) {
    const to = Math.min(numbers, from + NUMBERS_A_FILE)
    const name = `part-${String(index).padStart(4, '0')}`
    const rows = rowsOf(table, { scaleFactor, from, to, lineitem })
    await connection.run(`COPY (${rows}) TO '${path('parquet', name)}' (${FORMATS.parquet.copy})`)
    await connection.run(`COPY (FROM '${path('parquet', name)}') TO '${path('json', name)}' (${FORMATS.json.copy})`)
  }
}
