import { afterAll, beforeEach, expect, test } from 'vitest'
import { Conversions, type Converted } from '../../../src/delivery/conversion/conversions.ts'
import type { Conversion } from '../../../src/delivery/destination.ts'
import type { SourceRecord } from '../../../src/delivery/processing/record.ts'
import { MemoryCatalog } from '../../support/memory-catalog.ts'
import { openX, parquet, readRows } from './conversion-world.ts'

const AT = Date.UTC(2026, 6, 13, 14, 15, 16)

const conversion: Conversion = {
  schema: {
    roleArn: undefined,
    catalogId: undefined,
    database: 'lake',
    table: 'events',
    region: undefined,
    version: 'LATEST',
  },
  deserializer: openX,
  serializer: parquet,
}

const at = (version: string): Conversion => ({ ...conversion, schema: { ...conversion.schema, version } })

let catalog: MemoryCatalog

/** One for all tests, because its threads take a while to start; the catalog is that of the test. */
const parts = {
  catalog: {
    findTable: (database: string, name: string) => catalog.findTable(database, name),
    tableVersions: (database: string, name: string) => catalog.tableVersions(database, name),
  },
  accountId: '000000000000',
  region: 'eu-west-1',
}
const conversions = new Conversions(parts)

beforeEach(async () => {
  catalog = new MemoryCatalog()
  await catalog.createDatabase({ name: 'lake', parameters: {} })
  await catalog.createTable('lake', table({ a: 'int' }), 'test')
})

afterAll(() => conversions.close())

function table(columns: Readonly<Record<string, string>>) {
  return {
    name: 'events',
    retention: 0,
    partitionKeys: [{ name: 'day', type: 'string' }],
    parameters: {},
    storage: {
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      compressed: false,
      numberOfBuckets: -1,
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
    },
  }
}

const changeTable = (columns: Readonly<Record<string, string>>) =>
  catalog.updateTable('lake', 'events', () => table(columns))

const records = (...texts: string[]): SourceRecord[] =>
  texts.map((text, index) => ({ data: Buffer.from(text), arrivalMs: AT + index }))

async function* inBatches(...batches: (readonly SourceRecord[])[]) {
  yield* batches
}

async function bytesOf({ body }: Converted): Promise<Buffer> {
  if (body === undefined) throw new Error('there is no body')
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const rowsOf = async (converted: Converted) => readRows(await bytesOf(converted))

test('good records become rows of the object, bad ones lines of the error object', async () => {
  const batch = inBatches(records('{"a":1}', '{"a":"x"}'), [], records('nonsense', '{"a":2}{"a":3}'))
  const converted = await conversions.convert(batch, conversion, { attemptMs: AT + 60_000 })

  expect(await rowsOf(converted)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
  expect(converted.bodyBytes).toBe((await bytesOf(converted)).length)
  expect(converted.figures).toEqual({ succeededRecords: 2, succeededBytes: 21, failedRecords: 2, failedBytes: 17 })
  expect(converted.failed.count).toBe(2)
  expect(JSON.stringify([...converted.failed][0]?.entry)).toBe(
    '{"attemptsMade":1,"arrivalTimestamp":1783952116001,"lastErrorCode":"DataFormatConversion.MalformedData",' +
      '"lastErrorMessage":"Data does not match the schema. For input string: \\"x\\"",' +
      '"attemptEndingTimestamp":1783952176000,"rawData":"eyJhIjoieCJ9","sequenceNumber":null,"subSequenceNumber":null,' +
      '"dataCatalogTable":{"catalogId":"000000000000","databaseName":"lake","tableName":"events","region":"eu-west-1",' +
      '"versionId":"LATEST","catalogArn":null}}',
  )
  expect([...converted.failed].map(({ outputType, entry }) => [outputType, entry['lastErrorCode']])).toEqual([
    ['format-conversion-failed', 'DataFormatConversion.MalformedData'],
    ['format-conversion-failed', 'DataFormatConversion.ParseError'],
  ])
})

test('partition columns are in the key, not in the rows', async () => {
  const converted = await conversions.convert(inBatches(records('{"a":1,"day":"x"}')), conversion, { attemptMs: AT })
  expect(await rowsOf(converted)).toEqual([{ a: 1 }])
})

test('without one good record there is no object', async () => {
  const converted = await conversions.convert(inBatches(records('x')), conversion, { attemptMs: AT })
  expect(converted.body).toBeUndefined()
  expect(converted.figures).toEqual({ succeededRecords: 0, succeededBytes: 0, failedRecords: 1, failedBytes: 1 })
})

test('LATEST is what the table is now; a number is what it was, and gives the same bytes again', async () => {
  const convert = (with_: Conversion) =>
    conversions.convert(inBatches(records('{"a":"1","b":2}')), with_, { attemptMs: AT })
  const first = await convert(conversion)
  await changeTable({ a: 'string', b: 'bigint' })
  const second = await convert(conversion)
  const again = await convert(at(first.schemaVersion ?? ''))

  expect([first.schemaVersion, second.schemaVersion, again.schemaVersion]).toEqual(['0', '1', '0'])
  expect(await rowsOf(second)).toEqual([{ a: '1', b: 2n }])
  expect((await bytesOf(again)).equals(await bytesOf(first))).toBe(true)
})

interface Unusable {
  readonly claim: string
  readonly prepare: () => Promise<unknown>
  readonly with?: Conversion
  readonly code: string
  readonly message: string
}

const elsewhere = (change: Partial<Conversion['schema']>): Conversion => ({
  ...conversion,
  schema: { ...conversion.schema, ...change },
})

const UNUSABLE: readonly Unusable[] = [
  {
    claim: 'a table that is not there',
    prepare: async () => undefined,
    with: elsewhere({ table: 'other' }),
    code: 'EntityNotFound',
    message: 'Table other of database lake not found.',
  },
  {
    claim: 'a database that is not there',
    prepare: async () => undefined,
    with: elsewhere({ database: 'sea' }),
    code: 'EntityNotFound',
    message: 'Table events of database sea not found.',
  },
  {
    claim: 'a version that is not there',
    prepare: async () => undefined,
    with: at('7'),
    code: 'EntityNotFound',
    message: 'Version 7 of table events of database lake not found.',
  },
  {
    claim: 'a table without columns',
    prepare: () => changeTable({}),
    code: 'InvalidSchema',
    message: 'The schema is invalid. The specified table has no columns.',
  },
  {
    claim: 'a type that nobody can read',
    prepare: () => changeTable({ a: 'uniontype<int,string>' }),
    code: 'InvalidSchema',
    message:
      'The schema is invalid. Error parsing the schema: column a has the type uniontype<int,string>, which cannot be read.',
  },
  {
    claim: 'a map by lists',
    prepare: () => changeTable({ a: 'struct<m:map<array<int>,int>>' }),
    code: 'InvalidSchema',
    message: 'The schema is invalid. A map in column a.m has keys that are no single texts or numbers.',
  },
  {
    claim: 'a column that is there twice',
    prepare: () => changeTable({ a: 'int', A: 'int' }),
    code: 'InvalidSchema',
    message: 'The schema is invalid. Column a is there twice.',
  },
  {
    claim: 'a field that is there twice',
    prepare: () => changeTable({ a: 'struct<x:int,X:int>' }),
    code: 'InvalidSchema',
    message: 'The schema is invalid. Field x of a is there twice.',
  },
]

test.each(UNUSABLE)('by $claim every record fails', async ({ prepare, with: with_ = conversion, code, message }) => {
  await prepare()
  const converted = await conversions.convert(inBatches(records('{"a":1}', '{}')), with_, { attemptMs: AT })

  expect(converted.body).toBeUndefined()
  expect(converted.schemaVersion).toBeUndefined()
  expect(converted.figures).toEqual({ succeededRecords: 0, succeededBytes: 0, failedRecords: 2, failedBytes: 9 })
  expect([...converted.failed].map(({ entry }) => [entry['lastErrorCode'], entry['lastErrorMessage']])).toEqual([
    [`DataFormatConversion.${code}`, message],
    [`DataFormatConversion.${code}`, message],
  ])
})

test('five batches at once on two threads do not get into each other', async () => {
  const batches = Array.from({ length: 5 }, (_, batch) =>
    Array.from({ length: 50 }, (_, index) => (index % 10 === 9 ? `bad ${batch}` : `{"a":${batch * 100 + index}}`)),
  )
  const converted = await Promise.all(
    batches.map((texts) => conversions.convert(inBatches(records(...texts)), conversion, { attemptMs: AT })),
  )
  for (const [batch, outcome] of converted.entries()) {
    const rows = await rowsOf(outcome)
    expect(rows.map(({ a }) => Math.floor(Number(a) / 100))).toEqual(Array<number>(45).fill(batch))
    expect(outcome.failed.count).toBe(5)
  }
})

test('records of more than one piece keep their order, and their raw data', async () => {
  const large = Array.from({ length: 40 }, (_, index) => `{"a":${index},"x":"${'y'.repeat(100_000)}"}`)
  large[17] = `bad ${'z'.repeat(100_000)}`
  const converted = await conversions.convert(inBatches(records(...large)), conversion, { attemptMs: AT })

  const rows = await rowsOf(converted)
  expect(rows.map(({ a }) => a)).toEqual(
    Array.from({ length: 40 }, (_, index) => index).filter((index) => index !== 17),
  )
  const [failed] = converted.failed
  expect(failed?.entry['arrivalTimestamp']).toBe(AT + 17)
  expect(Buffer.from(String(failed?.entry['rawData']), 'base64').toString()).toBe(large[17])
})

test('a batch that cannot be read fails its conversion, and the thread serves the next', async () => {
  async function* broken() {
    yield records('{"a":1}')
    throw new Error('The journal cannot be read.')
  }
  const failing = conversions.convert(broken(), conversion, { attemptMs: AT })
  await expect(failing).rejects.toThrow('The journal cannot be read.')
  const next = await conversions.convert(inBatches(records('{"a":2}')), conversion, { attemptMs: AT })
  expect(await rowsOf(next)).toEqual([{ a: 2 }])
})

test('a conversion that breaks rejects, and the thread serves the next', async () => {
  const broken: Conversion = { ...conversion, serializer: { ...parquet, compression: 'LZO' as never } }
  const breaking = conversions.convert(inBatches(records('{"a":1}')), broken, { attemptMs: AT })
  await expect(breaking).rejects.toThrow('A conversion broke: TypeError')
  const next = await conversions.convert(inBatches(records('{"a":2}')), conversion, { attemptMs: AT })
  expect(await rowsOf(next)).toEqual([{ a: 2 }])
})

test('a conversion that is called off rejects, waiting or at work', async () => {
  const reason = new Error('The stream is deleted.')
  const controller = new AbortController()
  async function* endless() {
    for (;;) yield records('{"a":1}')
  }
  const options = { attemptMs: AT, signal: controller.signal }
  const all = [1, 2, 3].map(() => conversions.convert(endless(), conversion, options))
  const outcomes = Promise.allSettled(all)
  controller.abort(reason)
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
    reason,
    reason,
    reason,
  ])
})

test('closing ends conversions that are at work', async () => {
  async function* endless() {
    for (;;) yield records('{"a":1}')
  }
  const closing = new Conversions(parts)
  const all = [1, 2, 3].map(() => closing.convert(endless(), conversion, { attemptMs: AT }))
  const outcomes = Promise.allSettled(all)
  await new Promise((resolve) => setImmediate(resolve))
  await closing.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
