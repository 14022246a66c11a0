/**
 * The catalog with a million partitions on one table: 1,000 devices × 1,000 days, 20 columns each, and an index on the
 * day. What Glue's GetPartitions does of it (the answer on the wire is not in the figures): up to a page of 1,000.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { EmbeddedCatalog } from '../../src/catalog/embedded/embedded-catalog.ts'
import { parsePartitionExpression } from '../../src/catalog/partition-expression/index.ts'
import { bestIndex } from '../../src/catalog/partition-indexes.ts'
import type { PartitionInput, Storage, TableInput } from '../../src/catalog/types.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { type Row, row } from '../support/report.ts'

const DEVICES = 1_000
const DAYS = 1_000
const BATCH = 10_000
const PAGE = 1_000
const ROUNDS = 20

const columns = Array.from({ length: 20 }, (_, index) => ({ name: `column_${index}`, type: 'string' }))
const storage: Storage = {
  columns,
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  compressed: false,
  numberOfBuckets: -1,
  serde: { library: 'org.openx.data.jsonserde.JsonSerDe', parameters: {} },
  bucketColumns: [],
  sortColumns: [],
  parameters: {},
  storedAsSubDirectories: false,
}
const table: TableInput = {
  name: 'events',
  retention: 0,
  parameters: {},
  storage,
  partitionKeys: [
    { name: 'device', type: 'string' },
    { name: 'day', type: 'string' },
    { name: 'hour', type: 'int' },
  ],
}

const EXPRESSIONS = [
  ['leading key, one value', "device = 'd0500'"],
  ['leading key, 20 values, and one day', `device IN (${list(20, device)}) AND day = '${day(500)}'`],
  ['leading key, a range', "device >= 'd0990'"],
  ['all keys', `device = 'd0500' AND day = '${day(500)}' AND hour = 4`],
  ['indexed key, one value', `day = '${day(500)}'`],
  ['indexed key, a range', `day BETWEEN '${day(998)}' AND '${day(999)}'`],
  ['behind the leading key, no index', 'hour = 23'],
  ['the same, of which there is none: all are looked at', 'hour = 99'],
] as const

export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lakelet-bench-catalog-'))
  const path = join(folder, 'lake.db')
  const database = new MetadataDatabase(path)
  try {
    const catalog = new EmbeddedCatalog({ database, clock: systemClock })
    await catalog.createDatabase({ name: 'lake', parameters: {} })
    await catalog.createTable('lake', table, 'me', [{ name: 'by-day', keys: ['day'] }])
    const batches: number[] = []
    for (let from = 0; from < DEVICES * DAYS; from += BATCH) {
      const inputs = Array.from({ length: BATCH }, (_, index) => partition(from + index))
      batches.push(await timed(() => catalog.createPartitions('lake', 'events', inputs)))
    }
    const rows = [
      row('10,000 partitions made, table empty', batches[0] ?? 0, 'ms', 'one call, one index'),
      row('the same at a million', batches.at(-1) ?? 0, 'ms', `median of all ${median(batches).toFixed(0)}`),
      row('database, a partition', statSync(path).size / (DEVICES * DAYS), 'bytes', 'with its entry in the index'),
    ]
    for (const [what, text] of EXPRESSIONS) rows.push(await filtered(catalog, what, text))
    const byHour = { name: 'by-hour', keys: ['hour'] }
    rows.push(await whole('index made', () => catalog.createPartitionIndex('lake', 'events', byHour)))
    rows.push(await whole('index deleted', () => catalog.deletePartitionIndex('lake', 'events', 'by-hour')))
    rows.push(await whole('table deleted', () => catalog.deleteTable('lake', 'events')))
    rows.push(row('resident', process.memoryUsage().rss / 2 ** 20, 'MiB', 'of this process'))
    return rows
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

async function filtered(catalog: EmbeddedCatalog, what: string, text: string): Promise<Row> {
  const times: number[] = []
  let [found, by] = [0, '']
  for (let round = 0; round < ROUNDS; round++) {
    found = 0
    times.push(
      await timed(async () => {
        const filter = parsePartitionExpression(text, table.partitionKeys)
        const index = bestIndex(filter, table.partitionKeys, await catalog.partitionIndexes('lake', 'events'))
        by = index?.name ?? 'order of values'
        const scan = { ...(filter && { filter }), ...(index && { by: index.name }) }
        for await (const _ of catalog.partitions('lake', 'events', scan)) if (++found === PAGE) break
      }),
    )
  }
  return row(what, median(times), 'ms', `${found} found; ${by}; worst ${Math.max(...times).toFixed(1)} ms`)
}

/** Of all million: how long others wait at worst. */
async function whole(what: string, work: () => Promise<void>): Promise<Row> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const ms = await timed(work)
  delay.disable()
  return row(what, ms, 'ms', `others wait ${(delay.max / 1e6).toFixed(0)} ms at most`)
}

function partition(number: number): PartitionInput {
  const values = [device(Math.floor(number / DAYS)), day(number % DAYS), String(number % 24)]
  return {
    values,
    parameters: {},
    storage: {
      ...storage,
      location: `s3://lake/events/device=${values[0]}/day=${values[1]}/hour=${values[2]}/`,
      parameters: { objectCount: '1', recordCount: '1000', sizeKey: '123456' },
    },
  }
}

function device(index: number): string {
  return `d${String(index).padStart(4, '0')}`
}

function day(index: number): string {
  return new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10)
}

function list(length: number, name: (index: number) => string): string {
  return Array.from({ length }, (_, index) => `'${name(index * 50)}'`).join(', ')
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
