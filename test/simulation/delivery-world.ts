/** Everything a delivery stream stands on, simulated and seeded: disk, object store, clock, ids; and crashes of it. */
import { type DeliveryOptions, type DeliveryStreams, openDelivery } from '../../src/delivery/delivery-streams.ts'
import type { S3Destination } from '../../src/delivery/destination.ts'
import type { Processor } from '../../src/delivery/processing/record.ts'
import type { CustomerKeys } from '../../src/keys/customer-keys.ts'
import { Ids } from '../../src/platform/ids.ts'
import { type Log, silentLog } from '../../src/platform/log.ts'
import { type Random, seededRandom } from '../../src/platform/random.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { SimulatedDisk } from '../support/simulated-disk.ts'
import { testJournalKeys } from '../support/test-journal-keys.ts'
import { SimulatedObjects } from './delivery-object-store.ts'

export const STREAM = 'clicks'

export class DeliveryWorld {
  readonly random: Random
  readonly disk: SimulatedDisk
  readonly objects = new SimulatedObjects('lake')
  readonly database = new MetadataDatabase(':memory:')
  #keys: Awaited<ReturnType<typeof testJournalKeys>> | undefined
  clock = new FakeClock()
  log: Log = silentLog
  roles: (arn: string) => boolean = () => true
  readonly #overrides: Partial<DeliveryOptions>
  #streams: DeliveryStreams | undefined

  private constructor(seed: number, overrides: Partial<DeliveryOptions>) {
    this.random = seededRandom(seed)
    this.disk = new SimulatedDisk(this.random)
    this.#overrides = overrides
  }

  static async open(options: { seed?: number } & Partial<DeliveryOptions> = {}): Promise<DeliveryWorld> {
    const { seed = 1, ...overrides } = options
    const world = new DeliveryWorld(seed, overrides)
    await world.#start()
    return world
  }

  get streams(): DeliveryStreams {
    if (this.#streams === undefined) throw new Error('The world is not open.')
    return this.#streams
  }

  get customerKeys(): CustomerKeys {
    if (this.#keys === undefined) throw new Error('The world is not open.')
    return this.#keys.customerKeys
  }

  /** Makes the stream and waits until it is ACTIVE. */
  async createStream(destination: Partial<S3Destination> = {}, name = STREAM): Promise<void> {
    await this.streams.create(name, destinationWith(destination), {})
    await this.clock.advance(1_000)
  }

  /** The power fails now. What was being done never ends; timers never fire. */
  crash(): void {
    this.disk.crash()
    this.kill()
  }

  /** The process alone dies now. */
  kill(): void {
    this.disk.kill()
    this.objects.crash()
    this.clock = new FakeClock(this.clock.nowMs())
    this.#streams = undefined
  }

  async reopen(): Promise<void> {
    await this.#start()
  }

  async restart(): Promise<void> {
    await this.streams.close()
    // A disk that cannot sync stops a start with an error; what is simulated is a start that succeeds.
    this.disk.faults = []
    this.clock = new FakeClock(this.clock.nowMs())
    await this.#start()
  }

  /** Bodies of all objects, oldest first. */
  bodies(): string[] {
    return this.objects.versions.map(({ body }) => body.toString())
  }

  /** Lets time pass until nothing is buffered. */
  async drain(): Promise<void> {
    for (let round = 0; round < 100; round++) {
      if (this.streams.progress().every(({ bufferedRecords }) => bufferedRecords === 0)) return
      await this.clock.advance(60_000)
    }
    throw new Error(`Still buffered: ${JSON.stringify(this.streams.progress())}`)
  }

  async #start(): Promise<void> {
    // The master key comes from outside: no disk is asked for it.
    this.#keys ??= await testJournalKeys(this.database, this.disk.fileSystem())
    this.#streams = await openDelivery({
      directory: '/lake/journal',
      database: this.database,
      objects: this.objects.session(),
      roles: { roleExists: (arn) => this.roles(arn) },
      files: this.disk.fileSystem(),
      clock: this.clock,
      random: this.random,
      ids: new Ids(this.random),
      log: this.log,
      makeProcessor: noProcessor,
      checkQuery: async () => undefined,
      conversions: { convert: () => Promise.reject(new Error('Nothing is converted here.')) },
      journalKeys: this.#keys.journalKeys,
      ...this.#overrides,
    })
    await settle()
  }
}

/** For streams of which nothing is asked: records go through as they are. */
export function noProcessor(): Processor {
  return { process: async (records) => ({ records, failed: [] }), close: async () => undefined }
}

export function destinationWith(part: Partial<S3Destination> = {}): S3Destination {
  return {
    roleArn: 'arn:aws:iam::000000000000:role/firehose',
    bucket: 'lake',
    prefix: undefined,
    errorOutputPrefix: undefined,
    buffering: { bytesMax: 1_000_000, intervalMs: 60_000 },
    compression: 'UNCOMPRESSED',
    fileExtension: undefined,
    timeZone: 'UTC',
    switchedOff: {},
    ...part,
  }
}

export function payloads(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text))
}

/** Waits for work on other threads (compression), which no fake clock can hurry. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isSo(); turn++) await new Promise((resolve) => setImmediate(resolve))
  if (!isSo()) throw new Error('It did not come about.')
}
