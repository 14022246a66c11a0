/**
 * Log events by group and stream, in the database. Whoever puts events (`put`) is answered when they are durable; what the
 * lake says of itself (`append`) is written in groups, a second later at most: a crash may lose that second.
 *
 * Bounds. Disk: `DISK_BYTES_MAX` of events as AWS counts them, the ones that came first go first; and what a group's
 * retention says. `GROUPS_MAX` groups, `STREAMS_MAX` streams. Memory: `PENDING_BYTES_MAX` of events not written yet; more
 * are dropped, and an event says how many. Nothing is deleted in steps larger than `STEP_EVENTS`.
 */
import type { Clock, Timer } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { type EventsAsked, eventBytes, type LogEvent, type LogGroup, type LogStream, LogTable } from './log-table.ts'
import { TELEMETRY_COMPONENT, TELEMETRY_MIGRATIONS } from './schema.ts'

export type { LogEvent, LogGroup, LogStream, Place } from './log-table.ts'

export const DISK_BYTES_MAX = 256 * 1024 * 1024
export const GROUPS_MAX = 10_000
export const STREAMS_MAX = 50_000
export const PENDING_BYTES_MAX = 1024 * 1024
const FLUSH_MS = 1000
const UPKEEP_MS = 60 * 60_000
const STEP_EVENTS = 1000
const DAY_MS = 24 * 3_600_000
/** When there is too much, so much of it is freed that not every event after it needs room made. */
const FREED_SHARE = 0.05

export type LogRefusal =
  | 'noSuchLogGroup'
  | 'noSuchLogStream'
  | 'logGroupExists'
  | 'logStreamExists'
  | 'tooManyLogGroups'
  | 'tooManyLogStreams'

export interface NewEvent {
  readonly atMs: number
  readonly message: string
}

interface Pending {
  readonly group: string
  readonly stream: string
  readonly events: NewEvent[]
}

export interface LogStoreParts {
  readonly database: MetadataDatabase
  readonly clock: Clock
  readonly log: Log
  /** For tests. */
  readonly diskBytesMax?: number
}

export class LogStore {
  readonly #database: MetadataDatabase
  readonly #table: LogTable
  readonly #clock: Clock
  readonly #log: Log
  readonly #diskBytesMax: number
  #pending = new Map<string, Pending>()
  #pendingBytes = 0
  #dropped = 0
  #bytes: number
  #flushTimer: Timer | undefined
  #upkeepTimer: Timer | undefined
  /** Writes of `append` and upkeep, one after the other. */
  #work: Promise<void> = Promise.resolve()
  #isClosed = false

  static open(parts: LogStoreParts): LogStore {
    parts.database.migrate(TELEMETRY_COMPONENT, TELEMETRY_MIGRATIONS)
    const store = new LogStore(parts)
    store.#scheduleUpkeep()
    return store
  }

  private constructor({ database, clock, log, diskBytesMax = DISK_BYTES_MAX }: LogStoreParts) {
    this.#database = database
    this.#table = new LogTable(database)
    this.#clock = clock
    this.#log = log
    this.#diskBytesMax = diskBytesMax
    this.#bytes = this.#table.totalBytes()
  }

  // ---- what the lake says

  /** Makes group and stream where there are none. Never refuses, never waits. */
  append(group: string, stream: string, message: string): void {
    const bytes = eventBytes(message)
    if (this.#isClosed) return
    if (this.#pendingBytes + bytes > PENDING_BYTES_MAX) {
      this.#dropped++
      return
    }
    const key = JSON.stringify([group, stream])
    const pending = this.#pending.get(key) ?? { group, stream, events: [] }
    pending.events.push({ atMs: this.#clock.nowMs(), message })
    this.#pending.set(key, pending)
    this.#pendingBytes += bytes
    this.#flushTimer ??= this.#clock.after(FLUSH_MS, () => void this.flush())
  }

  /** What was appended can be read, and survives, when it resolves. Failures are logged. */
  flush(): Promise<void> {
    this.#flushTimer?.cancel()
    this.#flushTimer = undefined
    return this.#enqueue(() => this.#writePending())
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#upkeepTimer?.cancel()
    await this.flush()
  }

  // ---- groups and streams

  /** Refuses noSuchLogGroup. */
  groupNamed(name: string): LogGroup {
    const group = this.#table.group(name)
    if (group === undefined) throw noSuchGroup(name)
    return group
  }

  /** By name, behind `after`. */
  groups(after: string, limit: number): LogGroup[] {
    return this.#table.groups(after, limit)
  }

  bytesOf(group: LogGroup): number {
    return this.#table.groupBytes(group.id)
  }

  /** Refuses logGroupExists, tooManyLogGroups. */
  createGroup(name: string, tags: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.#database.write(() => {
      if (this.#table.group(name) !== undefined) {
        throw new Refusal<LogRefusal>('logGroupExists', `There is a log group ${name}.`, { fields: { name } })
      }
      this.#addGroup(name, tags)
    })
  }

  /** Refuses noSuchLogGroup. */
  async deleteGroup(name: string): Promise<void> {
    await this.#database.write(() => this.#table.deleteGroup(this.groupNamed(name).id))
    this.#removeRemains()
  }

  /** Refuses noSuchLogGroup. `days` undefined: until room is needed. */
  setRetention(name: string, days: number | undefined): Promise<void> {
    return this.#database.write(() => this.#table.setRetention(this.groupNamed(name).id, days))
  }

  /** Refuses noSuchLogGroup, and whatever `change` throws. */
  changeTags(
    name: string,
    change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.#database.write(() => {
      const group = this.groupNamed(name)
      this.#table.setTags(group.id, change(group.tags))
    })
  }

  /** Refuses noSuchLogGroup, noSuchLogStream. */
  streamNamed(groupName: string, name: string): LogStream {
    const stream = this.#table.stream(this.groupNamed(groupName).id, name)
    if (stream === undefined) throw noSuchStream(name)
    return stream
  }

  /** By name. Refuses noSuchLogGroup. */
  streams(groupName: string): LogStream[] {
    return this.#table.streams(this.groupNamed(groupName).id)
  }

  /** Refuses noSuchLogGroup, logStreamExists, tooManyLogStreams. */
  createStream(groupName: string, name: string): Promise<void> {
    return this.#database.write(() => {
      const group = this.groupNamed(groupName)
      if (this.#table.stream(group.id, name) !== undefined) {
        throw new Refusal<LogRefusal>('logStreamExists', `There is a log stream ${name}.`, { fields: { name } })
      }
      this.#addStream(group, name)
    })
  }

  /** Refuses noSuchLogGroup, noSuchLogStream. */
  async deleteStream(groupName: string, name: string): Promise<void> {
    await this.#database.write(() => this.#table.deleteStream(this.streamNamed(groupName, name).id))
    this.#removeRemains()
  }

  // ---- events

  /** Durable when it resolves. Refuses noSuchLogGroup, noSuchLogStream. */
  async put(groupName: string, streamName: string, events: readonly NewEvent[]): Promise<void> {
    await this.#database.write(() => {
      this.#table.addEvents(this.streamNamed(groupName, streamName), events, this.#clock.nowMs())
    })
    this.#grow(events)
  }

  /** See `LogTable.eventsOfStream`. */
  eventsOfStream(stream: LogStream, asked: Parameters<LogTable['eventsOfStream']>[1]): LogEvent[] {
    return this.#table.eventsOfStream(stream.id, asked)
  }

  eventsOfGroup(group: LogGroup, asked: EventsAsked): LogEvent[] {
    return this.#table.eventsOfGroup(group.id, asked)
  }

  /** Removes what is past its retention or has no room; for tests, and once an hour. */
  upkeep(): Promise<void> {
    return this.#enqueue(() => this.#removeOld())
  }

  #addGroup(name: string, tags: Readonly<Record<string, string>>): void {
    if (this.#table.countGroups() >= GROUPS_MAX) {
      throw new Refusal<LogRefusal>('tooManyLogGroups', `The lake keeps no more than ${GROUPS_MAX} log groups.`)
    }
    this.#table.addGroup(name, this.#clock.nowMs(), tags)
  }

  #addStream(group: LogGroup, name: string): void {
    if (this.#table.countStreams() >= STREAMS_MAX) {
      throw new Refusal<LogRefusal>('tooManyLogStreams', `The lake keeps no more than ${STREAMS_MAX} log streams.`)
    }
    this.#table.addStream(group.id, name, this.#clock.nowMs())
  }

  async #writePending(): Promise<void> {
    const pending = [...this.#pending.values()]
    const dropped = this.#dropped
    this.#pending = new Map()
    this.#pendingBytes = 0
    this.#dropped = 0
    if (pending.length === 0) return
    if (dropped > 0) {
      this.#log.warn('LogEventsDropped', { count: dropped })
      const message = `${dropped} log events of the lake came too fast to be kept.`
      pending[0]?.events.push({ atMs: this.#clock.nowMs(), message })
    }
    const nowMs = this.#clock.nowMs()
    await this.#database.write(() => {
      for (const { group, stream, events } of pending) {
        if (this.#table.group(group) === undefined) this.#addGroup(group, {})
        const owner = this.groupNamed(group)
        if (this.#table.stream(owner.id, stream) === undefined) this.#addStream(owner, stream)
        this.#table.addEvents(this.streamNamed(group, stream), events, nowMs)
      }
    })
    for (const { events } of pending) this.#grow(events)
  }

  #grow(events: readonly NewEvent[]): void {
    this.#bytes += events.reduce((sum, { message }) => sum + eventBytes(message), 0)
    if (this.#bytes > this.#diskBytesMax) void this.#enqueue(() => this.#makeRoom())
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#log.error('LogEventsNotWritten', { error })
    })
    return this.#work
  }

  #scheduleUpkeep(): void {
    this.#upkeepTimer = this.#clock.after(UPKEEP_MS, () => {
      void this.upkeep()
      this.#scheduleUpkeep()
    })
  }

  #removeRemains(): void {
    void this.#enqueue(() => this.#sweep())
  }

  async #removeOld(): Promise<void> {
    const nowMs = this.#clock.nowMs()
    for (const { id, retentionDays } of this.#table.groups('', GROUPS_MAX)) {
      if (retentionDays === undefined) continue
      const beforeMs = nowMs - retentionDays * DAY_MS
      await this.#inSteps((limit) => this.#table.deleteBefore(id, beforeMs, limit))
    }
    await this.#sweep()
    await this.#makeRoom()
  }

  async #sweep(): Promise<void> {
    for (const streamId of this.#table.remains()) {
      await this.#inSteps((limit) => this.#table.deleteRemains(streamId, limit))
    }
    this.#bytes = this.#table.totalBytes()
  }

  async #makeRoom(): Promise<void> {
    if (this.#bytes <= this.#diskBytesMax) return
    const enough = this.#diskBytesMax * (1 - FREED_SHARE)
    await this.#inSteps((limit) => {
      const deleted = this.#table.deleteOldest(limit)
      this.#bytes = this.#table.totalBytes()
      return this.#bytes > enough ? deleted : 0
    })
  }

  /** Until there is nothing left to delete, or the lake is closed: what is left waits for the next time. */
  async #inSteps(deleteSome: (limit: number) => number): Promise<void> {
    while (!this.#isClosed && (await this.#database.write(() => deleteSome(STEP_EVENTS))) > 0);
  }
}

function noSuchGroup(name: string): Refusal<LogRefusal> {
  return new Refusal<LogRefusal>('noSuchLogGroup', `There is no log group ${name}.`, { fields: { name } })
}

function noSuchStream(name: string): Refusal<LogRefusal> {
  return new Refusal<LogRefusal>('noSuchLogStream', `There is no log stream ${name}.`, { fields: { name } })
}
