/**
 * Buckets as rows. Changes run inside a transaction of the caller. Every request asks for its bucket several times, so
 * rows are kept once read: until the bucket changes, or any change of the database is undone.
 */

import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Bucket, BucketSettings } from '../object-store.ts'

export interface BucketRow extends Bucket {
  readonly id: number
}

interface StoredRow {
  id: number
  name: string
  created_at_ms: number
  region: string
  settings: string
}

/** Kept as one JSON text, so that a setting is added where it is described: in `Bucket` and `BucketSettings`. */
type StoredSettings = Omit<Bucket, 'name' | 'createdAtMs' | 'region'>

/** As AWS makes buckets since 2023. */
const NEW_BUCKET: StoredSettings = {
  versioning: 'unversioned',
  encryption: { algorithm: 'AES256', bucketKeyEnabled: false },
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
  tags: {},
}

/** Rows kept in memory. */
const KNOWN_MAX = 1000

export class BucketTable {
  readonly #sql: ReturnType<typeof statements>
  readonly #database: MetadataDatabase
  readonly #known = new Map<string, BucketRow>()
  #undoneBefore = 0

  constructor(database: MetadataDatabase) {
    this.#sql = statements(database)
    this.#database = database
  }

  find(name: string): BucketRow | undefined {
    if (this.#undoneBefore !== this.#database.undone) {
      this.#known.clear()
      this.#undoneBefore = this.#database.undone
    }
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const row = this.#sql.find.get(name)
    if (row === undefined) return undefined
    const bucket = fromRow(row)
    if (this.#known.size >= KNOWN_MAX) this.#known.clear()
    this.#known.set(name, bucket)
    return bucket
  }

  named(name: string): BucketRow {
    const bucket = this.find(name)
    if (bucket === undefined) {
      throw new Refusal('noSuchBucket', `There is no bucket ${name}.`, { fields: { bucket: name } })
    }
    return bucket
  }

  /** By name. */
  all(): BucketRow[] {
    return this.#sql.all.all().map(fromRow)
  }

  create(name: string, region: string, { settings, nowMs }: { settings: BucketSettings; nowMs: number }): BucketRow {
    const existing = this.find(name)
    if (existing !== undefined) {
      throw new Refusal('bucketExists', `The bucket ${name} exists already.`, {
        fields: { bucket: name, region: existing.region },
      })
    }
    this.#sql.insert.run(name, nowMs, region, JSON.stringify({ ...NEW_BUCKET, ...settings }))
    return this.named(name)
  }

  change(name: string, settings: BucketSettings): BucketRow {
    const { id: _id, name: _name, createdAtMs: _createdAtMs, region: _region, ...stored } = this.named(name)
    this.#sql.update.run(JSON.stringify({ ...stored, ...settings }), name)
    this.#known.delete(name)
    return this.named(name)
  }

  remove(name: string): void {
    this.#sql.remove.run(name)
    this.#known.delete(name)
  }
}

function fromRow({ id, name, created_at_ms: createdAtMs, region, settings }: StoredRow): BucketRow {
  const stored = JSON.parse(settings) as StoredSettings
  return { ...stored, id, name, createdAtMs, region }
}

function statements(database: MetadataDatabase) {
  return {
    find: database.prepare<StoredRow>('SELECT * FROM bucket WHERE name = ?'),
    all: database.prepare<StoredRow>('SELECT * FROM bucket ORDER BY name'),
    insert: database.prepare('INSERT INTO bucket (name, created_at_ms, region, settings) VALUES (?, ?, ?, ?)'),
    update: database.prepare('UPDATE bucket SET settings = ? WHERE name = ?'),
    remove: database.prepare('DELETE FROM bucket WHERE name = ?'),
  }
}
