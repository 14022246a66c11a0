/** What goes into a file comes out of it, by two readers that know nothing of each other: hyparquet and DuckDB. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Conversion } from '../../../../src/delivery/destination.ts'
import { typeText } from '../../../../src/formats/inferred-type.ts'
import { parquetFileSchema } from '../../../../src/formats/parquet/schema.ts'
import { arrayBufferOf, convertAll, parquet, readRows } from '../../../delivery/conversion/conversion-world.ts'
import { type AnyTable, anyTable, asDuckDB, asHyparquet, asJson } from './any-table.ts'

type Serializer = Partial<Conversion['serializer']>

const directory = mkdtempSync(join(tmpdir(), 'lakelet-parquet-'))
let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  connection = await instance.connect()
})

afterAll(() => {
  connection.closeSync()
  instance.closeSync()
  rmSync(directory, { recursive: true, force: true })
})

const anySerializer: fc.Arbitrary<Serializer> = fc.record({
  compression: fc.constantFrom('SNAPPY', 'GZIP', 'UNCOMPRESSED'),
  writerVersion: fc.constantFrom('V1', 'V2'),
  usesDictionary: fc.boolean(),
  // Far under what a stream may ask for, so that few rows make many pages and row groups.
  pageBytes: fc.constantFrom(16, 200, 1024 * 1024),
  blockBytes: fc.constantFrom(64, 1000, 256 * 1024 * 1024),
})

let files = 0

/** Each file has a name of its own: DuckDB keeps parts of what it read, and takes a file of the same age for the same. */
async function duckRows(file: Buffer): Promise<unknown[]> {
  const path = join(directory, `rows-${files++}.parquet`)
  writeFileSync(path, file)
  const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`)
  return reader.getRowObjectsJson()
}

const fileOf = ({ columns, rows }: AnyTable, serializer: Serializer) => {
  const { file, failures } = convertAll(
    columns,
    rows.map((row) => asJson(row)),
    { serializer },
  )
  expect(failures).toEqual([])
  return file
}

test('any rows of any nested schema, with any options, are read back by hyparquet', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, anySerializer, async (table, serializer) => {
      const read = await readRows(fileOf(table, serializer))
      expect(read.map((row) => asHyparquet(row, table.columns))).toEqual(table.rows)
    }),
    { numRuns: 50 },
  )
})

test('and by DuckDB', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, anySerializer, async (table, serializer) => {
      expect(await duckRows(fileOf(table, serializer))).toEqual(table.rows.map((row) => asDuckDB(row, table.columns)))
    }),
    { numRuns: 50 },
  )
})

const events = Array.from({ length: 2000 }, (_, index) => `{"id":${index},"kind":"${index % 3}","at":${1.7e9 + index}}`)
const columns = { id: 'bigint', kind: 'string', at: 'timestamp' }
const metadataOf = (serializer: Serializer) =>
  parquetMetadata(arrayBufferOf(convertAll(columns, events, { serializer }).file))

test('a row group ends when it has the size of a block', () => {
  const metadata = metadataOf({ blockBytes: 8000, pageBytes: 1000, compression: 'UNCOMPRESSED' })
  expect(metadata.row_groups.length).toBeGreaterThan(4)
  expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows)).reduce((sum, rows) => sum + rows)).toBe(2000)
})

test.each([
  ['SNAPPY', 'SNAPPY'],
  ['GZIP', 'GZIP'],
  ['UNCOMPRESSED', 'UNCOMPRESSED'],
] as const)('compression %s is what the footer says', (compression, codec) => {
  const chunks = metadataOf({ compression }).row_groups.flatMap((group) => group.columns)
  expect(new Set(chunks.map((chunk) => chunk.meta_data?.codec))).toEqual(new Set([codec]))
})

const encodingsOf = (serializer: Serializer) =>
  metadataOf(serializer).row_groups[0]?.columns.map(({ meta_data }) => meta_data?.encodings.toSorted())

test('a dictionary is made only where it is asked for and pays', () => {
  expect(encodingsOf({ usesDictionary: false })).toEqual([
    ['PLAIN', 'RLE'],
    ['PLAIN', 'RLE'],
    ['PLAIN', 'RLE'],
  ])
  // Of numbers that are all different a dictionary would only add its own page.
  expect(encodingsOf({ usesDictionary: true })).toEqual([
    ['PLAIN', 'RLE'],
    ['PLAIN_DICTIONARY', 'RLE'],
    ['PLAIN', 'RLE'],
  ])
})

test('a dictionary that grows too large is given up, and what was written with it is still read', async () => {
  const texts = Array.from({ length: 800 }, (_, index) => (index < 500 ? 'same' : `${index}`.repeat(1500)))
  const rows = texts.map((text) => ({ text }))
  const serializer = { usesDictionary: true, pageBytes: 4096 }
  const { file } = convertAll(
    { text: 'string' },
    rows.map((row) => JSON.stringify(row)),
    { serializer },
  )
  expect(parquetMetadata(arrayBufferOf(file)).row_groups[0]?.columns[0]?.meta_data?.encodings.toSorted()).toEqual([
    'PLAIN',
    'PLAIN_DICTIONARY',
    'RLE',
  ])
  expect(await readRows(file)).toEqual(rows)
  expect(await duckRows(file)).toEqual(rows)
})

test('readers may skip by bounds: exact for numbers and texts, none for times, long texts and NaN', () => {
  const { file } = convertAll(
    { n: 'int', b: 'bigint', d: 'double', s: 'string', t: 'timestamp', l: 'string', x: 'double' },
    [
      `{"n":3,"b":-9007199254740993,"d":1.5,"s":"b","t":1,"l":"${'y'.repeat(100)}","x":1}`,
      '{"n":-2,"b":7,"d":-0.5,"s":"aé","t":2,"l":"x","x":"NaN"}',
      '{}',
    ],
    { serializer: { pageBytes: 1 } },
  )
  const chunks = parquetMetadata(arrayBufferOf(file)).row_groups.flatMap((group) => group.columns)
  const bounds = chunks.map(({ meta_data }) => [meta_data?.statistics?.min_value, meta_data?.statistics?.max_value])
  expect(bounds).toEqual([
    [-2, 3],
    [-9007199254740993n, 7n],
    [-0.5, 1.5],
    ['aé', 'b'],
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ])
  expect(chunks.map(({ meta_data }) => Number(meta_data?.statistics?.null_count))).toEqual([1, 1, 1, 1, 1, 1, 1])
})

test('the same records and options give the same bytes', () => {
  const once = convertAll(columns, events).file
  expect(convertAll(columns, events).file.equals(once)).toBe(true)
})

test('groups have the shapes of Hive', () => {
  const { file } = convertAll({ l: 'array<int>', m: 'map<string,date>', d: 'decimal(38,3)' }, ['{}'])
  const { schema } = parquetMetadata(arrayBufferOf(file))
  const shape = schema.map(({ name, type, converted_type, repetition_type, type_length }) =>
    [name, repetition_type, type, converted_type, type_length].filter((part) => part !== undefined).join(' '),
  )
  expect(shape).toEqual([
    'hive_schema',
    'l OPTIONAL LIST',
    'bag REPEATED',
    'array_element OPTIONAL INT32',
    'm OPTIONAL MAP',
    'map REPEATED MAP_KEY_VALUE',
    'key REQUIRED BYTE_ARRAY UTF8',
    'value OPTIONAL INT32 DATE',
    'd OPTIONAL FIXED_LEN_BYTE_ARRAY DECIMAL 16',
  ])
})

test('the default options are those of Firehose', () => {
  expect(metadataOf(parquet).version).toBe(1)
  expect(metadataOf({ writerVersion: 'V2' }).version).toBe(2)
})

test('a crawler finds the types of the table again', async () => {
  const types = {
    b: 'boolean',
    t: 'tinyint',
    s: 'smallint',
    i: 'int',
    l: 'bigint',
    f: 'float',
    d: 'double',
    n: 'decimal(38,5)',
    x: 'string',
    y: 'binary',
    at: 'timestamp',
    on: 'date',
    deep: 'array<struct<m:map<string,array<decimal(5,2)>>,s:struct<t:timestamp>>>',
  }
  const { file } = convertAll(types, ['{}'])
  const { columns: found, records } = await parquetFileSchema(file.length, async (length) =>
    file.subarray(file.length - length),
  )
  expect(Object.fromEntries(found.map(({ name, type }) => [name, typeText(type)]))).toEqual(types)
  expect(records).toBe(1)
})
