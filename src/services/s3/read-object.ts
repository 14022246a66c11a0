/** What GetObject and HeadObject have in common: everything but the bytes. */
import { requireCustomerKey } from '../../objects/encryption.ts'
import type { ByteRange, ObjectVersion } from '../../objects/object-store.ts'
import { WireError } from '../../wire/error.ts'
import type { WireRequest } from '../../wire/http.ts'
import type { GetObjectRequest, HeadObjectOutput } from '../../wire/model/s3.ts'
import { requireKeyUse } from './access/key-use.ts'
import { checksumMember, checksumMembers } from './checksums.ts'
import { judgeRead } from './conditions.ts'
import type { S3Context, S3Reply } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { encryptionMembers } from './encryption/replies.ts'
import { invalidRequest, methodNotAllowed, preconditionFailed } from './errors.ts'
import { describe } from './object-metadata.ts'
import { type WantedBytes, wantedBytes } from './ranges.ts'
import { bucketNamed } from './requests.ts'

export interface ObjectReading {
  readonly version: ObjectVersion
  readonly range: ByteRange | undefined
  readonly reply: S3Reply<HeadObjectOutput>
  /** Only headers are due: the client has the object already. */
  readonly notModified: boolean
  readonly customerKey: Buffer | undefined
}

export async function readObject(
  input: GetObjectRequest,
  context: S3Context,
  { request, method }: { request: WireRequest; method: 'GET' | 'HEAD' },
): Promise<ObjectReading> {
  const { objects, caller } = context
  const overrides = overridesOf(input)
  if (Object.keys(overrides).length > 0 && caller.principal.kind === 'anonymous') {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')
  }
  const bucket = bucketNamed(objects, input.Bucket)
  const version = await objects.head({
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  })
  if (version.isDeleteMarker) throw markerNotReadable(version, method)
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  const customerKey = sent?.key
  requireCustomerKey(version.encryption, customerKey, version)
  // What HEAD tells needs no key, but for the checksum, which is of the plain bytes.
  if (method === 'GET' || input.ChecksumMode !== undefined) {
    requireKeyUse('Decrypt', version.encryption, { object: version, request, context })
  }

  const verdict = judgeRead(version, input)
  if (verdict.kind === 'failed') throw preconditionFailed({ Condition: verdict.condition })
  if (verdict.kind === 'notModified') {
    const { ETag, LastModified, VersionId, CacheControl, Expires } = describe(version, bucket)
    const output = { ETag, LastModified, VersionId, CacheControl, Expires }
    return { version, range: undefined, reply: { output, status: 304 }, notModified: true, customerKey }
  }
  const wanted = wantedBytes(version, input)
  // A literal that begins with a spread is slow where others follow: each new name costs V8 a microsecond.
  const output = {
    AcceptRanges: 'bytes',
    ...describe(version, bucket),
    ...encryptionMembers(version.encryption, sent),
    ...overrides,
    ...extentMembers(version, wanted),
    ...checksums(objects, { input, version, wanted }),
  }
  const isPart = wanted.range !== undefined
  return {
    version,
    range: wanted.range,
    reply: { output, ...(isPart && { status: 206 }) },
    notModified: false,
    customerKey,
  }
}

/** What the request would have the reply say instead of what is kept. */
function overridesOf(input: GetObjectRequest) {
  const overrides = {
    ContentType: input.ResponseContentType,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentDisposition: input.ResponseContentDisposition,
    CacheControl: input.ResponseCacheControl,
    Expires: input.ResponseExpires?.toUTCString(),
  }
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
}

function extentMembers({ size }: ObjectVersion, { range, partsCount }: WantedBytes) {
  return {
    ContentLength: range === undefined ? size : range.end - range.start + 1,
    ...(range !== undefined && { ContentRange: `bytes ${range.start}-${range.end}/${size}` }),
    ...(partsCount !== undefined && { PartsCount: partsCount }),
  }
}

/** The object's checksum when all of it is read; a part's own when that part is; none for other ranges. */
function checksums(
  objects: S3Context['objects'],
  { input, version, wanted }: { input: GetObjectRequest; version: ObjectVersion; wanted: WantedBytes },
) {
  const checksum = version.checksum
  if (input.ChecksumMode?.toUpperCase() !== 'ENABLED' || checksum === undefined) return {}
  if (wanted.partNumber !== undefined && version.partSizes !== undefined) {
    const value = objects.partsOf(version)[wanted.partNumber - 1]?.checksum
    return value === undefined
      ? {}
      : { ...checksumMember({ algorithm: checksum.algorithm, value }), ChecksumType: checksum.type }
  }
  const isWhole = wanted.range === undefined || wanted.range.end - wanted.range.start + 1 === version.size
  return isWhole ? checksumMembers(checksum) : {}
}

function markerNotReadable(version: ObjectVersion, method: string): WireError {
  const { code, message, status, extra } = methodNotAllowed({ Method: method, ResourceType: 'DeleteMarker' })
  const headers = {
    allow: 'DELETE',
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': version.versionId,
    'last-modified': new Date(version.lastModifiedMs).toUTCString(),
  }
  return new WireError(code, message, { status, extra, headers })
}
