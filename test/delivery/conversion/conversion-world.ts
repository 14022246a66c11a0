/** Columns and records in a line, a conversion without threads, and its file read back. */
import { gunzipSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import type { Failure } from '../../../src/delivery/conversion/record-converter.ts'
import { RecordConverter } from '../../../src/delivery/conversion/record-converter.ts'
import { conversionColumn } from '../../../src/delivery/conversion/schema.ts'
import type { Conversion } from '../../../src/delivery/destination.ts'

export const openX: Conversion['deserializer'] = {
  kind: 'openx',
  isCaseInsensitive: true,
  convertsDots: false,
  keyOfColumn: {},
}

export const hive = (...timestampFormats: string[]): Conversion['deserializer'] => ({ kind: 'hive', timestampFormats })

export const parquet: Conversion['serializer'] = {
  kind: 'parquet',
  compression: 'SNAPPY',
  blockBytes: 256 * 1024 * 1024,
  pageBytes: 1024 * 1024,
  usesDictionary: false,
  paddingBytesMax: 0,
  writerVersion: 'V1',
}

export type Columns = Readonly<Record<string, string>>

export interface Outcome {
  readonly file: Buffer
  readonly failures: readonly (Failure & { readonly index: number })[]
  readonly rows: number
}

export function convertAll(
  columns: Columns,
  records: readonly (string | Uint8Array)[],
  settings: { deserializer?: Conversion['deserializer']; serializer?: Partial<Conversion['serializer']> } = {},
): Outcome {
  const converter = new RecordConverter(
    Object.entries(columns).map(([name, type]) => conversionColumn(name, type)),
    { deserializer: settings.deserializer ?? openX, serializer: { ...parquet, ...settings.serializer } },
  )
  const failures = records.flatMap((record, index) => {
    const failure = converter.add(Buffer.from(record))
    return failure === undefined ? [] : [{ index, ...failure }]
  })
  converter.finish()
  return { file: Buffer.concat(converter.takeBytes()), failures, rows: converter.rows }
}

export function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

/** hyparquet brings only snappy. */
export const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) }

/** Strings as strings, bytes as bytes; timestamps as dates. */
export async function readRows(file: Uint8Array): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({ file: arrayBufferOf(file), compressors, utf8: false })
  // hyparquet says undefined of a list, map or struct that is null.
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])))
}

export interface Cell {
  readonly value?: unknown
  /** Without AWS's lead-in. */
  readonly problem?: string
}

/** What one JSON value becomes in a column of the type. */
export async function cellOf(
  type: string,
  json: string,
  deserializer: Conversion['deserializer'] = openX,
): Promise<Cell> {
  const { file, failures } = convertAll({ c: type }, [`{"c":${json}}`], { deserializer })
  const [failure] = failures
  if (failure !== undefined) return { problem: failure.message.replace('Data does not match the schema. ', '') }
  const [row] = await readRows(file)
  return { value: row?.['c'] ?? null }
}
