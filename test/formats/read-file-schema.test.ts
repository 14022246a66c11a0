import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { typeText } from '../../src/formats/inferred-type.ts'
import { readFileSchema } from '../../src/formats/read-file-schema.ts'
import { SAMPLE_BYTES_MAX, SAMPLE_BYTES_STEP } from '../../src/formats/text.ts'
import { file, lines, snappyFraming, snappyHadoop } from './compression/streams.ts'
import { sourceOf } from './sources.ts'

const parquet = readFileSync(join(import.meta.dirname, 'parquet/files/snappy.parquet'))
const record = '{"a":1,"b":"x"}\n'

async function read(name: string, bytes: Uint8Array | string) {
  const source = sourceOf(name, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
  return { reading: await readFileSchema(source), source }
}

test.each<[string, string, Uint8Array | string, string]>([
  ['JSON lines', 'x', record, 'json none'],
  ['JSON lines in gzip, by name and signature', 'x.gz', gzipSync(record), 'json gzip'],
  ['gzip without the name', 'x', gzipSync(record), 'json gzip'],
  ['CSV', 'x.csv', 'a,b\nx,1\n', 'csv none'],
  ['CSV in gzip', 'x.csv.gz', gzipSync('a,b\nx,1\n'), 'csv gzip'],
  ['a byte order mark before JSON', 'x', `\uFEFF${record}`, 'json none'],
  ['a byte order mark before CSV', 'x', '\uFEFFa,b\nx,1\n', 'csv none'],
  ['JSON in bzip2', 'x', file('lines.bz2'), 'json bzip2'],
  ['JSON in zstd', 'x', file('lines.zst'), 'json zstd'],
  ['JSON in LZ4', 'x', file('lines.lz4'), 'json lz4'],
  ['JSON in ZIP', 'x', file('lines.zip'), 'json zip'],
  ['JSON in Snappy, by signature', 'x', snappyFraming(lines), 'json snappy'],
  ['JSON in Snappy, by name', 'x.snappy', snappyHadoop(lines), 'json snappy'],
  ['CSV whose header begins like the signature of ORC', 'x', 'ORCID,n\nx,1\n', 'csv none'],
  ['CSV whose header begins like the signature of Parquet', 'x', 'PAR1,n\nx,1\n', 'csv none'],
  ['Parquet, whose pages are compressed inside', 'x.snappy.parquet', parquet, 'parquet none'],
])('%s', async (_name, key, bytes, expected) => {
  const { reading } = await read(key, bytes)
  expect(reading.kind === 'schema' && `${reading.schema.classification} ${reading.schema.compression}`).toBe(expected)
})

test.each<[string, string, Uint8Array | string, RegExp]>([
  ['a wrong name', 'x.gz', record, /gzip data is corrupt/],
  ['gzip that is damaged', 'x.gz', damaged(gzipSync(record.repeat(1000))), /gzip data is corrupt/],
  ['xz', 'x.xz', record, /compressed with xz/],
  ['text called bzip2', 'x.bz2', record, /bzip2 data is corrupt/],
  ['text called zip', 'x.zip', record, /zip archive is cut short/],
  ['text called zstd', 'x.json.zst', record, /zstd data is corrupt/],
  ['text called Snappy', 'x.snappy', record, /snappy data is corrupt/],
  ['text called LZ4', 'x.lz4', record, /lz4 data is corrupt/],
  ['a broken Avro header', 'x', 'Obj\u0001rest', /Avro header is corrupt/],
  ['BSON', 'x', Buffer.from([22, 0, 0, 0, 2, 0x61, 0, 2, 0, 0, 0, 0x62, 0, 0]), /bson/],
  ['binary Ion', 'x', Buffer.from([0xe0, 1, 0, 0xea, 0x21, 1]), /ion/],
  ['text Ion', 'x', '$ion_1_0 {a:1}', /ion/],
  ['gzip within gzip', 'x.gz', gzipSync(gzipSync(record)), /gzip within gzip/],
  ['ORC', 'x', 'ORC\u0008\u0003', /orc/],
  ['Parquet in gzip', 'x.gz', gzipSync(parquet), /parquet within gzip/],
  ['Parquet cut short', 'x', parquet.subarray(0, 500), /cut short/],
  ['XML that ends in the middle', 'x', '<?xml version="1.0"?><a><b>', /xml: it is not well-formed XML/],
  ['HTML', 'x', '<!doctype html>', /markup/],
  ['bytes that are no text', 'x', Buffer.from([0, 1, 2, 3]), /neither text/],
  ['Latin-1 text', 'x', Buffer.from('a,b\ncaf\u00e9,1\n', 'latin1'), /neither text/],
  ['blank lines', 'x', '\n\n  \n', /empty/],
  ['prose', 'x', 'hello world\n', /csv: it is not delimited text/],
  ['broken JSON, which is not taken for CSV', 'x', '{"a":1,"b":\n{"a":1,"b":\n', /begins like JSON/],
])('%s is left unknown, with the reason', async (_name, key, bytes, reason) => {
  expect((await read(key, bytes)).reading).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(reason) })
})

test('of a large file the first MB is read, not more than a piece beyond', async () => {
  const { reading, source } = await read('x', record.repeat(500_000))
  expect(source.bytesRead).toBeLessThan(SAMPLE_BYTES_STEP * 1.2)
  expect(reading.kind === 'schema' && reading.schema.records).toBe(Math.floor(SAMPLE_BYTES_STEP / record.length))
})

test('of a large gzip file only the beginning is unpacked', async () => {
  const lines = Array.from(
    { length: 400_000 },
    (_, index) => `{"id":${index},"hash":"${(index * 2654435761).toString(36)}"}\n`,
  )
  const { reading, source } = await read('x.gz', gzipSync(lines.join('')))
  expect(source.bytesRead).toBeLessThan(source.size / 2)
  expect(reading.kind === 'schema' && reading.schema.records).toBeGreaterThan(10_000)
})

test('a record longer than a MB is read to its end; one longer than ten is refused', async () => {
  const long = (bytes: number) => `{"a":"${'x'.repeat(bytes)}"}\n`
  expect((await read('x', long(SAMPLE_BYTES_STEP * 3))).reading).toMatchObject({ schema: { records: 1 } })
  expect((await read('x', long(SAMPLE_BYTES_MAX))).reading).toMatchObject({
    reason: expect.stringMatching(/no document ends within/),
  })
})

test('records and the bytes they take as stored are counted together', async () => {
  const plain = record.repeat(100)
  expect((await read('x', plain)).reading).toMatchObject({ schema: { records: 100, storedBytes: plain.length - 1 } })
  const packed = gzipSync(plain)
  const { reading } = await read('x.gz', packed)
  const storedBytes = reading.kind === 'schema' ? reading.schema.storedBytes : 0
  expect(Math.abs(storedBytes - packed.length)).toBeLessThanOrEqual(1)
})

test('gzip that stops in the middle gives what could be unpacked', async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `{"id":${index}}\n`)
  const packed = gzipSync(lines.join(''))
  const { reading } = await read('x.gz', packed.subarray(0, packed.length / 2))
  expect(reading.kind === 'schema' && reading.schema.columns.map(({ name, type }) => [name, typeText(type)])).toEqual([
    ['id', 'int'],
  ])
})

test('several gzip members one after the other are one text', async () => {
  const { reading } = await read('x.gz', Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}\n')]))
  expect(reading.kind === 'schema' && reading.schema.columns.map(({ name }) => name)).toEqual(['a', 'b'])
})

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy.fill(0x55, 20, 40)
  return copy
}
