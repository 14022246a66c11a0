/**
 * All delivery streams of the lake: their life from CREATING to gone, and the way to the one a record is meant for.
 *
 * Known limits: one region and account; Direct PUT to S3 only; activation is quick, but not instantaneous, so that a
 * script that does not wait for ACTIVE fails here as it does on AWS.
 */
import { join } from 'node:path'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Clock, Timer } from '../platform/clock.ts'
import type { FileSystem } from '../platform/file-system.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { TaskScope } from '../platform/tasks.ts'
import { type BacklogLimits, backlogLimits } from './admission.ts'
import { Backlog } from './backlog.ts'
import { checkDestination, type KeysOfQuery, queriesOf, rolesOf } from './check-destination.ts'
import type { Conversions } from './conversion/conversions.ts'
import { type Acceptance, DeliveryStream } from './delivery-stream.ts'
import type { BatchTarget, S3Destination, VersionedDestination } from './destination.ts'
import {
  changed,
  changing,
  type EncryptionFailure,
  encryptionAtCreation,
  isChanging,
  notChanged,
} from './encryption.ts'
import { Journal, type JournalFile } from './journal/journal.ts'
import type { JournalEncryption, JournalKeys } from './journal-keys.ts'
import { type StreamObserver, unobserved } from './observer.ts'
import type { Processor } from './processing/record.ts'
import type { StreamProgress } from './progress.ts'
import type { RoleDirectory } from './roles.ts'
import { noSuchStream, type StreamDescription, StreamRegistry } from './stream-registry.ts'
import { Turns } from './turns.ts'

export interface DeliveryOptions {
  /** Journals live in one folder per stream below it. */
  readonly directory: string
  readonly database: MetadataDatabase
  readonly objects: ObjectStore
  readonly roles: RoleDirectory
  /** Absent: whether a prefix names every key of its jq program is not looked at. */
  readonly keysOfQuery?: KeysOfQuery
  /** Refuses a jq program that does not compile, 'invalidDestination'. */
  readonly checkQuery: (query: string) => Promise<void>
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  /** What a stream's records go through before they are buffered for S3. */
  readonly makeProcessor: (stream: string, destination: S3Destination) => Processor
  readonly journalKeys: JournalKeys
  readonly conversions: Pick<Conversions, 'convert'>
  /** Told of a stream's work. Default: nobody is. */
  readonly observerOf?: (stream: string, current: () => VersionedDestination) => StreamObserver
  readonly limits?: BacklogLimits
  /** Size at which a journal begins its next file. */
  readonly segmentBytesMax?: number
}

/** The journals of all streams, held still: see `DeliveryStream.hold`. */
export interface HeldJournals {
  readonly journals: readonly { readonly folder: string; readonly files: readonly JournalFile[] }[]
  letGo(): void
}

/** How delivery says no. Journal troubles reach producers as 'slowDown': they keep the record and send it again. */
export type DeliveryRefusal =
  | 'noSuchStream'
  | 'streamExists'
  | 'streamBusy'
  | 'tooManyStreams'
  | 'tooManyTags'
  | 'tooManyEncryptionChanges'
  | 'roleNotAssumable'
  | 'invalidDestination'
  | 'staleVersion'
  | 'slowDown'
  | 'closing'

/** Long enough that CREATING can be seen, short enough that nobody waits. */
const ACTIVATION_MS = 50
/** Deliveries that compress and put at the same time, over all streams: half of the runtime's four pool threads. */
const DELIVERIES_AT_ONCE = 2
/** Steps in the hands of processors at the same time, over all streams: each is some MiB, and may wait for minutes. */
const STEPS_AT_ONCE = 64
/** Journals replayed at the same time; each costs a chunk of memory and some waiting for the disk. */
const RECOVERIES_AT_ONCE = 8
const TAGS_MAX = 50

const unknownKeys: KeysOfQuery = () => undefined

/** Replays every journal before it resolves, so that the first call already sees what an earlier process left. */
export async function openDelivery(options: DeliveryOptions): Promise<DeliveryStreams> {
  await options.files.makeDirectory(options.directory)
  const streams = new DeliveryStreams(options)
  await streams.recover()
  return streams
}

interface Entry {
  description: StreamDescription
  /** Present while the stream is ACTIVE. */
  live: DeliveryStream | undefined
  /** Present while records cannot be kept under this key as they should be: none are taken. */
  missing?: JournalEncryption | undefined
}

export class DeliveryStreams {
  readonly #options: DeliveryOptions
  readonly #registry: StreamRegistry
  readonly #tasks: TaskScope
  readonly #entries = new Map<string, Entry>()
  readonly #activations = new Set<Timer>()
  readonly #backlog = new Backlog()
  readonly #turns = new Turns(DELIVERIES_AT_ONCE)
  readonly #stepTurns = new Turns(STEPS_AT_ONCE)
  /** Present while journals are held: until it resolves none is removed. */
  #hold: Promise<void> | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#registry = new StreamRegistry(options.database)
    this.#tasks = new TaskScope(options.log)
  }

  async recover(): Promise<void> {
    const known = this.#registry.streams()
    for (let at = 0; at < known.length; at += RECOVERIES_AT_ONCE)
      await Promise.all(known.slice(at, at + RECOVERIES_AT_ONCE).map((description) => this.#recoverOne(description)))
    await this.#reportStrangers()
  }

  /** Hands records to a stream; see `DeliveryStream.accept`. Refuses 'noSuchStream' for one that is not ACTIVE. */
  accept(name: string, payloads: readonly Uint8Array[]): Promise<Acceptance> {
    const entry = this.#entries.get(name)
    if (entry?.live === undefined) return Promise.reject(noSuchStream(name))
    return entry.missing === undefined ? entry.live.accept(payloads) : this.#acceptUnder(entry.missing, name, payloads)
  }

  /** Whether records are kept encrypted now. */
  isEncrypted(name: string): boolean {
    return this.#entries.get(name)?.description.encryption.inEffect !== undefined
  }

  /** `key`: encrypted from its first record on. Refuses like `CustomerKeys.requireUsable` of that key, too. */
  async create(
    name: string,
    destination: S3Destination,
    tags: Readonly<Record<string, string>>,
    key?: JournalEncryption,
  ): Promise<void> {
    const { clock, ids } = this.#options
    checkTags(tags)
    await this.#checkDestination(name, destination)
    if (key !== undefined) this.#options.journalKeys.requireUsable(key)
    const description: StreamDescription = {
      name,
      id: ids.uuid(),
      state: 'CREATING',
      version: 1,
      createdAtMs: clock.nowMs(),
      updatedAtMs: undefined,
      destination,
      tags,
      encryption: encryptionAtCreation(key),
    }
    await this.#registry.add(description)
    this.#entries.set(name, { description, live: undefined })
    this.#soon(`activate ${name}`, () => this.#activate(name))
  }

  /**
   * Keeps records encrypted from now on, under the lake's key or one of KMS; undefined: in the clear. What is in the
   * journal already stays as it is. Resolves when the change has begun. Refuses 'noSuchStream', 'streamBusy',
   * 'tooManyEncryptionChanges', and like `CustomerKeys.requireUsable`.
   */
  async setEncryption(name: string, key: JournalEncryption | undefined): Promise<void> {
    const { clock, journalKeys } = this.#options
    this.streamNamed(name)
    if (key !== undefined) journalKeys.requireUsable(key)
    const { encryption } = await this.#change(name, (current) => {
      if (current.state !== 'ACTIVE') throw streamBusy(current)
      return { ...current, encryption: changing(current, key, clock.nowMs()) }
    })
    if (isChanging(encryption)) this.#soon(`encrypt ${name}`, () => this.#changeEncryption(name))
  }

  /** Refuses 'noSuchStream'. */
  streamNamed(name: string): StreamDescription {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw noSuchStream(name)
    return entry.description
  }

  /** In the order of names, those after `after`. */
  list(page: { after?: string; limit: number }): { streams: StreamDescription[]; hasMore: boolean } {
    const { after } = page
    const names = [...this.#entries.keys()].filter((name) => after === undefined || name > after).sort()
    const streams = names.slice(0, page.limit).map((name) => this.streamNamed(name))
    return { streams, hasMore: names.length > page.limit }
  }

  /** Discards what was not delivered, as AWS does. Refuses 'noSuchStream', and 'streamBusy' while it is being created. */
  async delete(name: string): Promise<void> {
    const { state } = this.streamNamed(name)
    if (state === 'DELETING') return
    const description = await this.#change(name, (current) => {
      if (current.state === 'CREATING') throw streamBusy(current)
      return { ...current, state: 'DELETING' }
    })
    this.#tasks.spawn(`delete ${name}`, () => this.#discard(description))
  }

  /**
   * Replaces the destination with what `next` makes of the present one; buffered records follow it. Refuses
   * 'noSuchStream', 'streamBusy', 'staleVersion' (fields.current), 'invalidDestination', 'roleNotAssumable'.
   */
  async updateDestination(
    name: string,
    version: string,
    next: (current: S3Destination) => S3Destination,
  ): Promise<StreamDescription> {
    const { clock } = this.#options
    const before = this.streamNamed(name)
    checkVersion(before, version)
    const destination = next(before.destination)
    await this.#checkDestination(name, destination)
    const description = await this.#change(name, (current) => {
      if (current.state !== 'ACTIVE') throw streamBusy(current)
      checkVersion(current, version)
      return { ...current, destination, version: current.version + 1, updatedAtMs: clock.nowMs() }
    })
    this.#entries.get(name)?.live?.update(description)
    return description
  }

  /** Refuses 'noSuchStream' and 'tooManyTags'. */
  async tag(name: string, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.#change(name, (current) => ({ ...current, tags: checkTags({ ...current.tags, ...tags }) }))
  }

  async untag(name: string, keys: readonly string[]): Promise<void> {
    await this.#change(name, (current) => {
      const kept = Object.entries(current.tags).filter(([key]) => !keys.includes(key))
      return { ...current, tags: Object.fromEntries(kept) }
    })
  }

  /** One entry per ACTIVE stream, in the order of names. */
  progress(): StreamProgress[] {
    const live = [...this.#entries.values()].flatMap((entry) => entry.live ?? [])
    return live.map((stream) => stream.progress()).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * For a copy of the lake: every journal as it stands. Until `letGo` no batch is closed or delivered and no journal
   * removed. One at a time.
   */
  async hold(): Promise<HeldJournals> {
    if (this.#hold !== undefined) throw new Error('The journals are being held already.')
    const live = [...this.#entries.values()].flatMap(({ description, live }) =>
      live === undefined ? [] : [{ folder: description.id, stream: live }],
    )
    let end: () => void = () => undefined
    this.#hold = new Promise((resolve) => {
      end = resolve
    })
    const letGo = () => {
      this.#hold = undefined
      end()
      for (const { stream } of live) stream.letGo()
    }
    const held = await Promise.allSettled(live.map(({ stream }) => stream.hold()))
    const journals: { folder: string; files: readonly JournalFile[] }[] = []
    for (const [index, outcome] of held.entries()) {
      if (outcome.status === 'rejected') {
        letGo()
        throw outcome.reason
      }
      journals.push({ folder: live[index]?.folder ?? '', files: outcome.value })
    }
    return { journals, letGo }
  }

  /** Stops admitting, makes durable what was admitted, ends running deliveries. Undelivered records wait on disk. */
  async close(): Promise<void> {
    for (const timer of this.#activations) timer.cancel()
    await this.#tasks.close()
    await Promise.all([...this.#entries.values()].map((entry) => entry.live?.close()))
  }

  #soon(task: string, work: () => Promise<void>): void {
    const timer = this.#options.clock.after(ACTIVATION_MS, () => {
      this.#activations.delete(timer)
      this.#tasks.spawn(task, work)
    })
    this.#activations.add(timer)
  }

  async #recoverOne(description: StreamDescription): Promise<void> {
    const { name, state, encryption } = description
    this.#entries.set(name, { description, live: undefined })
    if (state === 'DELETING') return this.#discard(description)
    if (state === 'CREATING_FAILED') return
    await this.#activate(name)
    if (isChanging(encryption) && this.#entries.get(name)?.live !== undefined) await this.#changeEncryption(name)
  }

  /** Makes so what was asked for, or says why it is not. */
  async #changeEncryption(name: string): Promise<void> {
    const { live, description } = this.#entries.get(name) ?? {}
    if (live === undefined || description === undefined || !isChanging(description.encryption)) return
    const outcome = await this.#outcomeOf(live, description.encryption.key)
    await this.#change(name, (current) => {
      if (current.id !== description.id) return current
      const { encryption } = current
      return { ...current, encryption: outcome === undefined ? changed(encryption) : notChanged(encryption, outcome) }
    })
  }

  /** undefined: done. */
  async #outcomeOf(live: DeliveryStream, key: JournalEncryption | undefined): Promise<EncryptionFailure | undefined> {
    try {
      await live.setEncryption(key)
      return undefined
    } catch (error) {
      this.#options.log.error('EncryptionNotChanged', { stream: live.name, error })
      const code = isRefusal(error) ? error.code : 'unknown'
      return { code, message: error instanceof Error ? error.message : String(error) }
    }
  }

  /** A key that could not be used when the lake started may be usable now. */
  async #acceptUnder(key: JournalEncryption, name: string, payloads: readonly Uint8Array[]): Promise<Acceptance> {
    const entry = this.#entries.get(name)
    await entry?.live?.setEncryption(key)
    if (entry !== undefined) entry.missing = undefined
    return this.accept(name, payloads)
  }

  async #checkDestination(name: string, destination: S3Destination): Promise<void> {
    const { roles, clock, ids, keysOfQuery = unknownKeys, checkQuery } = this.#options
    checkDestination(destination, { stream: name, nowMs: clock.nowMs(), ids, keysOfQuery })
    for (const query of queriesOf(destination)) await checkQuery(query)
    for (const roleArn of rolesOf(destination)) {
      if (!(await roles.roleExists(roleArn)))
        throw new Refusal('roleNotAssumable', `There is no role ${roleArn}.`, { fields: { roleArn } })
    }
  }

  async #change(name: string, change: (current: StreamDescription) => StreamDescription): Promise<StreamDescription> {
    const description = await this.#registry.change(name, change)
    const entry = this.#entries.get(name)
    if (entry?.description.id === description.id) entry.description = description
    return description
  }

  async #activate(name: string): Promise<void> {
    const { files, log, journalKeys, segmentBytesMax, limits = backlogLimits, observerOf = unobserved } = this.#options
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    const journal = await Journal.open<BatchTarget>({
      directory: this.#journalDirectory(entry.description),
      files,
      segmentBytesMax,
      keyOf: (id) => journalKeys.open(id),
      onRemovalFailed: (error) => log.warn('SegmentNotRemoved', { stream: name, error }),
    })
    const { id, state, encryption } = entry.description
    await journalKeys.keep(id, journal.keysSeen)
    const live = new DeliveryStream(name, entry.description, {
      journal,
      turns: this.#turns,
      stepTurns: this.#stepTurns,
      backlog: this.#backlog,
      observer: observerOf(name, () => entry.description),
      keys: {
        add: (encryption) => journalKeys.add(id, encryption),
        requireUsable: (encryption) => journalKeys.requireUsable(encryption),
      },
      ...this.#options,
      limits,
    })
    if (state === 'CREATING') {
      const failure = encryption.key && (await this.#outcomeOf(live, encryption.key))
      await this.#change(name, (current) => created(current, failure))
      if (failure !== undefined) return live.close()
    } else if (encryption.inEffect !== undefined) {
      const failure = await this.#outcomeOf(live, encryption.inEffect)
      if (failure !== undefined) entry.missing = encryption.inEffect
    }
    entry.live = live
    live.start()
  }

  async #discard(description: StreamDescription): Promise<void> {
    const { files, directory, journalKeys } = this.#options
    const entry = this.#entries.get(description.name)
    const live = entry?.live
    if (entry !== undefined) entry.live = undefined
    await live?.close()
    await this.#hold
    await files.removeTree(this.#journalDirectory(description))
    await files.syncDirectory(directory)
    await journalKeys.keep(description.id, new Set())
    await this.#registry.remove(description.id)
    if (this.#entries.get(description.name) === entry) this.#entries.delete(description.name)
  }

  /** A journal without a stream is not ours to delete: somebody may have put an older database back. */
  async #reportStrangers(): Promise<void> {
    const { files, directory, log } = this.#options
    const known = new Set([...this.#entries.values()].map(({ description }) => description.id))
    const strangers = (await files.list(directory)).filter((entry) => entry.isDirectory && !known.has(entry.name))
    for (const { name } of strangers) log.warn('JournalWithoutStream', { directory: join(directory, name) })
  }

  #journalDirectory({ id }: StreamDescription): string {
    return join(this.#options.directory, id)
  }
}

/** A stream is never at work in the clear that was to be encrypted. */
function created(current: StreamDescription, failure: EncryptionFailure | undefined): StreamDescription {
  const { encryption } = current
  if (failure !== undefined)
    return { ...current, state: 'CREATING_FAILED', encryption: notChanged(encryption, failure) }
  return { ...current, state: 'ACTIVE', encryption: isChanging(encryption) ? changed(encryption) : encryption }
}

function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.keys(tags).length <= TAGS_MAX) return tags
  throw new Refusal('tooManyTags', `A delivery stream may have ${TAGS_MAX} tags.`)
}

function checkVersion(current: StreamDescription, version: string): void {
  if (version === String(current.version)) return
  throw new Refusal('staleVersion', `Stream ${current.name} is at version ${current.version}, not ${version}.`, {
    fields: { name: current.name, current: String(current.version), specified: version },
  })
}

function streamBusy({ name, state }: StreamDescription): Refusal {
  return new Refusal('streamBusy', `Stream ${name} is ${state}.`, { fields: { name, state } })
}
