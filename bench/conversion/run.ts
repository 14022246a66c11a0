/**
 * Record format conversion alone, in this process and on one core: processor time of JSON records that become a Parquet
 * file, for flat web events of the simulator and for nested ones, by codec. No server, so a busy machine disturbs it least.
 */

import { RecordConverter } from '../../src/delivery/conversion/record-converter.ts'
import { conversionColumn } from '../../src/delivery/conversion/schema.ts'
import type { Conversion } from '../../src/delivery/destination.ts'
import { type InferredField, mergeFields, typeText } from '../../src/formats/inferred-type.ts'
import { scanJson } from '../../src/formats/json/scan.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { simulatedRecords } from '../support/records.ts'
import { type Row, row } from '../support/report.ts'

const RECORDS = 50_000
const ROUNDS = 4

const openX: Conversion['deserializer'] = {
  kind: 'openx',
  isCaseInsensitive: true,
  convertsDots: false,
  keyOfColumn: {},
}

const serializer = (compression: Conversion['serializer']['compression']): Conversion['serializer'] => ({
  kind: 'parquet',
  compression,
  blockBytes: 256 * 1024 * 1024,
  pageBytes: 1024 * 1024,
  usesDictionary: false,
  paddingBytesMax: 0,
  writerVersion: 'V1',
})

type Columns = readonly (readonly [name: string, type: string])[]

export async function run(): Promise<Row[]> {
  const flat = simulatedRecords(RECORDS)
  const nested = nestedRecords(RECORDS)
  return (['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const).flatMap((compression) => [
    measured(`flat events, ${compression}`, flat, columnsOf(flat), compression),
    measured(`nested events, ${compression}`, nested, NESTED, compression),
  ])
}

/** Best of a few rounds: the first ones pay for compilation. */
function measured(
  what: string,
  records: readonly Buffer[],
  columns: Columns,
  compression: Conversion['serializer']['compression'],
): Row {
  const bytes = records.reduce((sum, { length }) => sum + length, 0)
  let best = 0
  let fileBytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    const converter = new RecordConverter(
      columns.map(([name, type]) => conversionColumn(name, type)),
      { deserializer: openX, serializer: serializer(compression) },
    )
    for (const record of records) {
      const failure = converter.add(record)
      if (failure !== undefined) throw new Error(`a record of the benchmark is bad: ${failure.message}`)
    }
    converter.finish()
    fileBytes = converter.takeBytes().reduce((sum, { length }) => sum + length, 0)
    const { user, system } = process.cpuUsage(before)
    best = Math.max(best, bytes / (user + system))
  }
  const size = `${Math.round(bytes / records.length)} bytes a record, file ${((fileBytes / bytes) * 100).toFixed(0)} % of them`
  return row(what, best, 'MB per second of processor time', size)
}

/** As a crawler would have them. */
function columnsOf(records: readonly Buffer[]): Columns {
  let fields: readonly InferredField[] = []
  for (const document of scanJson(Buffer.concat(records.slice(0, 1000)), true).documents) {
    if ('members' in document) fields = mergeFields(fields, document.members)
  }
  return fields.map(({ name, type }) => [name, typeText(type)])
}

const NESTED: Columns = [
  ['id', 'string'],
  ['ts', 'timestamp'],
  ['user', 'struct<id:bigint,name:string,tags:array<string>,geo:struct<lat:double,lon:double>>'],
  ['items', 'array<struct<sku:string,qty:int,price:decimal(10,2),attributes:map<string,string>>>'],
  ['note', 'string'],
]

function nestedRecords(count: number): Buffer[] {
  const random = seededRandom(7)
  const below = (limit: number) => Math.floor(random.unit() * limit)
  const word = (length: number) => Array.from({ length }, () => below(36).toString(36)).join('')
  return Array.from({ length: count }, (_, index) => {
    const items = Array.from({ length: below(6) }, () => ({
      sku: word(10),
      qty: below(9),
      price: below(10_000) / 100,
      attributes: { colour: 'red', size: 'L' },
    }))
    const geo = { lat: random.unit() * 90, lon: random.unit() * 180 }
    const user = { id: below(1e6), name: `user ${word(6)}`, tags: ['a', word(3)], geo }
    const ts = new Date(1.78e12 + index * 137).toISOString()
    return Buffer.from(`${JSON.stringify({ id: word(32), ts, user, items, note: word(200) })}\n`)
  })
}
