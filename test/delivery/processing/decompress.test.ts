import { randomBytes } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decompressor } from '../../../src/delivery/processing/decompress.ts'
import { clock, failure, processed, recordOf, sources, texts } from './support.ts'

const OUTPUT = 'decompression-failed'

test('what was compressed comes out, in order, as many records as there were', async () => {
  const plain = Array.from({ length: 11 }, (_, index) => `record ${index} `.repeat(index ** 4))
  expect(texts(await processed(decompressor(clock), ...plain.map((text) => gzipSync(text))))).toEqual(plain)
})

test('bytes of any kind come out as they went in, from members one after the other', async () => {
  const bytes = randomBytes(300_000)
  const members = Buffer.concat([gzipSync(bytes.subarray(0, 100_000)), gzipSync(bytes.subarray(100_000))])
  const { records } = await processed(decompressor(clock), members)
  expect(bytes.equals(records[0]?.data as Uint8Array)).toBe(true)
})

test('the source stays compressed: that is what error output gets when a later step fails', async () => {
  const compressed = gzipSync('{"a":1}')
  const { records } = await processed(decompressor(clock), compressed)
  expect(records.map(({ source }) => source.data)).toEqual([compressed])
})

const compressed = gzipSync('some text that is long enough to be cut')
const wrongSum = Buffer.from(compressed)
wrongSum[wrongSum.byteLength - 5] = ~(wrongSum[wrongSum.byteLength - 5] as number)

test.each([
  { title: 'plain text', record: Buffer.from('{"a":1}'), why: 'incorrect header check' },
  { title: 'zlib instead of GZIP', record: deflateSync('{"a":1}'), why: 'incorrect header check' },
  { title: 'a beginning', record: compressed.subarray(0, -12), why: 'unexpected end of file' },
  { title: 'a wrong checksum', record: wrongSum, why: 'incorrect data check' },
  { title: 'nothing', record: Buffer.alloc(0), why: 'unexpected end of file' },
])('$title goes to decompression-failed as it came; the others go on', async ({ record, why }) => {
  const outcome = await processed(decompressor(clock), gzipSync('one'), record, gzipSync('two'))
  expect(texts(outcome)).toEqual(['one', 'two'])
  const message = `The record is not GZIP: ${why}.`
  expect(outcome.failed).toEqual([failure(record, OUTPUT, 'Decompression.MalformedData', message)])
})

const bounds = { recordBytesMax: 1_000, callBytesMax: 3_500 }
const zeros = (length: number) => gzipSync(Buffer.alloc(length))
const lengths = (records: readonly { data: Uint8Array }[]) => records.map(({ data }) => data.byteLength)

test('a record may become as large as the bound says; a byte more and it is a bomb', async () => {
  const { records, failed } = await processed(decompressor(clock, bounds), zeros(1_000), zeros(1_001))
  expect(lengths(records)).toEqual([1_000])
  const message = 'Decompressed the record is larger than 1000 bytes.'
  expect(failed).toEqual([failure(zeros(1_001), OUTPUT, 'Decompression.OutputTooLarge', message)])
})

test('many large records together have a bound, too', async () => {
  const records = [1_000, 1_000, 1_000, 400, 101, 100, 50, 50, 1].map(zeros)
  const outcome = await processed(decompressor(clock, bounds), ...records)
  expect(lengths(outcome.records)).toEqual([1_000, 1_000, 1_000, 400, 100, 50, 50])
  expect(outcome.failed.map(({ entry }) => entry['errorMessage'])).toEqual([
    'Decompressed the record is larger than 100 bytes.',
    'Decompressed the record is larger than 0 bytes.',
  ])
})

test('a size at the end that is a lie changes nothing', async () => {
  const lie = (size: number) => {
    const member = gzipSync('x'.repeat(50_000))
    return Buffer.concat([member, gzipSync('y'.repeat(size))])
  }
  expect(texts(await processed(decompressor(clock), lie(0), lie(1)))).toEqual(
    ['', 'y'].map((end) => 'x'.repeat(50_000) + end),
  )
})

test('small records do not keep the memory alive that they were decompressed in', async () => {
  const { records } = await processed(
    decompressor(clock),
    ...Array.from({ length: 200 }, () => gzipSync('x'.repeat(50))),
  )
  const kept = new Set(records.map(({ data }) => data.buffer))
  const keptBytes = [...kept].reduce((sum, { byteLength }) => sum + byteLength, 0)
  // Two buffers of Node's own pool, of 8 KiB, have room for all.
  expect(keptBytes).toBeLessThan(40_000)
})

test('nothing more is decompressed when the stream is being closed', async () => {
  const reason = new Error('The stream is being closed.')
  const working = decompressor(clock).process([recordOf(gzipSync('x'))], AbortSignal.abort(reason))
  await expect(working).rejects.toBe(reason)
})

test('an empty member is an empty record', async () => {
  const outcome = await processed(decompressor(clock), gzipSync(''))
  expect(texts(outcome)).toEqual([''])
  expect(sources(outcome)).toHaveLength(1)
})
