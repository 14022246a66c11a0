/**
 * The object store on the local disk: sealed blobs (blob-store.ts) under names and versions in the metadata database.
 *
 * A write is two steps. First the bytes become safe but invisible; then one transaction judges the conditions and makes
 * the version visible. Nothing is answered before that transaction is durable. What the first step stored for a
 * transaction that refuses is removed, and what a crash leaves between the two is swept at the next start.
 */
import type { CustomerKey, CustomerKeys } from '../../keys/customer-keys.ts'
import type { WrappedKeys } from '../../keys/key-rotation.ts'
import type { MasterKeys } from '../../keys/master-keys.ts'
import type { Clock } from '../../platform/clock.ts'
import type { FileSystem } from '../../platform/file-system.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import { type Encryption, isSameEncryption, type NewEncryption, requireCustomerKey, verifierOf } from '../encryption.ts'
import { isProtected, lockOfNew, mayBecome, type Retention } from '../object-lock.ts'
import type {
  Acl,
  Body,
  Bucket,
  BucketSettings,
  ByteRange,
  ListPage,
  ListQuery,
  MaterialisedObjects,
  ObjectRef,
  ObjectVersion,
  Put,
  PutOptions,
  WalkedObject,
  WriteCondition,
} from '../object-store.ts'
import type {
  ClaimedPart,
  CompleteOptions,
  CopyOptions,
  CopyPartOptions,
  LockBypass,
  NewUpload,
  ObjectPart,
  PartOptions,
  S3ObjectStore,
  Upload,
  UploadedPart,
  UploadListQuery,
  UploadPage,
  UploadRef,
  VersionListQuery,
  VersionPage,
} from '../s3-object-store.ts'
import type { ScrubEvent } from '../scrub-events.ts'
import type { BlobKeys } from './blob-keys.ts'
import { readBlobs } from './blob-reader.ts'
import { type BlobStore, gone, INLINE_BYTES_MAX, type PinnedBlob, type ReceivedBlob } from './blob-store.ts'
import { type BucketRow, BucketTable } from './bucket-table.ts'
import type { ByteThreads } from './byte-threads.ts'
import { attend, checksumOf, DEFAULT_ALGORITHM, requireDigests, requireSize, wantedAlgorithms } from './checks.ts'
import { requireCondition } from './conditions.ts'
import { refuseWhenFull } from './disk-full.ts'
import { Listing } from './listing.ts'
import { LocalUploads } from './local-uploads.ts'
import type { CacheTier, MaterialisedCache } from './materialised-cache.ts'
import {
  bucketNotEmpty,
  locked,
  markerNotAllowed,
  noSuchKey,
  noSuchVersion,
  requireLock,
  versioningNeeded,
} from './refusals.ts'
import { scrub } from './scrub/scrub.ts'
import { UploadTable } from './upload-table.ts'
import { blobsOf, lockOf, type NewVersion, partsOf, toVersion, type VersionRow, VersionTable } from './version-table.ts'

/** S3's limit for one PUT. */
export const PUT_BYTES_MAX = 5 * 1024 ** 3

export interface LocalObjectStoreParts {
  /** The data directory: `objects/`, `staging/`, `cache/` and `keys/` are the store's. */
  readonly directory: string
  readonly database: MetadataDatabase
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  /** Absent: `<directory>/keys/master` is read or made. */
  readonly masterKeys?: MasterKeys
  /** Absent: no object and no bucket can name a key of KMS. */
  readonly kms?: KmsParts
  /** Where plain copies go, in order of preference. Default: memory, then `<directory>/cache/objects`. */
  readonly cacheTiers?: readonly CacheTier[]
  /** Threads shared with others; they stay open. Default: threads of its own. */
  readonly threads?: ByteThreads
  /** As `threads`, for scrubs. Default: one for each of them, of low priority. */
  readonly scrubThreads?: ByteThreads | undefined
}

export interface KmsParts {
  readonly keys: CustomerKeys
  /** By whatever names it; undefined: the one that S3 uses where none is named. Refuses keyNotFound, aliasNotFound. */
  readonly named: (name: string | undefined) => Promise<CustomerKey>
}

export class LocalObjectStore implements S3ObjectStore {
  readonly #parts: LocalObjectStoreParts
  readonly #blobs: BlobStore
  readonly #keys: BlobKeys
  readonly #cache: MaterialisedCache
  readonly #threads: ByteThreads
  readonly #buckets: BucketTable
  readonly #versions: VersionTable
  readonly #listing: Listing
  readonly #uploadTable: UploadTable
  readonly #uploads: LocalUploads
  /** What `head` found, for the read that follows it. Blobs are never changed and their ids never used again. */
  readonly #rows = new WeakMap<ObjectVersion, VersionRow>()
  /** What rows say, for as long as they are kept in memory. */
  readonly #described = new WeakMap<VersionRow, ObjectVersion>()

  constructor(
    parts: LocalObjectStoreParts,
    opened: { blobs: BlobStore; keys: BlobKeys; cache: MaterialisedCache; threads: ByteThreads },
  ) {
    this.#parts = parts
    this.#blobs = opened.blobs
    this.#keys = opened.keys
    this.#cache = opened.cache
    this.#threads = opened.threads
    this.#buckets = new BucketTable(parts.database)
    this.#versions = new VersionTable(parts.database)
    this.#listing = new Listing(parts.database, this.#versions)
    this.#uploadTable = new UploadTable(parts.database)
    this.#uploads = new LocalUploads({
      blobs: this.#blobs,
      buckets: this.#buckets,
      versions: this.#versions,
      uploads: this.#uploadTable,
      clock: parts.clock,
      ids: parts.ids,
      write: (change) => this.#write(change),
      keep: (encryption) => this.#kept(encryption),
      addVersion: (bucket, version) => this.#addVersion(bucket, version),
    })
  }

  createBucket(name: string, region: string, settings: BucketSettings = {}): Promise<Bucket> {
    return this.#write(() => this.#buckets.create(name, region, { settings, nowMs: this.#parts.clock.nowMs() }))
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.find(name)
  }

  changeBucket(name: string, settings: BucketSettings): Promise<Bucket> {
    return this.#write(() => {
      const bucket = this.#buckets.change(name, settings)
      if (bucket.objectLock !== undefined && bucket.versioning !== 'enabled') throw versioningNeeded(bucket, settings)
      return bucket
    })
  }

  async deleteBucket(name: string): Promise<void> {
    await this.#write(() => {
      const bucket = this.#buckets.named(name)
      if (!this.#versions.isEmpty(bucket.id)) throw bucketNotEmpty(bucket)
      for (const upload of this.#uploadTable.ofBucket(bucket.id)) this.#uploads.remove(upload)
      this.#buckets.remove(name)
    })
    this.#blobs.collect()
  }

  buckets(): readonly Bucket[] {
    return this.#buckets.all()
  }

  async put(ref: { bucket: string; key: string }, body: Body, options: PutOptions = {}): Promise<ObjectVersion> {
    const [version] = await this.putAll([{ ref, body, options }])
    return version as ObjectVersion
  }

  async putAll(puts: readonly Put[]): Promise<readonly ObjectVersion[]> {
    for (const { options } of puts) attend(options?.checksum)
    const received: Received[] = []
    try {
      for (const put of puts) received.push(await this.#receive(put))
      for (const { blob, options } of received) if (blob !== undefined) await requireDigests(blob, options)
      const outcomes = await this.#write(() => received.map((one) => this.#insertReceived(one)))
      for (const [index, { blob }] of received.entries()) {
        if (blob === undefined) continue
        if (outcomes[index]?.used) this.#blobs.settle(blob)
        else await this.#blobs.discard(blob)
      }
      this.#blobs.collect()
      return outcomes.map(({ version }) => version)
    } catch (error) {
      for (const { blob } of received) if (blob !== undefined) await this.#blobs.discard(blob)
      throw error
    }
  }

  /** The bytes, on the disk and not yet anybody's. None of what was written before with the same token. */
  async #receive({ ref, body, options = {} }: Put): Promise<Received> {
    requireSize(options.size, PUT_BYTES_MAX)
    if (ref.key === '') throw new Error('An object must have a key.')
    const bucket = this.#buckets.named(ref.bucket)
    const encryption = options.encryption ?? 'AES256'
    if (this.#writtenBefore(bucket, ref.key, options.onceToken) !== undefined)
      return { ref, options, encryption, blob: undefined }
    const wanted = options.encryption ?? (await this.#defaultOf(bucket))
    const blob = await this.#blobs.receive(body, {
      algorithms: wantedAlgorithms(options.checksum),
      sizeMax: PUT_BYTES_MAX,
    })
    return { ref, options, encryption: wanted, blob }
  }

  /** Inside a transaction. */
  #insertReceived({ ref, options, encryption, blob }: Received): { version: ObjectVersion; used: boolean } {
    const bucket = this.#buckets.named(ref.bucket)
    const repeated = this.#writtenBefore(bucket, ref.key, options.onceToken)
    if (repeated !== undefined) return { version: toVersion(bucket, repeated), used: false }
    if (blob === undefined) throw new Error(`${ref.key} was written before and is gone: put it again.`)
    const before = this.#versions.latest(bucket.id, ref.key)
    requireCondition(before, options.condition, ref)
    this.#blobs.insert(blob, encryption)
    const added = {
      key: ref.key,
      size: blob.size,
      etag: encryption === 'AES256' ? blob.digests.md5 : this.#parts.ids.hex(32),
      checksum: checksumOf(blob.digests, options.checksum?.algorithm),
      metadata: options.metadata ?? {},
      acl: options.acl,
      lock: options.lock,
      encryption: this.#kept(encryption),
      onceToken: options.onceToken,
      content: { blobId: blob.id },
    }
    return { version: toVersion(bucket, this.#addVersion(bucket, added, before)), used: true }
  }

  async head(ref: ObjectRef): Promise<ObjectVersion> {
    const bucket = this.#buckets.named(ref.bucket)
    const row = this.#rowNamed(bucket, ref)
    const known = this.#described.get(row)
    if (known !== undefined) return known
    const version = toVersion(bucket, row)
    this.#described.set(row, version)
    this.#rows.set(version, row)
    return version
  }

  read(version: ObjectVersion, range?: ByteRange, customerKey?: Buffer): AsyncIterable<Uint8Array> {
    const whole = { start: 0, end: version.size - 1 }
    const { start, end } = range ?? whole
    if (range !== undefined && (start < 0 || start > end || end >= version.size)) {
      throw new Refusal('invalidRange', `The range ${start}-${end} is outside of ${version.size} bytes.`, {
        fields: { size: version.size },
      })
    }
    requireCustomerKey(version.encryption, customerKey, version)
    const inline = version.size <= INLINE_BYTES_MAX ? this.#inlineBytes(version) : undefined
    if (inline !== undefined) return oneChunk(inline.subarray(start, end + 1))
    return readBlobs(this.#parts.files, this.#pin(version, customerKey), { start, end })
  }

  async delete(
    ref: ObjectRef,
    condition?: WriteCondition,
    { bypassesGovernance }: LockBypass = NO_BYPASS,
  ): Promise<{ versionId?: string; deleteMarker?: boolean }> {
    const outcome = await this.#write(() => {
      const bucket = this.#buckets.named(ref.bucket)
      if (ref.key === '') return {}
      if (condition !== undefined) this.#requireDeletable(bucket, ref, condition)
      return ref.versionId === undefined
        ? this.#deleteLatest(bucket, ref.key)
        : this.#deleteVersion(bucket, { ...ref, versionId: ref.versionId }, bypassesGovernance)
    })
    this.#blobs.collect()
    return outcome
  }

  async list(bucket: string, query: ListQuery): Promise<ListPage> {
    return this.#listing.latest(this.#buckets.named(bucket), query)
  }

  async *walk(bucket: string, prefix: string): AsyncIterable<readonly WalkedObject[]> {
    yield* this.#listing.walk(this.#buckets.named(bucket), prefix)
  }

  async listVersions(bucket: string, query: VersionListQuery): Promise<VersionPage> {
    return this.#listing.versions(this.#buckets.named(bucket), query)
  }

  setTags(ref: ObjectRef, tags: Readonly<Record<string, string>> | undefined): Promise<ObjectVersion> {
    return this.#changeVersion(ref, (row) => this.#versions.setTags(row, tags))
  }

  setAcl(ref: ObjectRef, acl: Acl | undefined): Promise<ObjectVersion> {
    return this.#changeVersion(ref, (row) => this.#versions.setAcl(row, acl))
  }

  setRetention(
    ref: ObjectRef,
    retention: Retention | undefined,
    { bypassesGovernance }: LockBypass = NO_BYPASS,
  ): Promise<ObjectVersion> {
    return this.#changeVersion(ref, (row, bucket) => {
      requireLock(bucket)
      const lock = lockOf(row)
      const nowMs = this.#parts.clock.nowMs()
      if (!mayBecome(lock.retention, retention, { nowMs, bypassesGovernance })) throw locked(ref)
      this.#versions.setLock(row, { ...lock, retention })
    })
  }

  setLegalHold(ref: ObjectRef, isHeld: boolean): Promise<ObjectVersion> {
    return this.#changeVersion(ref, (row, bucket) => {
      requireLock(bucket)
      this.#versions.setLock(row, { ...lockOf(row), isHeld })
    })
  }

  /**
   * A copy shares the source's blob. Only where its ETag, checksum or encryption would differ are the bytes read and put
   * anew.
   */
  async copy(from: ObjectVersion, to: { bucket: string; key: string }, options: CopyOptions): Promise<ObjectVersion> {
    const { metadata, acl, lock, condition, checksumAlgorithm, sourceKey } = options
    const algorithm = checksumAlgorithm ?? from.checksum?.algorithm ?? DEFAULT_ALGORITHM
    const encryption = options.encryption ?? (await this.#defaultOf(this.#buckets.named(to.bucket)))
    const isShared = from.partSizes === undefined && isSameEncryption(from.encryption, encryption)
    if (!isShared || from.checksum?.algorithm !== algorithm) {
      const kept = { metadata, acl, lock, condition, encryption, checksum: { algorithm }, size: from.size }
      return this.put(to, this.read(from, undefined, sourceKey), kept)
    }
    requireCustomerKey(from.encryption, sourceKey, from)
    if (encryption !== 'AES256' && encryption.kind === 'kms') this.#keys.requireUsable(encryption)
    const copied = await this.#write(() => {
      const bucket = this.#buckets.named(to.bucket)
      const source = this.#versions.byRevision(Number(revisionOf(from)))
      if (source === undefined || source.blob_id === null) throw gone(`s3://${from.bucket}/${from.key}`)
      requireCondition(this.#versions.latest(bucket.id, to.key), condition, to)
      this.#blobs.retain(source.blob_id)
      const row = this.#addVersion(bucket, {
        key: to.key,
        size: source.size,
        etag: source.etag,
        checksum: from.checksum,
        metadata,
        acl,
        lock,
        encryption: this.#kept(encryption),
        onceToken: undefined,
        content: { blobId: source.blob_id },
      })
      return toVersion(bucket, row)
    })
    this.#blobs.collect()
    return copied
  }

  async createUpload(to: { bucket: string; key: string }, options: NewUpload): Promise<Upload> {
    const encryption = options.encryption ?? (await this.#defaultOf(this.#buckets.named(to.bucket)))
    return this.#uploads.create(to, { ...options, encryption })
  }

  async uploadNamed(ref: UploadRef): Promise<Upload> {
    return this.#uploads.named(ref)
  }

  putPart(ref: UploadRef, number: number, body: Body, options: PartOptions = {}): Promise<UploadedPart> {
    return this.#uploads.putPart(ref, number, body, options)
  }

  async copyPart(
    ref: UploadRef,
    number: number,
    from: ObjectVersion,
    { range, sourceKey, ...options }: CopyPartOptions = {},
  ): Promise<UploadedPart> {
    return this.#uploads.putPart(ref, number, this.read(from, range, sourceKey), options)
  }

  completeUpload(ref: UploadRef, parts: readonly ClaimedPart[], options: CompleteOptions = {}): Promise<ObjectVersion> {
    return this.#uploads.complete(ref, parts, options)
  }

  abortUpload(ref: UploadRef): Promise<void> {
    return this.#uploads.abort(ref)
  }

  async listParts(ref: UploadRef, query: { afterNumber: number; limit: number }) {
    return this.#uploads.listParts(ref, query)
  }

  async listUploads(bucket: string, query: UploadListQuery): Promise<UploadPage> {
    return this.#uploads.list(bucket, query)
  }

  partsOf(version: ObjectVersion): readonly ObjectPart[] {
    const row = this.#versions.byRevision(Number(revisionOf(version)))
    if (row === undefined) throw gone(`s3://${version.bucket}/${version.key}`)
    return partsOf(row).map(({ number, size, checksum }) => ({ number, size, checksum }))
  }

  forgetCompletedUploads(): Promise<void> {
    return this.#uploads.forgetCompleted()
  }

  async materialise(versions: readonly ObjectVersion[]): Promise<MaterialisedObjects> {
    // A copy that is there already must not outlive the right to it.
    for (const version of versions) this.#requireReadable(version)
    return this.#cache.take(
      versions.map((version) => ({
        revision: revisionOf(version),
        key: version.key,
        size: version.size,
        pin: () => this.#pin(version),
      })),
    )
  }

  /** For rotations of the master key. */
  get wrappedKeys(): WrappedKeys {
    return this.#blobs.wrappedKeys
  }

  /** For a copy of the lake: until it is let go no file that a version ever had is removed. */
  holdFiles(): Promise<() => void> {
    return this.#blobs.hold()
  }

  /** The files that a copy of the database needs, relative to the data directory. */
  filesOf(databasePath: string, signal: AbortSignal): AsyncGenerator<{ path: string; bytes: number }> {
    return this.#blobs.filesOf(databasePath, signal)
  }

  /** Reads everything, or one bucket, to see whether it is whole. Refuses 'noSuchBucket'. */
  scrub({ bucket, signal }: { bucket?: string; signal: AbortSignal }): AsyncGenerator<ScrubEvent, void> {
    const { database, files, clock, scrubThreads: threads } = this.#parts
    const only = bucket === undefined ? undefined : this.#buckets.named(bucket)
    return scrub(
      { database, blobs: this.#blobs, buckets: this.#buckets, files, clock, threads },
      { bucket: only, signal },
    )
  }

  /** Call when nothing is under way any more. The database stays open: it belongs to the caller. */
  async close(): Promise<void> {
    await this.#blobs.close()
    await this.#cache.close()
    if (this.#parts.threads === undefined) await this.#threads.close()
  }

  /** The latest version when it carries the token of a write that is being repeated. */
  #writtenBefore(bucket: BucketRow, key: string, onceToken: string | undefined): VersionRow | undefined {
    if (onceToken === undefined) return undefined
    const latest = this.#versions.latest(bucket.id, key)
    return latest?.once_token === onceToken ? latest : undefined
  }

  /** Runs the transaction that makes a received blob visible, and removes the blob when it was not used. */
  #changeVersion(ref: ObjectRef, change: (row: VersionRow, bucket: BucketRow) => void): Promise<ObjectVersion> {
    return this.#write(() => {
      const bucket = this.#buckets.named(ref.bucket)
      const row = this.#rowNamed(bucket, ref)
      if (row.marker === 1) throw markerNotAllowed(ref, row)
      change(row, bucket)
      return toVersion(bucket, this.#rowNamed(bucket, ref))
    })
  }

  #addVersion(
    bucket: BucketRow,
    version: Omit<NewVersion, 'versionId' | 'modifiedAtMs'>,
    before = this.#versions.latest(bucket.id, version.key),
  ): VersionRow {
    if (version.lock !== undefined) requireLock(bucket)
    const versionId = this.#makeWay(bucket, version.key, before)
    const modifiedAtMs = this.#parts.clock.nowMs()
    const lock = lockOfNew(version.lock, bucket.objectLock, modifiedAtMs)
    return this.#versions.add(bucket.id, { versionId, modifiedAtMs, ...version, lock }, before)
  }

  /** The id for a new version or marker. Outside of 'enabled' that is 'null', and what had it goes. */
  #makeWay(bucket: BucketRow, key: string, before: VersionRow | undefined): string {
    if (bucket.versioning === 'enabled') return newVersionId(this.#parts)
    if (before === undefined) return 'null'
    const replaced = before.version_id === 'null' ? before : this.#versions.named(bucket.id, key, 'null')
    if (replaced !== undefined) this.#removeRow(bucket, replaced)
    return 'null'
  }

  #removeRow(bucket: BucketRow, row: VersionRow): void {
    this.#versions.remove(bucket.id, row)
    for (const id of blobsOf(row)) this.#blobs.letGo(id)
  }

  #deleteLatest(bucket: BucketRow, key: string): { versionId?: string; deleteMarker?: boolean } {
    const before = this.#versions.latest(bucket.id, key)
    const versionId = this.#makeWay(bucket, key, before)
    if (bucket.versioning === 'unversioned') return {}
    this.#versions.addMarker(bucket.id, { key, versionId, nowMs: this.#parts.clock.nowMs() }, before)
    return { versionId, deleteMarker: true }
  }

  #deleteVersion(
    bucket: BucketRow,
    ref: Required<ObjectRef>,
    bypassesGovernance: boolean,
  ): { versionId?: string; deleteMarker?: boolean } {
    const row = this.#versions.named(bucket.id, ref.key, ref.versionId)
    if (row === undefined) {
      if (ref.versionId === 'null') return { versionId: 'null' }
      throw noSuchVersion(ref)
    }
    const nowMs = this.#parts.clock.nowMs()
    if (row.lock !== null && isProtected(lockOf(row), { nowMs, bypassesGovernance })) throw locked(ref)
    this.#removeRow(bucket, row)
    return { versionId: ref.versionId, ...(row.marker === 1 && { deleteMarker: true }) }
  }

  #requireDeletable(bucket: BucketRow, ref: ObjectRef, condition: WriteCondition): void {
    const row =
      ref.versionId === undefined
        ? this.#versions.latest(bucket.id, ref.key)
        : this.#versions.named(bucket.id, ref.key, ref.versionId)
    requireCondition(row, condition, ref)
  }

  #rowNamed(bucket: BucketRow, ref: ObjectRef): VersionRow {
    if (ref.versionId !== undefined) {
      const row = this.#versions.named(bucket.id, ref.key, ref.versionId)
      if (row === undefined) throw noSuchVersion({ ...ref, versionId: ref.versionId })
      return row
    }
    const row = this.#versions.latest(bucket.id, ref.key)
    if (row === undefined || row.marker === 1) throw noSuchKey(ref, row)
    return row
  }

  #requireReadable(version: ObjectVersion): void {
    const { encryption } = version
    if (encryption === 'AES256' || encryption === undefined) return
    requireCustomerKey(encryption, undefined, version)
    if (encryption.kind === 'kms') this.#keys.requireUsable(encryption)
  }

  /** What its bucket says of an object that says nothing itself. */
  async #defaultOf({ encryption }: BucketRow): Promise<NewEncryption> {
    if (encryption.algorithm === 'AES256') return 'AES256'
    const { kms } = this.#parts
    if (kms === undefined) throw new Error('This store was opened without keys of KMS.')
    const { id } = await kms.named(encryption.key)
    return { kind: 'kms', keyId: id, keyArn: kms.keys.arnOf(id), usesBucketKey: encryption.bucketKeyEnabled }
  }

  #kept(encryption: NewEncryption): Encryption {
    if (encryption === 'AES256' || encryption.kind === 'kms') return encryption
    return verifierOf(encryption.key, this.#parts.random)
  }

  /** undefined: not in one piece, or not under the lake's own key. */
  #inlineBytes(version: ObjectVersion): Buffer | undefined {
    const row = this.#rows.get(version)
    return row === undefined || row.blob_id === null ? undefined : this.#blobs.readInline(row.blob_id)
  }

  #pin(version: ObjectVersion, customerKey?: Buffer): { blobs: PinnedBlob[]; release(): void } {
    const row = this.#rows.get(version) ?? this.#versions.byRevision(Number(revisionOf(version)))
    const pinned = row === undefined ? undefined : this.#blobs.pin(blobsOf(row), customerKey)
    if (pinned === undefined) throw gone(`s3://${version.bucket}/${version.key}`)
    return pinned
  }

  async #write<Result>(change: () => Result): Promise<Result> {
    try {
      return await this.#parts.database.write(change)
    } catch (error) {
      throw refuseWhenFull(error)
    }
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes
}

/** A put whose bytes are on the disk; `blob` undefined: it was written before. */
interface Received {
  readonly ref: Put['ref']
  readonly options: PutOptions
  readonly encryption: NewEncryption
  readonly blob: ReceivedBlob | undefined
}

const NO_BYPASS: LockBypass = { bypassesGovernance: false }

/** 32 opaque characters. They begin with the time, so that new entries of the index lie together on disk. */
function newVersionId({ clock, ids }: { clock: Clock; ids: Ids }): string {
  return `${clock.nowMs().toString(36).padStart(9, '0')}${ids.alphanumeric(23)}`
}

function revisionOf(version: ObjectVersion): string {
  if (version.revision === undefined) throw new Error('This version does not come from the local object store.')
  return version.revision
}
