/** Delivery streams as rows of the metadata database: what must be known of them before and after they are at work. */
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase, Statement } from '../platform/sqlite.ts'
import type { S3Destination } from './destination.ts'
import { type StreamEncryption, unencrypted } from './encryption.ts'

/** CREATING_FAILED: the stream was to be encrypted from the start and could not be. It can only be deleted. */
export type StreamState = 'CREATING' | 'CREATING_FAILED' | 'ACTIVE' | 'DELETING'

export interface StreamDescription {
  readonly name: string
  /** Names the journal's folder; a stream made again under the same name gets another one. */
  readonly id: string
  readonly state: StreamState
  readonly version: number
  readonly createdAtMs: number
  /** undefined until the destination is updated for the first time. */
  readonly updatedAtMs: number | undefined
  readonly destination: S3Destination
  readonly encryption: StreamEncryption
  readonly tags: Readonly<Record<string, string>>
}

const MIGRATIONS = [
  `CREATE TABLE delivery_stream (
     name TEXT PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL,
     version INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER,
     destination TEXT NOT NULL,
     tags TEXT NOT NULL
   )`,
  // NULL: never encrypted.
  'ALTER TABLE delivery_stream ADD COLUMN encryption TEXT',
]

/** AWS's quota per region. */
const STREAMS_MAX = 5_000

interface Row {
  readonly name: string
  readonly id: string
  readonly state: string
  readonly version: number
  readonly created_at_ms: number
  readonly updated_at_ms: number | null
  readonly destination: string
  readonly tags: string
  readonly encryption: string | null
}

export class StreamRegistry {
  readonly #database: MetadataDatabase
  readonly #all: Statement<Row>
  readonly #byName: Statement<Row>
  readonly #count: Statement<{ streams: number }>
  readonly #insert: Statement<Row>
  readonly #replace: Statement<Row>
  readonly #remove: Statement<Row>

  constructor(database: MetadataDatabase) {
    database.migrate('delivery', MIGRATIONS)
    this.#database = database
    this.#all = database.prepare('SELECT * FROM delivery_stream ORDER BY name')
    this.#byName = database.prepare('SELECT * FROM delivery_stream WHERE name = ?')
    this.#count = database.prepare('SELECT count(*) AS streams FROM delivery_stream')
    this.#insert = database.prepare('INSERT INTO delivery_stream VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#replace = database.prepare(
      'UPDATE delivery_stream SET state = ?, version = ?, updated_at_ms = ?, destination = ?, tags = ?, encryption = ? WHERE id = ?',
    )
    this.#remove = database.prepare('DELETE FROM delivery_stream WHERE id = ?')
  }

  /** In the order of names. */
  streams(): StreamDescription[] {
    return this.#all.all().map(fromRow)
  }

  /** Refuses 'streamExists' and 'tooManyStreams'. */
  add(stream: StreamDescription): Promise<void> {
    return this.#database.write(() => {
      if (this.#byName.get(stream.name) !== undefined)
        throw new Refusal('streamExists', `Stream ${stream.name} exists already.`, { fields: { name: stream.name } })
      if ((this.#count.get()?.streams ?? 0) >= STREAMS_MAX)
        throw new Refusal('tooManyStreams', `There are ${STREAMS_MAX} delivery streams already.`)
      const { name, id, state, version, createdAtMs } = stream
      this.#insert.run(name, id, state, version, createdAtMs, null, ...textsOf(stream))
    })
  }

  /** Reads, changes and writes in one step; what `change` throws undoes it. Refuses 'noSuchStream'. */
  change(name: string, change: (current: StreamDescription) => StreamDescription): Promise<StreamDescription> {
    return this.#database.write(() => {
      const row = this.#byName.get(name)
      if (row === undefined) throw noSuchStream(name)
      const next = change(fromRow(row))
      const { state, version, updatedAtMs, id } = next
      this.#replace.run(state, version, updatedAtMs ?? null, ...textsOf(next), id)
      return next
    })
  }

  remove(id: string): Promise<void> {
    return this.#database.write(() => {
      this.#remove.run(id)
    })
  }
}

export function noSuchStream(name: string): Refusal {
  return new Refusal('noSuchStream', `There is no delivery stream ${name}.`, { fields: { name } })
}

function textsOf({ destination, tags, encryption }: StreamDescription): string[] {
  return [destination, tags, encryption].map((value) => JSON.stringify(value))
}

function fromRow(row: Row): StreamDescription {
  // An undefined member is not written as JSON and not there when read, which is the same to everybody who asks.
  return {
    name: row.name,
    id: row.id,
    state: row.state as StreamState,
    version: row.version,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms ?? undefined,
    destination: JSON.parse(row.destination) as S3Destination,
    tags: JSON.parse(row.tags) as Record<string, string>,
    encryption: row.encryption === null ? unencrypted : (JSON.parse(row.encryption) as StreamEncryption),
  }
}
