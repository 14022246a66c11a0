/**
 * The part of the ObjectStore port that delivery uses, in memory, with versions kept so that a test can see a second
 * write of the same batch. Puts can be told to fail, and a process that crashed never hears of its own.
 */
import type {
  Body,
  Bucket,
  MaterialisedObjects,
  ObjectRef,
  ObjectStore,
  ObjectVersion,
  PutOptions,
} from '../../src/objects/object-store.ts'
import { Refusal } from '../../src/platform/refusal.ts'

export interface StoredVersion {
  readonly bucket: string
  readonly key: string
  readonly body: Buffer
  readonly options: PutOptions
}

export class SimulatedObjects {
  readonly versions: StoredVersion[] = []
  readonly buckets = new Set<string>()
  readonly refusing = new Set<string>()
  /** How many of the next puts fail, before (nothing is stored) or after reading the body. */
  failingPuts = 0
  /** How many succeed before those. */
  puttingBefore = 0
  puts = 0
  #generation = 0

  constructor(...buckets: string[]) {
    for (const bucket of buckets) this.buckets.add(bucket)
  }

  /**
   * The bucket is deleted; or, because S3 deletes only empty ones, refuses everything from now on. `restore` ends both.
   */
  lose(bucket: string): void {
    if (this.versions.some((version) => version.bucket === bucket)) this.refusing.add(bucket)
    else this.buckets.delete(bucket)
  }

  restore(bucket: string): void {
    this.buckets.add(bucket)
    this.refusing.delete(bucket)
  }

  crash(): void {
    this.#generation += 1
  }

  session(): ObjectStore {
    const generation = this.#generation
    return new Session(this, () => generation === this.#generation)
  }

  /** The latest body under each key. */
  keys(): string[] {
    return [...new Set(this.versions.map(({ key }) => key))]
  }
}

class Session implements ObjectStore {
  readonly #objects: SimulatedObjects
  readonly #isAlive: () => boolean

  constructor(objects: SimulatedObjects, isAlive: () => boolean) {
    this.#objects = objects
    this.#isAlive = isAlive
  }

  async put({ bucket, key }: { bucket: string; key: string }, body: Body, options: PutOptions = {}) {
    this.#objects.puts += 1
    await this.#turn()
    this.#checkBucket(bucket)
    const chunks: Uint8Array[] = []
    if (body instanceof Uint8Array) chunks.push(body)
    else for await (const chunk of body) chunks.push(Buffer.from(chunk))
    await this.#turn()
    if (this.#objects.puttingBefore > 0) this.#objects.puttingBefore -= 1
    else if (this.#objects.failingPuts > 0) {
      this.#objects.failingPuts -= 1
      throw new Error('The object store is out of sorts (simulated).')
    }
    const latest = this.#objects.versions.findLast((version) => version.bucket === bucket && version.key === key)
    const isRepeated =
      latest !== undefined && latest.options.onceToken === options.onceToken && options.onceToken !== undefined
    if (!isRepeated) this.#objects.versions.push({ bucket, key, body: Buffer.concat(chunks), options })
    await this.#turn()
    return this.head({ bucket, key })
  }

  async head({ bucket, key }: ObjectRef): Promise<ObjectVersion> {
    await this.#turn()
    this.#checkBucket(bucket)
    const found = this.#objects.versions.findLast((version) => version.bucket === bucket && version.key === key)
    if (found === undefined) throw new Refusal('noSuchKey', `There is no object ${key}.`)
    return {
      bucket,
      key,
      versionId: 'null',
      isLatest: true,
      isDeleteMarker: false,
      size: found.body.byteLength,
      etag: '',
      lastModifiedMs: 0,
      encryption: undefined,
      checksum: undefined,
      metadata: found.options.metadata ?? {},
    }
  }

  #checkBucket(bucket: string): void {
    if (!this.#objects.buckets.has(bucket)) throw new Refusal('noSuchBucket', `There is no bucket ${bucket}.`)
    if (this.#objects.refusing.has(bucket)) throw new Error(`Access to ${bucket} is denied (simulated).`)
  }

  createBucket(): Promise<Bucket> {
    throw notPartOfDelivery
  }

  findBucket(): Bucket | undefined {
    throw notPartOfDelivery
  }

  buckets(): readonly Bucket[] {
    throw notPartOfDelivery
  }

  read(): AsyncIterable<Uint8Array> {
    throw notPartOfDelivery
  }

  putAll(): Promise<never> {
    throw notPartOfDelivery
  }

  walk(): AsyncIterable<never> {
    throw notPartOfDelivery
  }

  delete(): Promise<never> {
    throw notPartOfDelivery
  }

  list(): Promise<never> {
    throw notPartOfDelivery
  }

  materialise(): Promise<MaterialisedObjects> {
    throw notPartOfDelivery
  }

  async #turn(): Promise<void> {
    await undefined
    if (!this.#isAlive()) await new Promise(() => undefined)
  }
}

const notPartOfDelivery = new Error('Delivery has no reason to call this.')
