/**
 * The ObjectStore port: buckets, immutable object versions, multipart uploads. S3's meaning without S3's wire.
 *
 * Promises every backend keeps:
 * - when `put`, `completeUpload`, `copy` or `delete` resolves, its effect is durable and visible to every later call;
 * - a version never changes once visible; a reader that started keeps reading the same bytes to their end;
 * - nothing is ever half visible: a failed or crashed write leaves no version behind;
 * - checksums are checked on the way in (when the caller gave any) and again on the way out;
 * - listing order is the byte order of keys as UTF-8.
 */

import type { DefaultEncryption, Encryption, EncryptionRefusal, NewEncryption } from './encryption.ts'
import type { Lifecycle } from './lifecycle/rules.ts'
import type { LockSettings, ObjectLock } from './object-lock.ts'

export type VersioningState = 'unversioned' | 'enabled' | 'suspended'

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** Who owns what others put into a bucket, and whether ACLs count in it. */
export type ObjectOwnership =
  /** The bucket's owner owns all; there are no ACLs. */
  | 'bucketOwnerEnforced'
  | 'bucketOwnerPreferred'
  | 'objectWriter'
  /** The setting was removed: ACLs count, as in `objectWriter`. */
  | 'unset'

export interface Grant {
  readonly grantee: 'owner' | 'allUsers' | 'authenticatedUsers' | 'logDelivery'
  readonly right: 'fullControl' | 'read' | 'write' | 'readAcl' | 'writeAcl'
}

/** In the order given. One account owns everything, so the owner needs no name. */
export type Acl = readonly Grant[]

export interface Bucket {
  readonly name: string
  readonly createdAtMs: number
  readonly region: string
  readonly versioning: VersioningState
  readonly encryption: DefaultEncryption
  /** undefined after DeletePublicAccessBlock; all true on a new bucket. */
  readonly publicAccessBlock: PublicAccessBlock | undefined
  readonly tags: Readonly<Record<string, string>>
  /** JSON text, as given. */
  readonly policy?: string
  /** undefined: `bucketOwnerEnforced`. */
  readonly ownership?: ObjectOwnership
  /** undefined: the owner alone has rights. */
  readonly acl?: Acl
  /** Which pages of other origins may ask, in the order in which rules are tried. */
  readonly cors?: readonly CorsRule[]
  /** Present: the bucket has Object Lock, for good, and its versioning stays on. */
  readonly objectLock?: LockSettings
  /** What becomes of objects with time. */
  readonly lifecycle?: Lifecycle
  /** Set when somebody said that there shall be none; there is none either way. */
  readonly acceleration?: 'suspended'
}

export interface CorsRule {
  readonly id?: string
  /** With one `*` at most. */
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  /** Of preflights; with one `*` at most. */
  readonly requestHeaders?: readonly string[]
  readonly exposedHeaders?: readonly string[]
  readonly maxAgeSeconds?: number
}

/** Settings to change; one given as undefined is removed. */
export type BucketSettings = Partial<Omit<Bucket, 'name' | 'createdAtMs' | 'region'>>

export type ChecksumAlgorithm =
  | 'CRC32'
  | 'CRC32C'
  | 'CRC64NVME'
  | 'MD5'
  | 'SHA1'
  | 'SHA256'
  | 'SHA512'
  | 'XXHASH64'
  | 'XXHASH3'
  | 'XXHASH128'

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** Base64 of the big-endian digest; for COMPOSITE with `-<parts>` behind it. */
  readonly value: string
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** What travels with an object besides its bytes. Header names without `x-amz-meta-`, lower-case. */
export interface ObjectMetadata {
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly contentDisposition?: string
  readonly cacheControl?: string
  readonly expires?: string
  readonly websiteRedirectLocation?: string
  readonly storageClass?: string
  readonly user?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

export interface ObjectVersion {
  readonly bucket: string
  readonly key: string
  /** 'null' for versions written while versioning was not enabled. */
  readonly versionId: string
  readonly isLatest: boolean
  readonly isDeleteMarker: boolean
  /** Plain bytes, before encryption. */
  readonly size: number
  /**
   * Without quotes; `<md5>` or `<md5 of part md5s>-<parts>`. Of bytes under a key of KMS or of the customer it is random:
   * it must not tell what they are.
   */
  readonly etag: string
  readonly lastModifiedMs: number
  readonly encryption: Encryption | undefined
  readonly checksum: ObjectChecksum | undefined
  readonly metadata: ObjectMetadata
  /** undefined: the owner alone has rights. */
  readonly acl?: Acl
  /** undefined: nothing protects it. */
  readonly lock?: ObjectLock
  /** Sizes of the parts of a multipart object, in order; undefined for a single put. */
  readonly partSizes?: readonly number[]
  /**
   * Changes whenever the bytes behind this bucket, key and version id do: a 'null' version is replaced under the same
   * id. What caches key on.
   */
  readonly revision?: string
}

export interface ObjectRef {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

export type Body = Uint8Array | AsyncIterable<Uint8Array>

/** Conditions are judged in the same transaction that makes the write visible. ETags without quotes. */
export interface WriteCondition {
  readonly ifNoneMatch?: '*'
  readonly ifMatch?: string
  /** The very version with this `revision`, be it a delete marker. */
  readonly ifRevision?: string
}

export interface PutOptions {
  readonly metadata?: ObjectMetadata
  readonly acl?: Acl
  /** Refused with 'lockMissing' in a bucket without Object Lock. */
  readonly lock?: ObjectLock
  readonly condition?: WriteCondition
  /** Absent: as the bucket says. */
  readonly encryption?: NewEncryption
  /** Refused with 'badDigest' when the bytes do not match. */
  readonly contentMd5?: Uint8Array
  /** The value may be a promise: it comes in the trailer, after the body. undefined value: calculate and keep. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value?: string | Promise<string> }
  /** Refused with 'incompleteBody' when the body has another length. */
  readonly size?: number
  /**
   * Makes repeating a put harmless: when the latest version of the key was written with the same token, that version
   * is the answer and nothing is written. Delivery uses it to be exactly-once into versioned buckets.
   */
  readonly onceToken?: string
}

export interface Put {
  readonly ref: { readonly bucket: string; readonly key: string }
  readonly body: Body
  readonly options?: PutOptions
}

export interface ByteRange {
  readonly start: number
  /** Inclusive. */
  readonly end: number
}

export interface ListQuery {
  readonly prefix?: string
  readonly delimiter?: string
  /** Keys strictly greater than this, in UTF-8 byte order. A common prefix given here is skipped whole. */
  readonly startAfter?: string
  /** Objects plus common prefixes. */
  readonly limit: number
}

export interface ListPage {
  readonly objects: readonly ObjectVersion[]
  readonly commonPrefixes: readonly string[]
  /** The last key or common prefix of this page when more follow; pass it as `startAfter`. */
  readonly next: string | undefined
}

/** What a walk tells of an object: enough to know what lies where, and little enough to look at a million of them. */
export interface WalkedObject {
  readonly key: string
  readonly size: number
  /** Absent: STANDARD. */
  readonly storageClass?: string
}

/** Read-only local files holding an object's plain bytes; valid until `release`. For engines that open paths. */
export interface MaterialisedObjects {
  /** Same order as asked. */
  readonly paths: readonly string[]
  release(): void
}

/** What the pipeline stages (delivery, crawl, query) need. The S3 service needs more: `S3ObjectStore`, in `s3-object-store.ts`. */
export interface ObjectStore {
  createBucket(name: string, region: string): Promise<Bucket>
  /** undefined when there is none. */
  findBucket(name: string): Bucket | undefined
  buckets(): readonly Bucket[]

  put(ref: { bucket: string; key: string }, body: Body, options?: PutOptions): Promise<ObjectVersion>
  /** As `put` for each, but all become visible in the same moment, or none when one is refused or fails. */
  putAll(puts: readonly Put[]): Promise<readonly ObjectVersion[]>
  /** The named or latest version. Refuses: noSuchBucket, noSuchKey (fields.deleteMarker), noSuchVersion. */
  head(ref: ObjectRef): Promise<ObjectVersion>
  /**
   * Plain bytes, decrypted and authenticated frame by frame. A tampered frame ends the stream with 'corruptObject'.
   * Refuses what `EncryptionRefusal` says, and what a key of KMS that cannot be used refuses.
   */
  read(version: ObjectVersion, range?: ByteRange, customerKey?: Buffer): AsyncIterable<Uint8Array>
  /** S3's DELETE: a marker in a versioned bucket, removal otherwise or with a version id. Missing keys succeed. */
  delete(ref: ObjectRef): Promise<{ versionId?: string; deleteMarker?: boolean }>
  /** Latest versions that are not delete markers. Refuses: noSuchBucket. */
  list(bucket: string, query: ListQuery): Promise<ListPage>
  /**
   * Every object whose key begins with the prefix, as `list` has them but lighter, in pages, in order of keys. What others
   * write meanwhile may or may not be among them; others are served between two pages. Refuses: noSuchBucket.
   */
  walk(bucket: string, prefix: string): AsyncIterable<readonly WalkedObject[]>
  /** Refuses like `read`: what only a customer's key opens is never left on the disk in the clear. */
  materialise(versions: readonly ObjectVersion[]): Promise<MaterialisedObjects>
}

/** Every way the store says no. Messages are for people; `services/s3/errors.ts` gives AWS's. */
export type ObjectRefusal =
  | EncryptionRefusal
  | 'noSuchBucket'
  | 'bucketExists'
  | 'bucketNotEmpty'
  | 'noSuchKey'
  | 'noSuchVersion'
  | 'methodNotAllowed'
  | 'noSuchUpload'
  | 'invalidPart'
  | 'invalidPartOrder'
  | 'entityTooSmall'
  | 'entityTooLarge'
  | 'preconditionFailed'
  | 'conditionalConflict'
  | 'badDigest'
  | 'incompleteBody'
  | 'invalidRange'
  | 'corruptObject'
  | 'diskFull'
  /** Object Lock protects the version. */
  | 'objectLocked'
  /** The bucket has no Object Lock. */
  | 'lockMissing'
  /** Object Lock needs versioning, so it is not for buckets without, nor may it be suspended. */
  | 'versioningNeeded'
