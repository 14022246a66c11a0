/** What the S3 service needs beyond the pipeline's port: versions, tags, copies, multipart uploads, bucket settings. */
import type { Encryption, NewEncryption } from './encryption.ts'
import type { ObjectLock, Retention } from './object-lock.ts'
import type {
  Acl,
  Body,
  Bucket,
  BucketSettings,
  ByteRange,
  ChecksumAlgorithm,
  ObjectChecksum,
  ObjectMetadata,
  ObjectRef,
  ObjectStore,
  ObjectVersion,
  PutOptions,
  WriteCondition,
} from './object-store.ts'

export interface VersionListQuery {
  readonly prefix?: string
  readonly delimiter?: string
  /** Versions of greater keys, and of this key those older than `versionIdMarker` when given. */
  readonly keyMarker?: string
  readonly versionIdMarker?: string
  readonly limit: number
}

export interface VersionPage {
  /** Versions and delete markers: by key in byte order, newest first within a key. */
  readonly versions: readonly ObjectVersion[]
  readonly commonPrefixes: readonly string[]
  /** Where the next page begins, when there is more. */
  readonly next: { readonly keyMarker: string; readonly versionIdMarker: string | undefined } | undefined
}

/** What whoever asks may do against a retention. */
export interface LockBypass {
  readonly bypassesGovernance: boolean
}

export interface CopyOptions {
  /** What the copy carries: the caller has merged the source's and its own. */
  readonly metadata: ObjectMetadata
  /** Of the copy; the source's is never copied. */
  readonly acl?: Acl
  readonly lock?: ObjectLock
  readonly condition?: WriteCondition
  /** Absent: as the source. */
  readonly checksumAlgorithm?: ChecksumAlgorithm
  /** Absent: as the bucket says. The source's is never copied. */
  readonly encryption?: NewEncryption
  /** The customer's key to the source. */
  readonly sourceKey?: Buffer
}

export type ChecksumType = ObjectChecksum['type']

export interface UploadRef {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
}

export interface Upload extends UploadRef {
  readonly startedAtMs: number
  /** Absent when none was named: the object will have CRC64NVME. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined
  readonly metadata: ObjectMetadata
  readonly acl?: Acl
  /** Of the object to come. Its bucket's default is added when it is completed. */
  readonly lock?: ObjectLock
  readonly encryption?: Encryption
  /** What policies were asked about when it began, by condition key: they are asked the same about its parts. */
  readonly begunWith?: Readonly<Record<string, readonly string[]>>
}

export interface NewUpload extends Partial<Pick<Upload, 'metadata' | 'checksum' | 'acl' | 'lock' | 'begunWith'>> {
  /** Absent: as the bucket says. */
  readonly encryption?: NewEncryption
}

export interface PartOptions extends Pick<PutOptions, 'contentMd5' | 'checksum' | 'size'> {
  /** The one that the upload was begun with; refused like `requireCustomerKey`. */
  readonly customerKey?: Buffer
}

export interface CopyPartOptions extends Pick<PartOptions, 'customerKey'> {
  readonly range?: ByteRange
  /** The customer's key to the source. */
  readonly sourceKey?: Buffer
}

export interface UploadedPart {
  /** 1 to 10,000. */
  readonly number: number
  readonly size: number
  readonly etag: string
  readonly lastModifiedMs: number
  /** Of the upload's algorithm, else CRC64NVME. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string }
}

/** A part as the caller claims it. Claims that are given are checked. */
export interface ClaimedPart {
  readonly number: number
  readonly etag?: string
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string }
}

export interface CompleteOptions {
  readonly condition?: WriteCondition
  /** Of the whole object; checked. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string }
  readonly checksumType?: ChecksumType
  readonly size?: number
}

export interface UploadListQuery {
  readonly prefix?: string
  readonly delimiter?: string
  /** Uploads to greater keys, and to this key those begun after `uploadIdMarker` when given. */
  readonly keyMarker?: string
  readonly uploadIdMarker?: string
  readonly limit: number
}

export interface UploadPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  readonly next: { readonly keyMarker: string; readonly uploadIdMarker: string | undefined } | undefined
}

/** One part of a finished multipart object. */
export interface ObjectPart {
  readonly number: number
  readonly size: number
  /** Present when the object's checksum is COMPOSITE. */
  readonly checksum: string | undefined
}

export interface S3ObjectStore extends ObjectStore {
  /** `settings`: where they differ from those of a new bucket. Refuses: bucketExists. */
  createBucket(name: string, region: string, settings?: BucketSettings): Promise<Bucket>
  changeBucket(name: string, settings: BucketSettings): Promise<Bucket>
  /** Refuses: noSuchBucket, bucketNotEmpty (any version or marker counts; open uploads do not and go with it). */
  deleteBucket(name: string): Promise<void>

  /** The condition is held against the version that would be deleted. Refuses 'objectLocked' for a protected version. */
  delete(
    ref: ObjectRef,
    condition?: WriteCondition,
    bypass?: LockBypass,
  ): Promise<{ versionId?: string; deleteMarker?: boolean }>
  /** undefined ends it. Refuses like `setTags`, lockMissing, and objectLocked when it would be looser than it may. */
  setRetention(ref: ObjectRef, retention: Retention | undefined, bypass?: LockBypass): Promise<ObjectVersion>
  /** Refuses like `setTags`, and lockMissing. */
  setLegalHold(ref: ObjectRef, isHeld: boolean): Promise<ObjectVersion>
  /** Replaces the tags of a version; undefined removes them. Refuses like `head`, and methodNotAllowed for a marker. */
  setTags(ref: ObjectRef, tags: Readonly<Record<string, string>> | undefined): Promise<ObjectVersion>
  /** Replaces the ACL of a version; undefined leaves the owner alone. Refuses like `setTags`. */
  setAcl(ref: ObjectRef, acl: Acl | undefined): Promise<ObjectVersion>
  listVersions(bucket: string, query: VersionListQuery): Promise<VersionPage>
  copy(from: ObjectVersion, to: { bucket: string; key: string }, options: CopyOptions): Promise<ObjectVersion>

  createUpload(to: { bucket: string; key: string }, options: NewUpload): Promise<Upload>
  /** Refuses: noSuchUpload. */
  uploadNamed(ref: UploadRef): Promise<Upload>
  /** Replaces an earlier part of the same number. */
  putPart(ref: UploadRef, number: number, body: Body, options?: PartOptions): Promise<UploadedPart>
  copyPart(ref: UploadRef, number: number, from: ObjectVersion, options?: CopyPartOptions): Promise<UploadedPart>
  /**
   * Makes the object of the claimed parts; the others are dropped. Repeating it after success answers the same.
   * Refuses: noSuchUpload, invalidPart, invalidPartOrder, entityTooSmall, badDigest, checksumTypeMismatch,
   * checksumAlgorithmMismatch, partChecksumMissing, partBadDigest, sizeMismatch, preconditionFailed,
   * conditionalConflict.
   */
  completeUpload(ref: UploadRef, parts: readonly ClaimedPart[], options?: CompleteOptions): Promise<ObjectVersion>
  abortUpload(ref: UploadRef): Promise<void>
  listParts(
    ref: UploadRef,
    query: { afterNumber: number; limit: number },
  ): Promise<{ upload: Upload; parts: readonly UploadedPart[]; hasMore: boolean }>
  listUploads(bucket: string, query: UploadListQuery): Promise<UploadPage>
  /** Empty unless the object was made by a multipart upload. */
  partsOf(version: ObjectVersion): readonly ObjectPart[]
}

/** Refusals of the operations above that `ObjectRefusal` does not have. */
export type UploadRefusal =
  | 'checksumTypeMismatch'
  | 'checksumAlgorithmMismatch'
  | 'partChecksumMissing'
  | 'partBadDigest'
  | 'sizeMismatch'
