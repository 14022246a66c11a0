/**
 * An ObjectStore in memory for tests of the stages: buckets, versions, delete markers, byte-ordered listing, ranges,
 * conditions, once tokens. It counts what is read, and can be told to fail.
 */
import { createHash } from 'node:crypto'
import type {
  Body,
  Bucket,
  ByteRange,
  ListPage,
  ListQuery,
  MaterialisedObjects,
  ObjectRef,
  ObjectRefusal,
  ObjectStore,
  ObjectVersion,
  Put,
  PutOptions,
  VersioningState,
  WalkedObject,
} from '../../src/objects/object-store.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { FakeClock } from './fake-clock.ts'

interface Stored {
  version: ObjectVersion
  readonly bytes: Buffer
  readonly onceToken: string | undefined
}

const CHUNK_BYTES = 64 * 1024

export class MemoryObjectStore implements ObjectStore {
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  /** By bucket, then key; newest version first. */
  readonly #objects = new Map<string, Map<string, Stored[]>>()
  #versions = 0
  /** Bytes handed out by `read` since the beginning. */
  bytesRead = 0
  /** Keys in the order `read` was called. */
  readonly keysRead: string[] = []
  /** Called before each operation that may fail; throw from it to make it fail. */
  beforeEach: (operation: 'put' | 'read' | 'list' | 'head' | 'delete', key: string) => void | Promise<void> = () =>
    undefined

  constructor(clock: Clock = new FakeClock()) {
    this.#clock = clock
  }

  async createBucket(name: string, region = 'us-east-1', versioning: VersioningState = 'unversioned'): Promise<Bucket> {
    if (this.#buckets.has(name)) throw refuse('bucketExists', `The bucket ${name} exists.`)
    const all = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true }
    const bucket: Bucket = {
      name,
      region,
      createdAtMs: this.#clock.nowMs(),
      versioning,
      encryption: { algorithm: 'AES256', bucketKeyEnabled: false },
      publicAccessBlock: all,
      tags: {},
    }
    this.#buckets.set(name, bucket)
    this.#objects.set(name, new Map())
    return bucket
  }

  removeBucket(name: string): void {
    this.#buckets.delete(name)
    this.#objects.delete(name)
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name)
  }

  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async put(ref: Put['ref'], body: Body, options: PutOptions = {}): Promise<ObjectVersion> {
    const [version] = await this.putAll([{ ref, body, options }])
    return version as ObjectVersion
  }

  async putAll(puts: readonly Put[]): Promise<readonly ObjectVersion[]> {
    const received: { put: Put; bytes: Buffer }[] = []
    for (const put of puts) {
      await this.beforeEach('put', put.ref.key)
      received.push({ put, bytes: put.body instanceof Uint8Array ? Buffer.from(put.body) : await collect(put.body) })
    }
    for (const { put, bytes } of received) this.#check(put, bytes)
    return received.map(({ put: { ref, options = {} }, bytes }) => {
      const existing = this.#existing(ref)
      if (options.onceToken !== undefined && existing?.onceToken === options.onceToken) return existing.version
      const version = this.#newVersion(ref.bucket, ref.key, { bytes, options })
      this.#insert(ref.bucket, { version, bytes, onceToken: options.onceToken })
      return version
    })
  }

  #existing({ bucket, key }: Put['ref']): Stored | undefined {
    const current = this.#keysOf(bucket).get(key)?.[0]
    return current?.version.isDeleteMarker ? undefined : current
  }

  #check({ ref, options = {} }: Put, bytes: Buffer): void {
    const existing = this.#existing(ref)
    if (options.onceToken !== undefined && existing?.onceToken === options.onceToken) return
    if (options.condition?.ifNoneMatch === '*' && existing !== undefined)
      throw refuse('preconditionFailed', `${ref.key} exists.`)
    if (options.condition?.ifMatch !== undefined && options.condition.ifMatch !== existing?.version.etag)
      throw refuse('preconditionFailed', `${ref.key} has another ETag.`)
    if (options.size !== undefined && options.size !== bytes.length)
      throw refuse('incompleteBody', `${bytes.length} bytes instead of ${options.size}.`)
  }

  async head({ bucket, key, versionId }: ObjectRef): Promise<ObjectVersion> {
    await this.beforeEach('head', key)
    return this.#stored({ bucket, key, versionId }).version
  }

  async *read(version: ObjectVersion, range?: ByteRange): AsyncIterable<Uint8Array> {
    await this.beforeEach('read', version.key)
    this.keysRead.push(version.key)
    const { bytes } = this.#stored(version)
    const end = Math.min(range === undefined ? bytes.length : range.end + 1, bytes.length)
    for (let at = range?.start ?? 0; at < end; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, Math.min(end, at + CHUNK_BYTES))
      this.bytesRead += chunk.length
      yield chunk
    }
  }

  async delete({ bucket, key, versionId }: ObjectRef): Promise<{ versionId?: string; deleteMarker?: boolean }> {
    await this.beforeEach('delete', key)
    const versions = this.#keysOf(bucket)
    if (versionId !== undefined) {
      const kept = (versions.get(key) ?? []).filter((stored) => stored.version.versionId !== versionId)
      this.#keep(bucket, key, kept)
      return { versionId }
    }
    if (this.#buckets.get(bucket)?.versioning === 'unversioned') {
      versions.delete(key)
      return {}
    }
    const marker = { ...this.#newVersion(bucket, key, { bytes: Buffer.alloc(0), options: {} }), isDeleteMarker: true }
    this.#insert(bucket, { version: marker, bytes: Buffer.alloc(0), onceToken: undefined })
    return { versionId: marker.versionId, deleteMarker: true }
  }

  async list(bucket: string, { prefix = '', delimiter, startAfter, limit }: ListQuery): Promise<ListPage> {
    await this.beforeEach('list', prefix)
    const objects: ObjectVersion[] = []
    const commonPrefixes: string[] = []
    for (const [key, [latest]] of [...this.#keysOf(bucket)].sort(([a], [b]) => compareBytes(a, b))) {
      if (latest === undefined || latest.version.isDeleteMarker || !key.startsWith(prefix)) continue
      const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length)
      const entry = cut === -1 ? key : key.slice(0, cut + (delimiter ?? '').length)
      if (entry === commonPrefixes.at(-1) || (startAfter !== undefined && compareBytes(entry, startAfter) <= 0))
        continue
      if (objects.length + commonPrefixes.length === limit) {
        const last = [objects.at(-1)?.key ?? '', commonPrefixes.at(-1) ?? ''].sort(compareBytes)[1]
        return { objects, commonPrefixes, next: last }
      }
      if (cut === -1) objects.push(latest.version)
      else commonPrefixes.push(entry)
    }
    return { objects, commonPrefixes, next: undefined }
  }

  async *walk(bucket: string, prefix: string): AsyncIterable<readonly WalkedObject[]> {
    await this.beforeEach('list', prefix)
    const sorted = [...this.#keysOf(bucket)].sort(([a], [b]) => compareBytes(a, b))
    yield sorted.flatMap(([key, [latest]]) => {
      if (latest === undefined || latest.version.isDeleteMarker || !key.startsWith(prefix)) return []
      const { size, metadata } = latest.version
      return { key, size, ...(metadata.storageClass !== undefined && { storageClass: metadata.storageClass }) }
    })
  }

  async materialise(): Promise<MaterialisedObjects> {
    throw new Error('objects in memory have no files: use the local object store where an engine opens paths')
  }

  #newVersion(bucket: string, key: string, { bytes, options }: { bytes: Buffer; options: PutOptions }): ObjectVersion {
    this.#versions += 1
    return {
      bucket,
      key,
      versionId: this.#buckets.get(bucket)?.versioning === 'enabled' ? `v${this.#versions}` : 'null',
      isLatest: true,
      isDeleteMarker: false,
      size: bytes.length,
      etag: createHash('md5').update(bytes).digest('hex'),
      lastModifiedMs: this.#clock.nowMs(),
      encryption: 'AES256',
      checksum: undefined,
      metadata: options.metadata ?? {},
      revision: String(this.#versions),
    }
  }

  #insert(bucket: string, stored: Stored): void {
    const { key, versionId } = stored.version
    const older = (this.#keysOf(bucket).get(key) ?? []).filter((other) => other.version.versionId !== versionId)
    this.#keep(bucket, key, [stored, ...older])
  }

  #keep(bucket: string, key: string, versions: Stored[]): void {
    const marked = versions.map((stored, index) => ({
      ...stored,
      version: { ...stored.version, isLatest: index === 0 },
    }))
    if (marked.length === 0) this.#keysOf(bucket).delete(key)
    else this.#keysOf(bucket).set(key, marked)
  }

  #keysOf(bucket: string): Map<string, Stored[]> {
    const keys = this.#objects.get(bucket)
    if (keys === undefined) throw refuse('noSuchBucket', `The bucket ${bucket} does not exist.`)
    return keys
  }

  #stored({ bucket, key, versionId }: ObjectRef): Stored {
    const versions = this.#keysOf(bucket).get(key) ?? []
    const found =
      versionId === undefined ? versions[0] : versions.find((stored) => stored.version.versionId === versionId)
    if (found === undefined) throw refuse(versionId === undefined ? 'noSuchKey' : 'noSuchVersion', `No ${key}.`)
    if (found.version.isDeleteMarker) throw refuse('noSuchKey', `${key} was deleted.`)
    return found
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function refuse(code: ObjectRefusal, message: string): Refusal {
  return new Refusal(code, message)
}
