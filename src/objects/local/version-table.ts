/**
 * Object versions as rows. One row a version or delete marker; `latest` marks the newest row of its key, which is
 * always the one with the highest id. All changes run inside a transaction of the caller.
 */
import { LRUCache } from 'lru-cache'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Encryption } from '../encryption.ts'
import type { ObjectLock } from '../object-lock.ts'
import type { Acl, ObjectChecksum, ObjectMetadata, ObjectVersion } from '../object-store.ts'
import type { BucketRow } from './bucket-table.ts'

/** A part of a multipart object: its blob, its size, and its own checksum when the upload asked for one. */
export interface StoredPart {
  readonly number: number
  readonly blobId: number
  readonly size: number
  readonly checksum?: string
}

export interface VersionRow {
  id: number
  key: Buffer
  version_id: string
  latest: number
  marker: number
  size: number
  etag: string
  modified_at_ms: number
  checksum: string | null
  metadata: string | null
  tags: string | null
  once_token: string | null
  blob_id: number | null
  parts: string | null
  acl: string | null
  lock: string | null
  encryption: string | null
}

export interface NewVersion {
  readonly key: string
  readonly versionId: string
  readonly size: number
  readonly etag: string
  readonly modifiedAtMs: number
  readonly checksum: ObjectChecksum | undefined
  readonly metadata: ObjectMetadata
  readonly acl?: Acl
  readonly lock?: ObjectLock
  readonly encryption: Encryption
  readonly onceToken: string | undefined
  readonly content: { readonly blobId: number } | { readonly parts: readonly StoredPart[] }
}

const COLUMNS =
  'id, key, version_id, latest, marker, size, etag, modified_at_ms, checksum, metadata, tags, once_token, blob_id, parts, acl, lock, encryption'

/** Rows of keys that were asked for lately, kept in memory: some 1 KiB each. */
const KNOWN_MAX = 4096

export class VersionTable {
  readonly #sql: ReturnType<typeof statements>
  readonly #database: MetadataDatabase
  readonly #known = new LRUCache<string, VersionRow>({ max: KNOWN_MAX })
  #undoneBefore = 0

  constructor(database: MetadataDatabase) {
    this.#sql = statements(database)
    this.#database = database
  }

  latest(bucketId: number, key: string): VersionRow | undefined {
    if (this.#undoneBefore !== this.#database.undone) {
      this.#known.clear()
      this.#undoneBefore = this.#database.undone
    }
    const bytes = Buffer.from(key)
    const name = nameInMemory(bucketId, bytes)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const row = this.#sql.latest.get(bucketId, bytes)
    if (row !== undefined) this.#known.set(name, row)
    return row
  }

  named(bucketId: number, key: string, versionId: string): VersionRow | undefined {
    if (versionId === 'null') return this.#sql.nullVersion.get(bucketId, bytesOf(key))
    const row = this.#sql.named.get(versionId)
    return row !== undefined && row.bucket_id === bucketId && row.key.equals(bytesOf(key)) ? row : undefined
  }

  byRevision(revision: number): VersionRow | undefined {
    return this.#sql.byId.get(revision)
  }

  /** `before`: what the key had so far; undefined when nothing. */
  add(bucketId: number, version: NewVersion, before: VersionRow | undefined): VersionRow {
    const { tags, ...metadata } = version.metadata
    return this.#insert(bucketId, before, {
      key: Buffer.from(version.key),
      version_id: version.versionId,
      marker: 0,
      size: version.size,
      etag: version.etag,
      modified_at_ms: version.modifiedAtMs,
      checksum: jsonOrNull(version.checksum),
      metadata: jsonOrNull(metadata),
      tags: jsonOrNull(tags),
      once_token: version.onceToken ?? null,
      blob_id: 'blobId' in version.content ? version.content.blobId : null,
      parts: 'parts' in version.content ? JSON.stringify(version.content.parts.map(partToRow)) : null,
      acl: aclText(version.acl),
      lock: jsonOrNull(version.lock),
      encryption: encryptionText(version.encryption),
    })
  }

  addMarker(
    bucketId: number,
    { key, versionId, nowMs }: { key: string; versionId: string; nowMs: number },
    before: VersionRow | undefined,
  ): VersionRow {
    return this.#insert(bucketId, before, {
      key: Buffer.from(key),
      version_id: versionId,
      marker: 1,
      size: 0,
      etag: '',
      modified_at_ms: nowMs,
      checksum: null,
      metadata: null,
      tags: null,
      once_token: null,
      blob_id: null,
      parts: null,
      acl: null,
      lock: null,
      encryption: null,
    })
  }

  /** When it was the latest, the version before becomes the latest. The caller lets its blobs go. */
  remove(bucketId: number, row: VersionRow): void {
    this.#sql.remove.run(row.id)
    if (row.latest === 0) return
    this.#known.delete(nameInMemory(bucketId, row.key))
    const before = this.#sql.latest.get(bucketId, row.key)
    if (before !== undefined) this.#sql.promote.run(before.id)
  }

  setTags(row: VersionRow, tags: Readonly<Record<string, string>> | undefined): void {
    this.#sql.setTags.run(jsonOrNull(tags), row.id)
    this.#known.clear()
  }

  setLock(row: VersionRow, { retention, isHeld }: ObjectLock): void {
    const lock = { ...(retention !== undefined && { retention }), ...(isHeld !== undefined && { isHeld }) }
    this.#sql.setLock.run(jsonOrNull(lock), row.id)
    this.#known.clear()
  }

  setAcl(row: VersionRow, acl: Acl | undefined): void {
    this.#sql.setAcl.run(aclText(acl), row.id)
    this.#known.clear()
  }

  isEmpty(bucketId: number): boolean {
    return this.#sql.anyOf.get(bucketId) === undefined
  }

  #insert(bucketId: number, before: VersionRow | undefined, row: Omit<VersionRow, 'id' | 'latest'>): VersionRow {
    if (before !== undefined) {
      this.#sql.demote.run(bucketId, row.key)
      this.#known.delete(nameInMemory(bucketId, row.key))
    }
    const { lastId } = this.#sql.insert.run(
      bucketId,
      row.key,
      row.version_id,
      row.marker,
      row.size,
      row.etag,
      row.modified_at_ms,
      row.checksum,
      row.metadata,
      row.tags,
      row.once_token,
      row.blob_id,
      row.parts,
      row.acl,
      row.lock,
      row.encryption,
    )
    return { id: lastId, latest: 1, ...row }
  }
}

function statements(database: MetadataDatabase) {
  return {
    latest: database.prepare<VersionRow>(
      `SELECT ${COLUMNS} FROM object_version WHERE bucket_id = ? AND key = ? ORDER BY id DESC LIMIT 1`,
    ),
    nullVersion: database.prepare<VersionRow>(
      `SELECT ${COLUMNS} FROM object_version INDEXED BY object_history
       WHERE bucket_id = ? AND key = ? AND version_id = 'null' ORDER BY id DESC LIMIT 1`,
    ),
    named: database.prepare<VersionRow & { bucket_id: number }>(
      `SELECT bucket_id, ${COLUMNS} FROM object_version WHERE version_id = ? AND version_id <> 'null'`,
    ),
    byId: database.prepare<VersionRow>(`SELECT ${COLUMNS} FROM object_version WHERE id = ?`),
    demote: database.prepare('UPDATE object_version SET latest = 0 WHERE bucket_id = ? AND key = ? AND latest = 1'),
    promote: database.prepare('UPDATE object_version SET latest = 1 WHERE id = ?'),
    insert: database.prepare(
      `INSERT INTO object_version (bucket_id, key, version_id, latest, marker, size, etag, modified_at_ms, checksum,
         metadata, tags, once_token, blob_id, parts, acl, lock, encryption)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: database.prepare('DELETE FROM object_version WHERE id = ?'),
    setTags: database.prepare('UPDATE object_version SET tags = ? WHERE id = ?'),
    setLock: database.prepare('UPDATE object_version SET lock = ? WHERE id = ?'),
    setAcl: database.prepare('UPDATE object_version SET acl = ? WHERE id = ?'),
    anyOf: database.prepare('SELECT 1 FROM object_version WHERE bucket_id = ? LIMIT 1'),
  }
}

export const VERSION_COLUMNS = COLUMNS

export function toVersion(bucket: Pick<BucketRow, 'name'>, row: VersionRow): ObjectVersion {
  const isDeleteMarker = row.marker === 1
  const metadata = row.metadata === null ? {} : (JSON.parse(row.metadata) as ObjectMetadata)
  return {
    bucket: bucket.name,
    key: row.key.toString(),
    versionId: row.version_id,
    isLatest: row.latest === 1,
    isDeleteMarker,
    size: row.size,
    etag: row.etag,
    lastModifiedMs: row.modified_at_ms,
    encryption: isDeleteMarker ? undefined : encryptionOf(row),
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as ObjectChecksum),
    metadata: row.tags === null ? metadata : { ...metadata, tags: JSON.parse(row.tags) as Record<string, string> },
    ...(row.parts !== null && { partSizes: partsOf(row).map((part) => part.size) }),
    ...(row.acl !== null && { acl: JSON.parse(row.acl) as Acl }),
    ...(row.lock !== null && { lock: lockOf(row) }),
    revision: String(row.id),
  }
}

/** Nothing protects a version whose row says nothing of it. */
export function lockOf({ lock }: VersionRow): ObjectLock {
  return lock === null ? {} : (JSON.parse(lock) as ObjectLock)
}

/** Under the lake's own key where the row says nothing of it. */
export function encryptionOf({ encryption }: { readonly encryption: string | null }): Encryption {
  return encryption === null ? 'AES256' : (JSON.parse(encryption) as Encryption)
}

export function encryptionText(encryption: Encryption): string | null {
  return encryption === 'AES256' ? null : JSON.stringify(encryption)
}

/** The parts of a multipart object in order; empty for others. */
export function partsOf(row: VersionRow): StoredPart[] {
  return row.parts === null ? [] : (JSON.parse(row.parts) as PartRow[]).map(partFromRow)
}

/** The blobs that hold the bytes, in order. */
export function blobsOf(row: VersionRow): number[] {
  return row.blob_id === null ? partsOf(row).map((part) => part.blobId) : [row.blob_id]
}

type PartRow = [number: number, blobId: number, size: number, checksum?: string]

function partToRow(part: StoredPart): PartRow {
  const row: PartRow = [part.number, part.blobId, part.size]
  if (part.checksum !== undefined) row.push(part.checksum)
  return row
}

function partFromRow([number, blobId, size, checksum]: PartRow): StoredPart {
  return { number, blobId, size, ...(checksum !== undefined && { checksum }) }
}

/** By the bytes, as the table has it: texts that differ may be the same key. */
function nameInMemory(bucketId: number, key: Buffer): string {
  return `${bucketId}/${key.toString('latin1')}`
}

function bytesOf(key: string | Buffer): Buffer {
  return typeof key === 'string' ? Buffer.from(key) : key
}

/** An ACL without grants says something: nobody has rights. */
function aclText(acl: Acl | undefined): string | null {
  return acl === undefined ? null : JSON.stringify(acl)
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined || Object.keys(value).length === 0 ? null : JSON.stringify(value)
}
