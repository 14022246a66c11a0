/** Log groups, streams and events in the database. Nothing here is atomic by itself: the caller makes it one change. */
import type { MetadataDatabase, Statement } from '../platform/sqlite.ts'

export interface LogGroup {
  readonly id: number
  readonly name: string
  readonly createdAtMs: number
  /** undefined: until room is needed. */
  readonly retentionDays: number | undefined
  readonly tags: Readonly<Record<string, string>>
}

export interface LogStream {
  readonly id: number
  readonly groupId: number
  readonly name: string
  readonly createdAtMs: number
  /** undefined: it has no event. */
  readonly firstEventMs: number | undefined
  readonly lastEventMs: number | undefined
  readonly ingestedAtMs: number | undefined
  readonly bytes: number
}

export interface LogEvent {
  readonly id: number
  readonly streamId: number
  readonly atMs: number
  readonly ingestedAtMs: number
  readonly message: string
}

/** Between events: after, or before, the one with this time and id. */
export interface Place {
  readonly atMs: number
  readonly id: number
}

/** AWS counts so much for an event beside its text, in UTF-8. */
export const EVENT_OVERHEAD_BYTES = 26

export function eventBytes(message: string): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES
}

type Order = 'forward' | 'backward'

export interface EventsAsked {
  readonly fromMs: number
  readonly toMs: number
  readonly place: Place
  readonly limit: number
  readonly bytesMax: number
}

interface GroupRow {
  id: number
  name: string
  created_ms: number
  retention_days: number | null
  tags: string
}

interface StreamRow {
  id: number
  group_id: number
  name: string
  created_ms: number
  first_ms: number | null
  last_ms: number | null
  ingested_ms: number | null
  bytes: number
}

interface EventRow {
  id: number
  stream_id: number
  at_ms: number
  ingested_ms: number
  message: string
}

const EVENT_COLUMNS = 'id, stream_id, at_ms, ingested_ms, message'
const SIZE_COLUMNS = 'id, stream_id, octet_length(message) AS bytes'

interface SizeRow {
  id: number
  stream_id: number
  bytes: number
}

export class LogTable {
  readonly #database: MetadataDatabase
  readonly #addEvent: Statement<unknown>
  readonly #growStream: Statement<unknown>

  constructor(database: MetadataDatabase) {
    this.#database = database
    this.#addEvent = database.prepare(
      'INSERT INTO log_event (group_id, stream_id, at_ms, ingested_ms, message) VALUES (?, ?, ?, ?, ?)',
    )
    this.#growStream = database.prepare(
      `UPDATE log_stream SET first_ms = min(coalesce(first_ms, ?1), ?1), last_ms = max(coalesce(last_ms, ?2), ?2),
         ingested_ms = ?3, bytes = bytes + ?4 WHERE id = ?5`,
    )
  }

  // ---- groups

  group(name: string): LogGroup | undefined {
    const row = this.#database.prepare<GroupRow>('SELECT * FROM log_group WHERE name = ?').get(name)
    return row && groupOf(row)
  }

  /** By name, behind `after`. */
  groups(after: string, limit: number): LogGroup[] {
    return this.#database
      .prepare<GroupRow>('SELECT * FROM log_group WHERE name > ? ORDER BY name LIMIT ?')
      .all(after, limit)
      .map(groupOf)
  }

  countGroups(): number {
    return this.#count('SELECT count(*) AS count FROM log_group')
  }

  addGroup(name: string, createdAtMs: number, tags: LogGroup['tags']): void {
    this.#database
      .prepare('INSERT INTO log_group (name, created_ms, retention_days, tags) VALUES (?, ?, NULL, ?)')
      .run(name, createdAtMs, JSON.stringify(tags))
  }

  setRetention(groupId: number, days: number | undefined): void {
    this.#database.prepare('UPDATE log_group SET retention_days = ? WHERE id = ?').run(days ?? null, groupId)
  }

  setTags(groupId: number, tags: LogGroup['tags']): void {
    this.#database.prepare('UPDATE log_group SET tags = ? WHERE id = ?').run(JSON.stringify(tags), groupId)
  }

  deleteGroup(groupId: number): void {
    this.#database.prepare('INSERT INTO log_remains SELECT id FROM log_stream WHERE group_id = ?').run(groupId)
    this.#database.prepare('DELETE FROM log_stream WHERE group_id = ?').run(groupId)
    this.#database.prepare('DELETE FROM log_group WHERE id = ?').run(groupId)
  }

  groupBytes(groupId: number): number {
    return this.#count('SELECT coalesce(sum(bytes), 0) AS count FROM log_stream WHERE group_id = ?', groupId)
  }

  // ---- streams

  stream(groupId: number, name: string): LogStream | undefined {
    const row = this.#database
      .prepare<StreamRow>('SELECT * FROM log_stream WHERE group_id = ? AND name = ?')
      .get(groupId, name)
    return row && streamOf(row)
  }

  /** By name. */
  streams(groupId: number): LogStream[] {
    return this.#database
      .prepare<StreamRow>('SELECT * FROM log_stream WHERE group_id = ? ORDER BY name')
      .all(groupId)
      .map(streamOf)
  }

  countStreams(): number {
    return this.#count('SELECT count(*) AS count FROM log_stream')
  }

  addStream(groupId: number, name: string, createdAtMs: number): void {
    this.#database
      .prepare('INSERT INTO log_stream (group_id, name, created_ms, bytes) VALUES (?, ?, ?, 0)')
      .run(groupId, name, createdAtMs)
  }

  deleteStream(streamId: number): void {
    this.#database.prepare('INSERT INTO log_remains VALUES (?)').run(streamId)
    this.#database.prepare('DELETE FROM log_stream WHERE id = ?').run(streamId)
  }

  // ---- events

  addEvents(
    { id, groupId }: LogStream,
    events: readonly { readonly atMs: number; readonly message: string }[],
    nowMs: number,
  ): void {
    let bytes = 0
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const { atMs, message } of events) {
      this.#addEvent.run(groupId, id, atMs, nowMs, message)
      bytes += eventBytes(message)
      first = Math.min(first, atMs)
      last = Math.max(last, atMs)
    }
    if (events.length > 0) this.#growStream.run(first, last, nowMs, bytes, id)
  }

  /**
   * Of one stream, in the order of time behind a place, or against it before one; as many as `limit` and `bytesMax` allow,
   * but one. `fromMs` is included, `toMs` is not.
   */
  eventsOfStream(streamId: number, { order, ...asked }: EventsAsked & { readonly order: Order }): LogEvent[] {
    return this.#events(`stream_id = ?`, streamId, asked, order)
  }

  /** Of all streams of a group, those of deleted ones too, in the order of time. */
  eventsOfGroup(groupId: number, asked: EventsAsked): LogEvent[] {
    return this.#events(`group_id = ?`, groupId, asked, 'forward')
  }

  /** Looks at the sizes first: ten thousand events may be ten gigabytes. */
  #events(owner: string, id: number, { fromMs, toMs, place, limit, bytesMax }: EventsAsked, order: Order): LogEvent[] {
    const [sign, direction] = order === 'forward' ? ['>', 'ASC'] : ['<', 'DESC']
    const rest = `FROM log_event WHERE ${owner} AND at_ms >= ? AND at_ms < ? AND (at_ms, id) ${sign} (?, ?)
      ORDER BY at_ms ${direction}, id ${direction} LIMIT ?`
    const values = [id, fromMs, toMs, place.atMs, place.id]
    let bytes = 0
    const sizes = this.#database.prepare<{ bytes: number }>(`SELECT octet_length(message) AS bytes ${rest}`)
    const past = sizes.all(...values, limit).findIndex((row) => {
      bytes += row.bytes + EVENT_OVERHEAD_BYTES
      return bytes > bytesMax
    })
    const count = past < 0 ? limit : Math.max(1, past)
    return this.#database
      .prepare<EventRow>(`SELECT ${EVENT_COLUMNS} ${rest}`)
      .all(...values, count)
      .map(eventOf)
  }

  // ---- making room

  totalBytes(): number {
    return this.#count('SELECT coalesce(sum(bytes), 0) AS count FROM log_stream')
  }

  /** The events that came first. Gives how many there were. */
  deleteOldest(limit: number): number {
    return this.#delete(
      this.#database.prepare<SizeRow>(`SELECT ${SIZE_COLUMNS} FROM log_event ORDER BY id LIMIT ?`).all(limit),
    )
  }

  deleteBefore(groupId: number, beforeMs: number, limit: number): number {
    return this.#delete(
      this.#database
        .prepare<SizeRow>(
          `SELECT ${SIZE_COLUMNS} FROM log_event WHERE group_id = ? AND at_ms < ? ORDER BY at_ms, id LIMIT ?`,
        )
        .all(groupId, beforeMs, limit),
    )
  }

  remains(): number[] {
    return this.#database
      .prepare<{ stream_id: number }>('SELECT stream_id FROM log_remains')
      .all()
      .map(({ stream_id }) => stream_id)
  }

  deleteRemains(streamId: number, limit: number): number {
    const rows = this.#database
      .prepare<SizeRow>(`SELECT ${SIZE_COLUMNS} FROM log_event WHERE stream_id = ? LIMIT ?`)
      .all(streamId, limit)
    if (rows.length === 0) this.#database.prepare('DELETE FROM log_remains WHERE stream_id = ?').run(streamId)
    return this.#delete(rows)
  }

  #delete(rows: readonly SizeRow[]): number {
    const remove = this.#database.prepare('DELETE FROM log_event WHERE id = ?')
    const freed = new Map<number, number>()
    for (const { id, stream_id, bytes } of rows) {
      remove.run(id)
      freed.set(stream_id, (freed.get(stream_id) ?? 0) + bytes + EVENT_OVERHEAD_BYTES)
    }
    for (const [streamId, bytes] of freed) {
      const first = this.#database
        .prepare<{ first: number | null }>('SELECT min(at_ms) AS first FROM log_event WHERE stream_id = ?')
        .get(streamId)?.first
      this.#database
        .prepare('UPDATE log_stream SET bytes = bytes - ?, first_ms = ? WHERE id = ?')
        .run(bytes, first ?? null, streamId)
    }
    return rows.length
  }

  #count(sql: string, ...values: number[]): number {
    return this.#database.prepare<{ count: number }>(sql).get(...values)?.count ?? 0
  }
}

function groupOf(row: GroupRow): LogGroup {
  return {
    id: row.id,
    name: row.name,
    createdAtMs: row.created_ms,
    retentionDays: row.retention_days ?? undefined,
    tags: JSON.parse(row.tags) as LogGroup['tags'],
  }
}

function streamOf(row: StreamRow): LogStream {
  return {
    id: row.id,
    groupId: row.group_id,
    name: row.name,
    createdAtMs: row.created_ms,
    firstEventMs: row.first_ms ?? undefined,
    lastEventMs: row.last_ms ?? undefined,
    ingestedAtMs: row.ingested_ms ?? undefined,
    bytes: row.bytes,
  }
}

function eventOf(row: EventRow): LogEvent {
  return {
    id: row.id,
    streamId: row.stream_id,
    atMs: row.at_ms,
    ingestedAtMs: row.ingested_ms,
    message: row.message,
  }
}
