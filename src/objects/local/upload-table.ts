/** Multipart uploads and their parts as rows. All changes run inside a transaction of the caller. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { ObjectLock } from '../object-lock.ts'
import type { Acl, ChecksumAlgorithm, ObjectMetadata } from '../object-store.ts'
import type { Upload, UploadedPart, UploadListQuery } from '../s3-object-store.ts'
import { firstAfter, isCommonPrefix, type ScanPage, type ScanSource, skipScan } from './skip-scan.ts'
import { encryptionOf, encryptionText } from './version-table.ts'

export interface UploadRow {
  readonly id: number
  readonly bucket_id: number
  readonly key: Buffer
  readonly upload_id: string
  readonly started_at_ms: number
  readonly started_after: number
  readonly metadata: string
  readonly checksum: string | null
  readonly completed_version: number | null
  readonly acl: string | null
  readonly lock: string | null
  readonly begun_with: string | null
  readonly encryption: string | null
}

export interface PartRow {
  readonly number: number
  readonly blob_id: number
  readonly size: number
  readonly etag: string
  readonly modified_at_ms: number
  readonly checksum: string
}

interface UploadCursor {
  readonly key: Buffer
  /** Only later uploads to that key. */
  readonly afterId: number
}

export class UploadTable {
  readonly #sql: ReturnType<typeof statements>

  constructor(database: MetadataDatabase) {
    this.#sql = statements(database)
  }

  find(bucketId: number, key: string, uploadId: string): UploadRow | undefined {
    const row = this.#sql.find.get(uploadId)
    return row !== undefined && row.bucket_id === bucketId && row.key.equals(Buffer.from(key)) ? row : undefined
  }

  add(bucketId: number, upload: Omit<Upload, 'bucket'>): void {
    const { key, uploadId, startedAtMs, metadata, checksum, acl, lock, begunWith, encryption } = upload
    const after = this.#sql.newestVersion.get()?.id ?? 0
    this.#sql.insert.run(
      bucketId,
      Buffer.from(key),
      uploadId,
      startedAtMs,
      after,
      JSON.stringify(metadata),
      jsonOrNull(checksum),
      jsonOrNull(acl),
      jsonOrNull(lock),
      jsonOrNull(begunWith),
      encryption === undefined ? null : encryptionText(encryption),
    )
  }

  setCompleted(id: number, versionId: number): void {
    this.#sql.complete.run(versionId, id)
  }

  /** The caller lets the blobs of its parts go. */
  remove(id: number): void {
    this.#sql.removeParts.run(id)
    this.#sql.remove.run(id)
  }

  removeParts(id: number): void {
    this.#sql.removeParts.run(id)
  }

  ofBucket(bucketId: number): UploadRow[] {
    return this.#sql.ofBucket.all(bucketId)
  }

  completedBefore(startedAtMs: number): UploadRow[] {
    return this.#sql.completedBefore.all(startedAtMs)
  }

  part(id: number, number: number): PartRow | undefined {
    return this.#sql.part.get(id, number)
  }

  putPart(id: number, part: PartRow): void {
    this.#sql.putPart.run(id, part.number, part.blob_id, part.size, part.etag, part.modified_at_ms, part.checksum)
  }

  parts(id: number, { afterNumber, limit }: { afterNumber: number; limit: number }): PartRow[] {
    return this.#sql.parts.all(id, afterNumber, limit)
  }

  page(
    bucketId: number,
    { prefix = '', delimiter = '', keyMarker = '', uploadIdMarker, limit }: UploadListQuery,
  ): ScanPage<UploadRow> {
    const source: ScanSource<UploadRow, UploadCursor> = {
      fetch: ({ key, afterId }, end, rowsMax) => {
        const later = afterId === 0 ? [] : this.#sql.laterOf.all(bucketId, key, afterId, rowsMax)
        if (later.length === rowsMax) return later
        const behind = afterId === 0 ? key : Buffer.concat([key, Buffer.of(0)])
        return [...later, ...this.#sql.from.all(bucketId, behind, end ?? LAST_KEY, rowsMax - later.length)]
      },
      keyOf: (row) => row.key,
      after: (row) => ({ key: row.key, afterId: row.id }),
      at: (key) => ({ key, afterId: 0 }),
    }
    const marker =
      uploadIdMarker === undefined || isCommonPrefix(keyMarker, prefix, delimiter)
        ? undefined
        : this.find(bucketId, keyMarker, uploadIdMarker)
    const from =
      marker === undefined
        ? { key: firstAfter(keyMarker, prefix, delimiter), afterId: 0 }
        : { key: marker.key, afterId: marker.id }
    return skipScan(source, { prefix, delimiter, from, limit })
  }
}

/** Above every key: UTF-8 never holds this byte. */
const LAST_KEY = Buffer.of(0xff)

function statements(database: MetadataDatabase) {
  const open = 'SELECT * FROM upload INDEXED BY upload_listing WHERE completed_version IS NULL AND bucket_id = ?'
  return {
    find: database.prepare<UploadRow>('SELECT * FROM upload WHERE upload_id = ?'),
    insert: database.prepare(
      `INSERT INTO upload (bucket_id, key, upload_id, started_at_ms, started_after, metadata, checksum, acl, lock,
         begun_with, encryption)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    newestVersion: database.prepare<{ id: number | null }>('SELECT max(id) AS id FROM object_version'),
    complete: database.prepare('UPDATE upload SET completed_version = ? WHERE id = ?'),
    remove: database.prepare('DELETE FROM upload WHERE id = ?'),
    removeParts: database.prepare('DELETE FROM upload_part WHERE upload = ?'),
    ofBucket: database.prepare<UploadRow>('SELECT * FROM upload WHERE bucket_id = ?'),
    completedBefore: database.prepare<UploadRow>(
      'SELECT * FROM upload WHERE completed_version IS NOT NULL AND started_at_ms < ?',
    ),
    part: database.prepare<PartRow>('SELECT * FROM upload_part WHERE upload = ? AND number = ?'),
    putPart: database.prepare('INSERT OR REPLACE INTO upload_part VALUES (?, ?, ?, ?, ?, ?, ?)'),
    parts: database.prepare<PartRow>(
      'SELECT * FROM upload_part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
    ),
    from: database.prepare<UploadRow>(`${open} AND key >= ? AND key < ? ORDER BY key, id LIMIT ?`),
    laterOf: database.prepare<UploadRow>(`${open} AND key = ? AND id > ? ORDER BY id LIMIT ?`),
  }
}

export function toUpload(bucket: string, row: UploadRow): Upload {
  return {
    bucket,
    key: row.key.toString(),
    uploadId: row.upload_id,
    startedAtMs: row.started_at_ms,
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as Upload['checksum']),
    metadata: JSON.parse(row.metadata) as ObjectMetadata,
    encryption: encryptionOf(row),
    ...(row.acl !== null && { acl: JSON.parse(row.acl) as Acl }),
    ...(row.lock !== null && { lock: JSON.parse(row.lock) as ObjectLock }),
    ...(row.begun_with !== null && { begunWith: JSON.parse(row.begun_with) as NonNullable<Upload['begunWith']> }),
  }
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

export function toUploadedPart(row: PartRow, algorithm: ChecksumAlgorithm): UploadedPart {
  return {
    number: row.number,
    size: row.size,
    etag: row.etag,
    lastModifiedMs: row.modified_at_ms,
    checksum: { algorithm, value: row.checksum },
  }
}
