import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kplDeaggregator } from '../../../src/delivery/processing/deaggregate-kpl.ts'
import { ARRIVAL_MS, processed, sources, texts } from './support.ts'

interface UserRecord {
  readonly data: Buffer
  readonly partitionKey: number
  readonly hashKey?: number | undefined
  readonly tags?: readonly string[]
}

interface Aggregated {
  readonly partitionKeys: readonly string[]
  readonly hashKeys: readonly string[]
  readonly records: readonly UserRecord[]
}

/** As the library's aggregation-format.md describes it. */
function aggregate({ partitionKeys, hashKeys, records }: Aggregated): Buffer {
  return sealed(
    Buffer.concat([
      ...partitionKeys.map((key) => field(1, Buffer.from(key))),
      ...hashKeys.map((key) => field(2, Buffer.from(key))),
      ...records.map((record) => field(3, userRecord(record))),
    ]),
  )
}

const MAGIC = Buffer.from('f3899ac2', 'hex')
const sealed = (message: Buffer) => Buffer.concat([MAGIC, message, createHash('md5').update(message).digest()])

function userRecord({ data, partitionKey, hashKey, tags = [] }: UserRecord): Buffer {
  return Buffer.concat([
    varint(8),
    varint(partitionKey),
    ...(hashKey === undefined ? [] : [varint(16), varint(hashKey)]),
    field(3, data),
    ...tags.map((tag) => field(4, Buffer.concat([field(1, Buffer.from(tag)), field(2, Buffer.from('value'))]))),
  ])
}

const field = (number: number, bytes: Buffer) =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.byteLength), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
const aggregated: fc.Arbitrary<Aggregated> = fc.record({
  partitionKeys: fc.array(fc.string(), { minLength: 1 }),
  hashKeys: fc.array(fc.nat().map(String)),
  records: fc.array(
    fc.record({
      data: bytes(300),
      partitionKey: fc.nat(),
      hashKey: fc.option(fc.nat(), { nil: undefined }),
      tags: fc.array(fc.string(), { maxLength: 2 }),
    }),
    { minLength: 1 },
  ),
})

test('records that the Kinesis Producer Library put together come apart as they were', async () => {
  await fc.assert(
    fc.asyncProperty(aggregated, async (given) => {
      const { records, failed } = await processed(kplDeaggregator(), aggregate(given))
      expect(records.map(({ data }) => Buffer.from(data))).toEqual(given.records.map(({ data }) => data))
      expect(failed).toEqual([])
    }),
  )
})

test('an aggregate with any byte changed, missing or added passes untouched', async () => {
  const damage = fc.constantFrom('changed', 'missing', 'added')
  await fc.assert(
    fc.asyncProperty(aggregated, fc.nat(), damage, async (given, place, kind) => {
      const whole = aggregate(given)
      const at = place % whole.byteLength
      const byte = whole[at] as number
      const middle = { changed: [byte ^ 0x55], missing: [], added: [byte, 0x55] }[kind]
      const damaged = Buffer.concat([whole.subarray(0, at), Buffer.from(middle), whole.subarray(at + 1)])
      fc.pre(!damaged.equals(whole))
      const { records } = await processed(kplDeaggregator(), damaged)
      expect(records.map(({ data }) => Buffer.from(data))).toEqual([damaged])
    }),
  )
})

test('each user record is from then on a record of its own, in its place among the others', async () => {
  const two = [Buffer.from('b'), Buffer.from('c')].map((data) => ({ data, partitionKey: 0 }))
  const between = aggregate({ partitionKeys: ['key'], hashKeys: [], records: two })
  const outcome = await processed(kplDeaggregator(), 'a', between, 'd')
  expect(texts(outcome)).toEqual(['a', 'b', 'c', 'd'])
  expect(sources(outcome)).toEqual(['a', 'b', 'c', 'd'])
  expect(outcome.records[1]?.source.arrivalMs).toBe(ARRIVAL_MS)
})

const record = userRecord({ data: Buffer.from('data'), partitionKey: 0 })

test.each([
  { title: 'without a checksum', bytes: Buffer.concat([MAGIC, field(3, record)]) },
  { title: 'of the magic number alone', bytes: MAGIC },
  { title: 'that ends within a field', bytes: sealed(field(3, record).subarray(0, -1)) },
  { title: 'whose record has no partition key', bytes: sealed(field(3, field(3, Buffer.from('data')))) },
  { title: 'whose record has no data', bytes: sealed(field(3, Buffer.from([8, 0]))) },
  { title: 'whose record is a number', bytes: sealed(Buffer.from([24, 1])) },
  { title: 'with a group', bytes: sealed(Buffer.from([0x0b, 0x0c])) },
  { title: 'with a field of number 0', bytes: sealed(Buffer.from([2, 0])) },
  { title: 'with a length of 2 ** 60', bytes: sealed(Buffer.concat([Buffer.from([26]), varint(2 ** 60)])) },
  { title: 'with a number that does not end', bytes: sealed(Buffer.from([8, ...Array(12).fill(255)])) },
])('something $title passes untouched', async ({ bytes: given }) => {
  const { records } = await processed(kplDeaggregator(), given)
  expect(records.map(({ data }) => Buffer.from(data))).toEqual([given])
})

test('fields of later versions are passed over', async () => {
  const future = [
    Buffer.from([0x49, 1, 2, 3, 4, 5, 6, 7, 8]),
    Buffer.from([0x55, 1, 2, 3, 4]),
    varint(80),
    varint(2 ** 40),
  ]
  const given = sealed(
    Buffer.concat([...future, field(3, Buffer.concat([...future, record])), field(11, Buffer.from('x'))]),
  )
  expect(texts(await processed(kplDeaggregator(), given))).toEqual(['data'])
})

test('the bound of 500 parts is not for aggregates of the library', async () => {
  const records = Array.from({ length: 2_000 }, (_, index) => ({ data: Buffer.from(`${index}`), partitionKey: 0 }))
  const given = aggregate({ partitionKeys: ['key'], hashKeys: [], records })
  expect(texts(await processed(kplDeaggregator(), given))).toEqual(records.map(({ data }) => data.toString()))
})
