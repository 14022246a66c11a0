/**
 * Multipart uploads of the local store. A part is a blob; completing an upload only writes metadata: the object's bytes
 * are its parts' blobs, one behind the other, so nothing is copied however large it is.
 */
import type { Clock } from '../../platform/clock.ts'
import type { Ids } from '../../platform/ids.ts'
import { Refusal } from '../../platform/refusal.ts'
import { type Encryption, type NewEncryption, requireCustomerKey } from '../encryption.ts'
import type { Body, ObjectVersion } from '../object-store.ts'
import type {
  ClaimedPart,
  CompleteOptions,
  NewUpload,
  PartOptions,
  Upload,
  UploadedPart,
  UploadListQuery,
  UploadPage,
  UploadRef,
} from '../s3-object-store.ts'
import { assemble } from './assemble.ts'
import type { BlobStore, ReceivedBlob } from './blob-store.ts'
import type { BucketRow, BucketTable } from './bucket-table.ts'
import { attend, DEFAULT_ALGORITHM, requireDigests, requireSize } from './checks.ts'
import { requireCondition } from './conditions.ts'
import { type PartRow, toUpload, toUploadedPart, type UploadRow, type UploadTable } from './upload-table.ts'
import { type NewVersion, toVersion, type VersionRow, type VersionTable } from './version-table.ts'

/** S3's limits: of one part, and of the whole. */
const PART_BYTES_MAX = 5 * 1024 ** 3
const PARTS_MAX = 10_000

/** How long a completed upload answers to being completed again. */
export const COMPLETED_KEPT_MS = 24 * 3600 * 1000

export interface LocalUploadsParts {
  readonly blobs: BlobStore
  readonly buckets: BucketTable
  readonly versions: VersionTable
  readonly uploads: UploadTable
  readonly clock: Clock
  readonly ids: Ids
  /** The store's transaction. */
  write<Result>(change: () => Result): Promise<Result>
  /** What is kept of the encryption that is asked for. */
  keep(encryption: NewEncryption): Encryption
  /** Inside a transaction: makes a version visible. */
  addVersion(bucket: BucketRow, version: Omit<NewVersion, 'versionId' | 'modifiedAtMs'>): VersionRow
}

export class LocalUploads {
  readonly #parts: LocalUploadsParts

  constructor(parts: LocalUploadsParts) {
    this.#parts = parts
  }

  async create(
    to: { bucket: string; key: string },
    { metadata = {}, checksum, encryption = 'AES256', ...rest }: NewUpload,
  ): Promise<Upload> {
    const { buckets, uploads, ids, clock, write, keep } = this.#parts
    const uploadId = ids.alphanumeric(64)
    const upload: Upload = {
      ...to,
      uploadId,
      startedAtMs: clock.nowMs(),
      checksum,
      metadata,
      ...rest,
      encryption: keep(encryption),
    }
    await write(() => uploads.add(buckets.named(to.bucket).id, upload))
    return upload
  }

  named(ref: UploadRef): Upload {
    return toUpload(ref.bucket, this.#openRow(ref).row)
  }

  async putPart(ref: UploadRef, number: number, body: Body, options: PartOptions): Promise<UploadedPart> {
    const { blobs, uploads, clock, write } = this.#parts
    attend(options.checksum)
    requireSize(options.size, PART_BYTES_MAX)
    const upload = this.named(ref)
    const algorithm = upload.checksum?.algorithm ?? DEFAULT_ALGORITHM
    const encryption = encryptionOfPart(upload, options.customerKey)
    const claimed = options.checksum?.algorithm
    const blob = await blobs.receive(body, {
      algorithms: claimed === undefined ? [algorithm] : [algorithm, claimed],
      sizeMax: PART_BYTES_MAX,
    })
    const part: PartRow = {
      number,
      blob_id: blob.id,
      size: blob.size,
      etag: encryption === 'AES256' ? blob.digests.md5 : this.#parts.ids.hex(32),
      modified_at_ms: clock.nowMs(),
      checksum: blob.digests.checksums[algorithm] as string,
    }
    await this.#adopt(blob, async () => {
      await requireDigests(blob, options)
      await write(() => {
        const { row } = this.#openRow(ref)
        const replaced = uploads.part(row.id, number)
        if (replaced !== undefined) blobs.letGo(replaced.blob_id)
        blobs.insert(blob, encryption)
        uploads.putPart(row.id, part)
      })
    })
    return toUploadedPart(part, algorithm)
  }

  async complete(ref: UploadRef, claimed: readonly ClaimedPart[], options: CompleteOptions): Promise<ObjectVersion> {
    const { blobs, uploads, versions, addVersion, write } = this.#parts
    const version = await write(() => {
      const bucket = this.#parts.buckets.named(ref.bucket)
      const row = this.#row(bucket, ref)
      if (row.completed_version !== null) {
        const done = versions.byRevision(row.completed_version)
        if (done === undefined) throw noSuchUpload(ref)
        return toVersion(bucket, done)
      }
      const upload = toUpload(ref.bucket, row)
      const rows = uploads.parts(row.id, { afterNumber: 0, limit: PARTS_MAX })
      const uploaded = new Map(rows.map((part) => [part.number, part]))
      const { parts, size, etag, checksum } = assemble(upload, uploaded, { claimed, options })
      this.#requireCondition(bucket, row, { ref, options })
      for (const part of parts) uploaded.delete(part.number)
      for (const unused of uploaded.values()) blobs.letGo(unused.blob_id)
      const made = addVersion(bucket, {
        key: ref.key,
        size,
        etag,
        checksum,
        metadata: upload.metadata,
        acl: upload.acl,
        lock: upload.lock,
        encryption: upload.encryption ?? 'AES256',
        onceToken: undefined,
        content: {
          parts: parts.map((part) => ({
            number: part.number,
            blobId: part.blob_id,
            size: part.size,
            ...(checksum.type === 'COMPOSITE' && { checksum: part.checksum }),
          })),
        },
      })
      uploads.removeParts(row.id)
      uploads.setCompleted(row.id, made.id)
      return toVersion(bucket, made)
    })
    blobs.collect()
    return version
  }

  async abort(ref: UploadRef): Promise<void> {
    const { blobs, write } = this.#parts
    await write(() => this.remove(this.#openRow(ref).row))
    blobs.collect()
  }

  /** Inside a transaction: the upload and the bytes of its parts. */
  remove(row: UploadRow): void {
    const { blobs, uploads } = this.#parts
    for (const part of uploads.parts(row.id, { afterNumber: 0, limit: PARTS_MAX })) blobs.letGo(part.blob_id)
    uploads.remove(row.id)
  }

  /** Forgets uploads that were completed long ago. */
  async forgetCompleted(): Promise<void> {
    const { uploads, clock, write } = this.#parts
    const old = uploads.completedBefore(clock.nowMs() - COMPLETED_KEPT_MS)
    if (old.length === 0) return
    await write(() => {
      for (const { id } of old) uploads.remove(id)
    })
  }

  listParts(ref: UploadRef, { afterNumber, limit }: { afterNumber: number; limit: number }) {
    const upload = this.named(ref)
    const algorithm = upload.checksum?.algorithm ?? DEFAULT_ALGORITHM
    const rows = this.#parts.uploads.parts(this.#openRow(ref).row.id, { afterNumber, limit: limit + 1 })
    const parts = rows.slice(0, limit).map((row) => toUploadedPart(row, algorithm))
    return { upload, parts, hasMore: rows.length > limit }
  }

  list(bucketName: string, query: UploadListQuery): UploadPage {
    const bucket = this.#parts.buckets.named(bucketName)
    const { rows, commonPrefixes, last } = this.#parts.uploads.page(bucket.id, query)
    const next =
      last &&
      ('row' in last
        ? { keyMarker: last.row.key.toString(), uploadIdMarker: last.row.upload_id }
        : { keyMarker: last.commonPrefix, uploadIdMarker: undefined })
    return { uploads: rows.map((row) => toUpload(bucketName, row)), commonPrefixes, next }
  }

  #row(bucket: BucketRow, ref: UploadRef): UploadRow {
    const row = this.#parts.uploads.find(bucket.id, ref.key, ref.uploadId)
    if (row === undefined) throw noSuchUpload(ref)
    return row
  }

  #openRow(ref: UploadRef): { bucket: BucketRow; row: UploadRow } {
    const bucket = this.#parts.buckets.named(ref.bucket)
    const row = this.#row(bucket, ref)
    if (row.completed_version !== null) throw noSuchUpload(ref)
    return { bucket, row }
  }

  /** A key that changed since the upload began is a conflict: the caller may have judged by what was there before. */
  #requireCondition(
    bucket: BucketRow,
    row: UploadRow,
    { ref, options: { condition } }: { ref: UploadRef; options: CompleteOptions },
  ): void {
    if (condition === undefined) return
    const latest = this.#parts.versions.latest(bucket.id, ref.key)
    if (latest !== undefined && latest.id > row.started_after) {
      throw new Refusal('conditionalConflict', `s3://${ref.bucket}/${ref.key} changed since the upload began.`, {
        fields: { key: ref.key, condition: condition.ifMatch === undefined ? 'If-None-Match' : 'If-Match' },
      })
    }
    requireCondition(latest, condition, ref)
  }

  async #adopt(blob: ReceivedBlob, commit: () => Promise<void>): Promise<void> {
    const { blobs } = this.#parts
    try {
      await commit()
      blobs.settle(blob)
      blobs.collect()
    } catch (error) {
      await blobs.discard(blob)
      throw error
    }
  }
}

function encryptionOfPart(upload: Upload, customerKey: Buffer | undefined): NewEncryption {
  const { encryption = 'AES256' } = upload
  requireCustomerKey(encryption, customerKey, upload)
  if (encryption === 'AES256' || encryption.kind === 'kms') return encryption
  return { kind: 'customer', key: customerKey as Buffer }
}

function noSuchUpload({ bucket, key, uploadId }: UploadRef): Refusal {
  return new Refusal('noSuchUpload', `There is no upload ${uploadId} to s3://${bucket}/${key}.`, {
    fields: { bucket, key, uploadId },
  })
}
