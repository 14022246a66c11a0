/** S3 as the console uses it: buckets with their properties, objects and their versions. */
import {
  type Bucket,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type LifecycleRule,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
  type Tag,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { client } from './connection.ts'

const s3 = () =>
  client(
    's3',
    (config) =>
      new S3Client({
        ...config,
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
  )

export async function buckets(): Promise<readonly Bucket[]> {
  const found: Bucket[] = []
  let token: string | undefined
  do {
    const { Buckets = [], ContinuationToken } = await s3().send(
      new ListBucketsCommand({ ContinuationToken: token, MaxBuckets: 1000 }),
    )
    found.push(...Buckets)
    token = ContinuationToken
  } while (token !== undefined)
  return found
}

export async function createBucket(name: string, { versioning }: { readonly versioning: boolean }): Promise<void> {
  await s3().send(new CreateBucketCommand({ Bucket: name }))
  if (versioning) await setVersioning(name, true)
}

export async function setVersioning(name: string, isOn: boolean): Promise<void> {
  await s3().send(
    new PutBucketVersioningCommand({
      Bucket: name,
      VersioningConfiguration: { Status: isOn ? 'Enabled' : 'Suspended' },
    }),
  )
}

export async function deleteBucket(name: string): Promise<void> {
  await s3().send(new DeleteBucketCommand({ Bucket: name }))
}

export interface BucketProperties {
  readonly versioning: 'Enabled' | 'Suspended' | 'Disabled'
  readonly encryption: string
  readonly keyId: string | undefined
  readonly blocksPublicAccess: boolean
  readonly policy: string | undefined
  readonly lifecycle: readonly LifecycleRule[]
}

export async function bucketProperties(Bucket: string): Promise<BucketProperties> {
  const [versioning, encryption, access, policy, lifecycle] = await Promise.all([
    s3().send(new GetBucketVersioningCommand({ Bucket })),
    unlessMissing(s3().send(new GetBucketEncryptionCommand({ Bucket }))),
    unlessMissing(s3().send(new GetPublicAccessBlockCommand({ Bucket }))),
    unlessMissing(s3().send(new GetBucketPolicyCommand({ Bucket }))),
    unlessMissing(s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
  ])
  const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
  const block = access?.PublicAccessBlockConfiguration
  return {
    versioning: versioning.Status ?? 'Disabled',
    encryption: rule?.SSEAlgorithm ?? 'AES256',
    keyId: rule?.KMSMasterKeyID,
    blocksPublicAccess:
      block?.BlockPublicAcls === true &&
      block.BlockPublicPolicy === true &&
      block.IgnorePublicAcls === true &&
      block.RestrictPublicBuckets === true,
    policy: policy?.Policy,
    lifecycle: lifecycle?.Rules ?? [],
  }
}

/** What a bucket does not have is answered with an error named `No…` or `…NotFound…`. */
async function unlessMissing<Output>(call: Promise<Output>): Promise<Output | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Error && /^NoSuch(?!Bucket$)|NotFoundError$/.test(error.name)) return undefined
    throw error
  }
}

export interface Listed {
  readonly kind: 'folder' | 'object' | 'version' | 'marker'
  readonly key: string
  /** Below the folder. */
  readonly name: string
  readonly size?: number
  readonly modified?: Date
  readonly versionId?: string
  readonly isLatest?: boolean
  readonly storageClass?: string
}

export interface ListedPage {
  readonly items: readonly Listed[]
  readonly next: string | undefined
}

const PAGE = 1_000

export async function listObjects(Bucket: string, Prefix: string, token?: string, search = ''): Promise<ListedPage> {
  const answer = await s3().send(
    new ListObjectsV2Command({
      Bucket,
      Prefix: Prefix + search,
      Delimiter: '/',
      MaxKeys: PAGE,
      ContinuationToken: token,
    }),
  )
  const folders = (answer.CommonPrefixes ?? []).map(
    ({ Prefix: key = '' }): Listed => ({
      kind: 'folder',
      key,
      name: key.slice(Prefix.length),
    }),
  )
  const objects = (answer.Contents ?? [])
    .filter(({ Key }) => Key !== Prefix)
    .map(
      ({ Key = '', Size, LastModified, StorageClass }): Listed => ({
        kind: 'object',
        key: Key,
        name: Key.slice(Prefix.length),
        size: Size,
        modified: LastModified,
        storageClass: StorageClass,
      }),
    )
  return { items: [...folders, ...objects], next: answer.NextContinuationToken }
}

export async function listVersions(Bucket: string, Prefix: string, token?: string, search = ''): Promise<ListedPage> {
  const [key, version] = token === undefined ? [] : (JSON.parse(token) as [string?, string?])
  const answer = await s3().send(
    new ListObjectVersionsCommand({
      Bucket,
      Prefix: Prefix + search,
      Delimiter: '/',
      MaxKeys: PAGE,
      KeyMarker: key,
      VersionIdMarker: version,
    }),
  )
  const folders = (answer.CommonPrefixes ?? []).map(
    ({ Prefix: folder = '' }): Listed => ({
      kind: 'folder',
      key: folder,
      name: folder.slice(Prefix.length),
    }),
  )
  const versions = [
    ...(answer.Versions ?? []).map((one) => ({ ...one, kind: 'version' as const })),
    ...(answer.DeleteMarkers ?? []).map((one) => ({ ...one, Size: undefined, kind: 'marker' as const })),
  ]
    .toSorted((a, b) =>
      a.Key === b.Key
        ? (b.LastModified?.getTime() ?? 0) - (a.LastModified?.getTime() ?? 0)
        : (a.Key ?? '') < (b.Key ?? '')
          ? -1
          : 1,
    )
    .map(
      ({ Key = '', Size, LastModified, VersionId, IsLatest, kind }): Listed => ({
        kind,
        key: Key,
        name: Key.slice(Prefix.length),
        size: Size,
        modified: LastModified,
        versionId: VersionId,
        isLatest: IsLatest,
      }),
    )
  return {
    items: [...folders, ...versions],
    next: answer.IsTruncated ? JSON.stringify([answer.NextKeyMarker, answer.NextVersionIdMarker]) : undefined,
  }
}

export interface ObjectAddress {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

export function headObject({ bucket, key, versionId }: ObjectAddress): Promise<HeadObjectCommandOutput> {
  return s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }))
}

export async function objectTags({ bucket, key, versionId }: ObjectAddress): Promise<readonly Tag[]> {
  const { TagSet } = await s3().send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId }))
  return TagSet ?? []
}

/**
 * As stored: a browser would unpack what says that it is encoded, and cannot when it gets but a part.
 */
const AS_STORED = { ResponseContentEncoding: 'identity' } as const

/** The first bytes of an object. */
export async function objectBytes({ bucket, key, versionId }: ObjectAddress, max: number): Promise<Uint8Array> {
  const { Body } = await s3().send(
    new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range: `bytes=0-${max - 1}`, ...AS_STORED }),
  )
  return (await Body?.transformToByteArray()) ?? new Uint8Array()
}

/** Bytes `from` up to and without `to`. */
export async function objectSlice({ bucket, key }: ObjectAddress, from: number, to: number): Promise<ArrayBuffer> {
  const { Body } = await s3().send(
    new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-${to - 1}`, ...AS_STORED }),
  )
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
  return bytes.slice().buffer as ArrayBuffer
}

export function presignedLink(
  { bucket, key, versionId }: ObjectAddress,
  seconds: number,
  asDownload = false,
): Promise<string> {
  const name = key.slice(key.lastIndexOf('/') + 1)
  return getSignedUrl(
    s3(),
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
      ...(asDownload && {
        ...AS_STORED,
        ResponseContentDisposition: `attachment; filename="${name.replaceAll('"', '')}"`,
      }),
    }),
    { expiresIn: seconds },
  )
}

/** Those that could not be removed are told of in the error. */
export async function deleteObjects(
  bucket: string,
  objects: readonly { readonly key: string; readonly versionId?: string }[],
): Promise<void> {
  for (let at = 0; at < objects.length; at += 1_000) {
    const { Errors = [] } = await s3().send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: {
          Quiet: true,
          Objects: objects.slice(at, at + 1_000).map(({ key, versionId }) => ({ Key: key, VersionId: versionId })),
        },
      }),
    )
    const first = Errors[0]
    if (first !== undefined)
      throw Object.assign(new Error(`${Errors.length} could not be deleted. ${first.Key}: ${first.Message}`), {
        name: first.Code,
      })
  }
}

/** Everything below a prefix, all versions: for emptying. `onProgress` gets the number removed so far. */
export async function emptyPrefix(
  bucket: string,
  prefix: string,
  onProgress: (removed: number) => void,
): Promise<void> {
  let removed = 0
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3().send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: PAGE }),
    )
    const found = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ key: Key, versionId: VersionId }))
    if (found.length === 0) return
    await deleteObjects(bucket, found)
    removed += found.length
    onProgress(removed)
  }
}

/** In parts where it is large. */
export async function uploadFile(
  bucket: string,
  key: string,
  file: File,
  { onProgress, signal }: { readonly onProgress: (sentBytes: number) => void; readonly signal: AbortSignal },
): Promise<void> {
  const upload = new Upload({
    client: s3(),
    params: { Bucket: bucket, Key: key, Body: file, ...(file.type !== '' && { ContentType: file.type }) },
    queueSize: 3,
    partSize: 8 * 1024 * 1024,
  })
  upload.on('httpUploadProgress', ({ loaded }) => onProgress(loaded ?? 0))
  const abort = () => void upload.abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await upload.done()
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
