/** What travels with an object: from request members to the store, and back to reply members. */
import type { Bucket, ObjectMetadata, ObjectVersion } from '../../objects/object-store.ts'
import type { StorageClass } from '../../wire/model/s3.ts'
import { headerNotImplemented, invalidStorageClass, metadataTooLarge } from './errors.ts'
import { expirationMember } from './lifecycle/replies.ts'
import { lockMembers } from './object-lock.ts'
import { tagsOfHeader } from './tags.ts'

const USER_METADATA_BYTES_MAX = 2048

/** The members that PutObject, CopyObject and CreateMultipartUpload share. */
export interface MetadataMembers {
  readonly CacheControl?: string
  readonly ContentDisposition?: string
  readonly ContentEncoding?: string
  readonly ContentLanguage?: string
  readonly ContentType?: string
  readonly Expires?: string
  readonly Metadata?: Readonly<Record<string, string>>
  readonly StorageClass?: string
  readonly Tagging?: string
  readonly WebsiteRedirectLocation?: string
}

/** Absent Content-Type is binary/octet-stream, as S3 stores it. */
export function metadataOf(input: MetadataMembers): ObjectMetadata {
  requireSmall(input.Metadata)
  return {
    contentType: input.ContentType ?? 'binary/octet-stream',
    contentEncoding: withoutChunking(input.ContentEncoding),
    contentLanguage: input.ContentLanguage,
    contentDisposition: input.ContentDisposition,
    cacheControl: input.CacheControl,
    expires: input.Expires,
    websiteRedirectLocation: input.WebsiteRedirectLocation,
    storageClass: storageClassOf(input.StorageClass),
    user: input.Metadata,
    ...(input.Tagging !== undefined && { tags: tagsOfHeader(input.Tagging) }),
  }
}

/** Reply members of GetObject and HeadObject that describe the version. */
export function describe(version: ObjectVersion, bucket: Bucket) {
  const { metadata } = version
  const tagCount = Object.keys(metadata.tags ?? {}).length
  return {
    LastModified: new Date(version.lastModifiedMs),
    ETag: quoted(version.etag),
    ContentType: metadata.contentType,
    ContentEncoding: metadata.contentEncoding,
    ContentLanguage: metadata.contentLanguage,
    ContentDisposition: metadata.contentDisposition,
    CacheControl: metadata.cacheControl,
    Expires: metadata.expires,
    WebsiteRedirectLocation: metadata.websiteRedirectLocation,
    StorageClass: metadata.storageClass as StorageClass | undefined,
    Metadata: metadata.user,
    VersionId: shownVersionId(version, bucket),
    ...expirationMember(version, bucket),
    ...lockMembers(version.lock),
    ...(tagCount > 0 && { TagCount: tagCount }),
  }
}

/** Absent while a bucket has never had versioning. */
export function shownVersionId(version: { readonly versionId: string }, bucket: Bucket): string | undefined {
  return bucket.versioning === 'unversioned' ? undefined : version.versionId
}

export function quoted(etag: string): string {
  return `"${etag}"`
}

/** Seconds: what S3 keeps of an object's time. */
export function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000)
}

/** aws-chunked is the framing of the request, undone before anything is stored. */
function withoutChunking(encoding: string | undefined): string | undefined {
  const rest = encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',')
  return rest === '' ? undefined : rest
}

/** Classes that differ in price only. What must be restored before it can be read is not offered. */
const CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
])
const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE', 'FSX_OPENZFS', 'FSX_ONTAP'])

/** undefined for STANDARD, which replies do not show. */
function storageClassOf(name: string | undefined): string | undefined {
  if (name === undefined || name === 'STANDARD') return undefined
  if (CLASSES.has(name)) return name
  if (!ARCHIVES.has(name)) throw invalidStorageClass({ StorageClassRequested: name })
  throw headerNotImplemented('x-amz-storage-class', `The storage class ${name} is not offered.`)
}

function requireSmall(user: Readonly<Record<string, string>> | undefined): void {
  let size = 0
  for (const [name, value] of Object.entries(user ?? {})) size += Buffer.byteLength(name) + Buffer.byteLength(value)
  if (size > USER_METADATA_BYTES_MAX) {
    throw metadataTooLarge({ Size: size, MaxSizeAllowed: USER_METADATA_BYTES_MAX })
  }
}
