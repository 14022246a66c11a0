/** The AWS SDK for JavaScript against the real store: the vendor's client is the judge of the wire. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesOf, patterned } from '../../contracts/object-store.ts'
import { TEST_KEY } from '../../support/fake-lake.ts'
import { type S3Lake, startS3Lake } from './support.ts'

const Bucket = 'how.raw'
let lake: S3Lake
let s3: S3Client

beforeAll(async () => {
  lake = await startS3Lake()
  const common = { region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 }
  s3 = new S3Client({ ...common, endpoint: lake.endpoint, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  s3.destroy()
  await lake.close()
})

test.each([0, 1, 65_536, 65_537, 1_048_576, 20_000_000])(
  '%i bytes go and come back, checked both ways',
  async (size) => {
    const Body = patterned(size)
    const Key = `sizes/${size}`
    const put = await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
    expect(put).toMatchObject({ ETag: `"${md5(Body)}"`, ServerSideEncryption: 'AES256', ChecksumType: 'FULL_OBJECT' })
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
    expect(got.ContentLength).toBe(size)
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true)
  },
)

test('a stream of known length arrives through aws-chunked with its trailing checksum', async () => {
  const bytes = patterned(300_000)
  const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)])
  const put = await s3.send(
    new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: bytes.byteLength, ChecksumAlgorithm: 'SHA256' }),
  )
  expect(put.ChecksumSHA256).toBe(createHash('sha256').update(bytes).digest('base64'))
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }))
  expect(head).toMatchObject({ ContentLength: bytes.byteLength, ChecksumSHA256: put.ChecksumSHA256 })
})

test('a managed upload in parts becomes one object', async () => {
  const bytes = patterned(12 * 1024 * 1024)
  const upload = new Upload({ client: s3, params: { Bucket, Key: 'parts', Body: Readable.from(pieces(bytes)) } })
  const done = await upload.done()
  expect(done.ETag).toMatch(/-3"$/)
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'parts' }))
  expect(md5(Buffer.from((await got.Body?.transformToByteArray()) ?? []))).toBe(md5(bytes))
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ Bucket, Key: 'parts', ObjectAttributes: ['ObjectParts', 'ObjectSize', 'ETag'] }),
  )
  expect(attributes).toMatchObject({ ObjectSize: bytes.byteLength, ObjectParts: { TotalPartsCount: 3 } })
})

test('virtual-host addressing works, and so do presigned links', async () => {
  const httpAgent = new Agent({ lookup: toLoopback })
  const virtual = new S3Client({
    region: 'us-east-1',
    credentials: TEST_KEY,
    endpoint: `http://localhost:${lake.port}`,
    requestHandler: { httpAgent },
  })
  const Key = 'odd name/ü + %.txt'
  await virtual.send(new PutObjectCommand({ Bucket, Key, Body: 'odd' }))
  const url = await getSignedUrl(virtual, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 })
  expect(new URL(url).hostname).toBe(`${Bucket}.localhost`)
  const [response] = (await once(get(url, { agent: httpAgent }), 'response')) as [IncomingMessage]
  expect([response.statusCode, (await bytesOf(response)).toString()]).toEqual([200, 'odd'])
  virtual.destroy()
  httpAgent.destroy()
})

test('the bucket’s settings read back as a new bucket has them', async () => {
  expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' })
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
  const { ServerSideEncryptionConfiguration: rules } = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
  expect(rules?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256')
  const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect(block.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  const buckets = await s3.send(new ListBucketsCommand({}))
  expect(buckets.Buckets?.map(({ Name }) => Name)).toContain(Bucket)
})

test('listings page through everything, with folders', async () => {
  for (let number = 0; number < 25; number++) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `list/${number % 5}/${number}`, Body: 'x' }))
  }
  const keys: string[] = []
  const pages = paginateListObjectsV2({ client: s3, pageSize: 7 }, { Bucket, Prefix: 'list/' })
  for await (const page of pages) keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
  expect(keys).toHaveLength(25)
  const folders: string[] = []
  for await (const page of paginateListObjectsV2(
    { client: s3, pageSize: 2 },
    { Bucket, Prefix: 'list/', Delimiter: '/' },
  )) {
    folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''))
  }
  expect(folders).toEqual(['list/0/', 'list/1/', 'list/2/', 'list/3/', 'list/4/'])
})

test('versions, markers and many deletes at once', async () => {
  const versioned = 'versioned-bucket'
  await s3.send(new CreateBucketCommand({ Bucket: versioned }))
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket: versioned }))).Status).toBeUndefined()
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }))
  const one = await s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body: '1' }))
  await s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body: '2' }))
  const marker = await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }))
  expect(marker.DeleteMarker).toBe(true)
  const old = await s3.send(new GetObjectCommand({ Bucket: versioned, Key: 'k', VersionId: one.VersionId }))
  expect(await old.Body?.transformToString()).toBe('1')
  const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: versioned }))
  expect([listed.Versions?.length, listed.DeleteMarkers?.length]).toEqual([2, 1])
  const Objects = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
    Key,
    VersionId,
  }))
  const deleted = await s3.send(new DeleteObjectsCommand({ Bucket: versioned, Delete: { Objects } }))
  expect([deleted.Deleted?.length, deleted.Errors]).toEqual([3, undefined])
})

test('copies, tags and metadata', async () => {
  const Metadata = { origin: 'till', naïve: 'yes' }
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Metadata: { origin: Metadata.origin }, Tagging: 'a=b' }),
  )
  const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }))
  expect(copy.CopyObjectResult?.ETag).toBe(`"${md5(Buffer.from('x'))}"`)
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'b' }))).Metadata).toEqual({ origin: 'till' })
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'b', Tagging: { TagSet: [{ Key: 'c', Value: 'd' }] } }))
  expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'b' }))).TagSet).toEqual([{ Key: 'c', Value: 'd' }])
  expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet).toEqual([{ Key: 'a', Value: 'b' }])
})

test('errors are the modelled exceptions', async () => {
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NoSuchKey' })
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' })
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({ name: 'NotFound' })
  const upload = { Bucket, Key: 'none', UploadId: 'none' }
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchUpload' })
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' }))).rejects.toMatchObject({
    name: 'MalformedPolicy',
    $metadata: { httpStatusCode: 400 },
  })
  const conditional = new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfNoneMatch: '*' })
  await s3.send(conditional)
  await expect(s3.send(conditional)).rejects.toMatchObject({ name: 'PreconditionFailed' })
  const begun = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'begun' }))
  expect(begun.ServerSideEncryption).toBe('AES256')
})

/** Not every resolver knows that `*.localhost` is this machine. */
const toLoopback: LookupFunction = (_host, options, callback) =>
  options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += 200_000) yield bytes.subarray(at, at + 200_000)
}
