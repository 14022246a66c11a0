/**
 * Random lives of a stream whose records go through processors: partitions, drops, failures, functions that answer
 * differently each time or not at all, a backup; beside faults, updates and crashes. The auditor knows every record that
 * was acknowledged, and finds each once in the backup, and once as data, as an error line or as dropped.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conversions } from '../../src/delivery/conversion/conversions.ts'
import { type BackupDestination, MEBIBYTE, type S3Destination } from '../../src/delivery/destination.ts'
import type { FailedRecord, Outcome, Processor, StreamRecord } from '../../src/delivery/processing/record.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { type Random, seededRandom } from '../../src/platform/random.ts'
import { settle } from '../support/fake-clock.ts'
import type { DiskFault } from '../support/simulated-disk.ts'
import { DeliveryWorld, destinationWith, STREAM } from './delivery-world.ts'

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 60)

const BACKUP: BackupDestination = {
  ...destinationWith({ bucket: 'backup', buffering: { bytesMax: 2_000, intervalMs: 20_000 } }),
}
/** Only the presence of a step counts here: the processors are the simulation's. */
const PROCESSED: Partial<S3Destination> = {
  prefix: 'shard=!{partitionKeyFromLambda:shard}/',
  errorOutputPrefix: 'failed/!{firehose:error-output-type}/',
  buffering: { bytesMax: 64 * MEBIBYTE, intervalMs: 60_000 },
  processing: [{ kind: 'lambda', functionArn: 'arn', bufferBytes: 600, bufferIntervalMs: 2_000, retries: 3 }],
  partitioning: { retryMs: 0 },
  conversion: {
    schema: {
      roleArn: undefined,
      catalogId: undefined,
      database: 'lake',
      table: 'events',
      region: undefined,
      version: 'LATEST',
    },
    deserializer: { kind: 'openx', isCaseInsensitive: true, convertsDots: false, keyOfColumn: {} },
    serializer: {
      kind: 'parquet',
      compression: 'SNAPPY',
      blockBytes: 256 * MEBIBYTE,
      pageBytes: MEBIBYTE,
      usesDictionary: false,
      paddingBytesMax: 0,
      writerVersion: 'V1',
    },
  },
  backup: BACKUP,
}

const FUNCTION_MS_MAX = 300_000

type Action =
  | { readonly kind: 'put'; readonly sizes: readonly number[] }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The wall clock is set. */
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'settle' | 'restart' | 'loseBackup' | 'restoreBackup' | 'plain' | 'processed' | 'hold' }
  | { readonly kind: 'crash' | 'kill'; readonly turns: number }
  | { readonly kind: 'diskFault'; readonly fault: DiskFault }
  | { readonly kind: 'failPuts'; readonly count: number; readonly after: number }

/** Seconds, an hour, a year: summer times, time servers, and boards that start in 1970. */
const JUMPS_MS = [-31_536_000_000, -3_600_000, -2_000, 2_000, 3_600_000, 31_536_000_000]

const anAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      sizes: fc.array(fc.nat(300), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(70_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const), ms: fc.constantFrom(...JUMPS_MS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash' as const, 'kill' as const),
      turns: fc.integer({ min: 0, max: 600 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'settle' as const,
        'settle' as const,
        'restart' as const,
        'loseBackup' as const,
        'restoreBackup' as const,
        'plain' as const,
        'processed' as const,
        'hold' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('diskFault' as const),
      fault: fc.constantFrom('fullDisk' as const, 'failedSync' as const, 'failedWrite' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('failPuts' as const),
      count: fc.integer({ min: 1, max: 3 }),
      after: fc.nat(4),
    }),
  },
)

test('what becomes of an acknowledged record is in S3 once, whatever the processors say and whenever it crashes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(anAction, { minLength: 1, maxLength: 60, size: 'max' }),
      async (seed, actions) => {
        await live(seed, actions)
      },
    ),
    { numRuns: RUNS },
  )
}, 600_000)

async function live(seed: number, actions: readonly Action[]): Promise<void> {
  const random = seededRandom(seed)
  const makeProcessor = () => whimsical(random, () => world.clock)
  const world: DeliveryWorld = await DeliveryWorld.open({
    seed,
    segmentBytesMax: 2_000,
    makeProcessor,
    conversions: fickle(random),
  })
  world.objects.buckets.add('backup')
  await world.createStream(PROCESSED)
  const audit = new Audit()
  for (const action of actions) await act(world, audit, action)

  world.disk.faults = []
  world.objects.failingPuts = 0
  world.objects.restore('backup')
  await world.restart()
  await world.drain()
  await world.streams.close()
  audit.check(world)
}

async function act(world: DeliveryWorld, audit: Audit, action: Action): Promise<void> {
  switch (action.kind) {
    case 'put':
      return audit.put(world, action.sizes)
    case 'wait':
      return world.clock.advance(action.ms)
    case 'jump':
      world.clock.jumpBy(action.ms)
      return
    case 'settle':
      return settle()
    case 'crash':
    case 'kill':
      for (let turn = 0; turn < action.turns; turn++) await undefined
      world[action.kind]()
      return world.reopen()
    case 'restart':
      return world.restart()
    case 'diskFault':
      world.disk.faults.push(action.fault)
      return
    case 'failPuts':
      world.objects.failingPuts = action.count
      world.objects.puttingBefore = action.after
      return
    case 'loseBackup':
      world.objects.lose('backup')
      return
    case 'restoreBackup':
      world.objects.restore('backup')
      return
    case 'hold': {
      const held = await world.streams.hold()
      await world.clock.advance(3_000)
      return held.letGo()
    }
    case 'plain':
    case 'processed': {
      const { version, destination } = world.streams.streamNamed(STREAM)
      const { processing, partitioning, conversion, prefix, ...rest } = destination
      const next = action.kind === 'plain' ? { ...rest, prefix: undefined } : { ...destination, ...PROCESSED }
      await world.streams.updateDestination(STREAM, String(version), () => next)
    }
  }
}

/** A function that makes up its mind anew at each attempt, takes its time, and sometimes gives no answer. */
function whimsical(random: Random, clock: () => Clock): Processor {
  const chance = (share: number) => random.unit() < share
  return {
    async process(records, signal): Promise<Outcome> {
      for (let turn = 0; turn < random.unit() * 30; turn++) await undefined
      if (chance(0.1)) throw new Error('The function cannot be reached (simulated).')
      if (chance(0.05)) {
        await clock().sleep(FUNCTION_MS_MAX, signal)
        throw new Error('The function timed out (simulated).')
      }
      const outcome = { records: [] as StreamRecord[], failed: [] as Outcome['failed'][number][] }
      for (const record of records) {
        const text = Buffer.from(record.data).toString()
        if (chance(0.1)) {
          const { arrivalMs, data } = record.source
          outcome.failed.push({
            outputType: 'processing-failed',
            entry: { arrivalTimestamp: arrivalMs, rawData: Buffer.from(data).toString('base64') },
          })
        } else {
          const fromLambda = { shard: String(Math.floor(random.unit() * 3)) }
          outcome.records.push({ ...record, data: Buffer.from(`>${text}`), partitionKeys: { fromLambda } })
        }
      }
      return outcome
    },
    close: async () => undefined,
  }
}

/** A schema that gets new versions all the time, each of which takes other records. */
function fickle(random: Random): Pick<Conversions, 'convert'> {
  return {
    async convert(batch, { schema }, { attemptMs }) {
      const newest = String(1 + Math.floor(random.unit() * 3))
      const schemaVersion = schema.version === 'LATEST' ? newest : schema.version
      const rows: Uint8Array[] = []
      const failed: FailedRecord[] = []
      for await (const records of batch) {
        for (const { data, arrivalMs } of records) {
          const [number] = numbersIn(Buffer.from(data).toString())
          if (Number(number) % (1 + Number(schemaVersion)) > 0) rows.push(Buffer.from(data))
          else {
            const rawData = Buffer.from(data).toString('base64')
            const entry = { arrivalTimestamp: arrivalMs, attemptEndingTimestamp: attemptMs, rawData }
            failed.push({ outputType: 'format-conversion-failed', entry })
          }
        }
      }
      const bytes = Buffer.concat(rows)
      return {
        body: rows.length === 0 ? undefined : only(bytes),
        bodyBytes: bytes.byteLength,
        failed: Object.assign(failed, { count: failed.length }),
        schemaVersion,
        figures: { succeededRecords: rows.length, succeededBytes: 0, failedRecords: failed.length, failedBytes: 0 },
      }
    },
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Records are `<number>:<filler>;`; processed ones begin with `>`. */
class Audit {
  #next = 0
  readonly #acknowledged = new Set<number>()

  put(world: DeliveryWorld, sizes: readonly number[]): void {
    const first = this.#next
    this.#next += sizes.length
    const records = sizes.map((size, index) => Buffer.from(`${first + index}:${'x'.repeat(size)};`))
    world.streams.accept(STREAM, records).then(
      ({ acceptedCount }) => {
        for (let index = 0; index < acceptedCount; index++) this.#acknowledged.add(first + index)
      },
      () => undefined,
    )
  }

  check(world: DeliveryWorld): void {
    const bodiesOf = (bucket: string) =>
      world.objects.versions.filter((version) => version.bucket === bucket).map(({ body }) => body.toString())
    const outcome = bodiesOf('lake').map(numbersIn)
    for (const { key, body } of world.objects.versions.filter(({ bucket }) => bucket === 'lake')) {
      const isError = body.toString().startsWith('{')
      expect(key).toMatch(isError ? /^failed\/(processing|format-conversion)-failed\// : /^(shard=[012]?\/|\d{4}\/)/)
    }
    for (const numbers of outcome)
      expect(numbers, 'records keep their order').toEqual(numbers.toSorted((a, b) => a - b))
    for (const [what, numbers] of [
      ['outcome', outcome.flat()],
      ['backup', bodiesOf('backup').flatMap(numbersIn)],
    ] as const) {
      expect(new Set(numbers).size, `nothing is twice in the ${what}`).toBe(numbers.length)
      const found = new Set(numbers)
      const missing = [...this.#acknowledged].filter((number) => !found.has(number))
      expect(missing, `no acknowledged record is missing in the ${what}`).toEqual([])
    }
  }
}

function numbersIn(body: string): number[] {
  const plain = body.startsWith('{')
    ? body
        .trimEnd()
        .split('\n')
        .map((line) => Buffer.from(JSON.parse(line).rawData, 'base64').toString())
        .join('')
    : body
  expect(plain).toMatch(/^(>?\d+:x*;)+$/)
  return [...plain.matchAll(/(\d+):x*;/g)].map((match) => Number(match[1]))
}
