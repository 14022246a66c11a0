/** The AWS SDK for JavaScript against the gateway over fakes: it signs, we verify; we encode, it decodes. */

import { Readable } from 'node:stream'
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose'
import {
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeLake, startFakeLake, TEST_KEY } from '../../support/fake-lake.ts'

let lake: FakeLake
let s3: S3Client
let firehose: FirehoseClient

beforeAll(async () => {
  lake = await startFakeLake()
  const common = { endpoint: lake.endpoint, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 }
  s3 = new S3Client({ ...common, forcePathStyle: true })
  firehose = new FirehoseClient(common)
})

afterAll(async () => {
  s3.destroy()
  firehose.destroy()
  await lake.gateway.close()
})

test('records arrive byte for byte, one by one and in batches', async () => {
  const Data = Buffer.from('naïve €\u0000\n')
  const one = await firehose.send(new PutRecordCommand({ DeliveryStreamName: 's', Record: { Data } }))
  expect(one).toMatchObject({ RecordId: 'id-1', Encrypted: false })
  const batch = await firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName: 's', Records: [{ Data }, { Data: Buffer.alloc(0) }] }),
  )
  expect(batch.RequestResponses).toHaveLength(2)
  expect(lake.records).toEqual([Data.toString(), Data.toString(), ''])
})

test('a refusal of the service is the modelled exception with its text', async () => {
  const answer = firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'none' }))
  await expect(answer).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Firehose none under account 000000000000 not found.',
    $metadata: { httpStatusCode: 400 },
  })
})

test('a bug is InternalFailure, is logged, and the next request is answered', async () => {
  const answer = firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'bug' }))
  await expect(answer).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } })
  expect(lake.log.events).toContain('RequestFailed')
  await firehose.send(new PutRecordCommand({ DeliveryStreamName: 's', Record: { Data: Buffer.from('x') } }))
})

test.each([
  ['a buffer', () => Buffer.from('hello'), undefined],
  ['an empty object', () => Buffer.alloc(0), undefined],
  [
    'a stream, sent aws-chunked with a trailing checksum',
    () => Readable.from([Buffer.from('hel'), Buffer.from('lo')]),
    5,
  ],
])('S3 stores %s', async (_what, body, ContentLength) => {
  const Key = "a folder/ünï+co&de (1)!*'.txt"
  await s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body: body(), ContentLength, Metadata: { colour: 'blue' } }))
  const stored = lake.s3.objects.get(`b/${Key}`)
  expect(stored?.metadata).toEqual({ colour: 'blue' })
  expect(stored?.encoding).toBeUndefined()
  const got = await s3.send(new GetObjectCommand({ Bucket: 'b', Key }))
  expect(await got.Body?.transformToString()).toBe(ContentLength === undefined ? body().toString() : 'hello')
  expect(got.Metadata).toEqual({ colour: 'blue' })
  expect(got.LastModified).toEqual(new Date(Date.UTC(2026, 0, 1)))
  await s3.send(new HeadObjectCommand({ Bucket: 'b', Key }))
})

test('a streamed body brings its checksum as trailer', async () => {
  const Body = Readable.from([Buffer.alloc(200_000, 1), Buffer.alloc(100_000, 2)])
  await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'big', Body, ContentLength: 300_000 }))
  const stored = lake.s3.objects.get('b/big')
  expect(stored?.bytes.byteLength).toBe(300_000)
  expect(stored?.trailers).toHaveProperty('x-amz-checksum-crc32')
})

test('lists and deletions go through XML unharmed', async () => {
  for (const Key of ['x/<a>&"', 'x/b']) await s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body: 'x' }))
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'x/' }))
  expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['x/<a>&"', 'x/b'])
  const deleted = await s3.send(
    new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'x/<a>&"' }, { Key: 'x/b' }] } }),
  )
  expect(deleted.Deleted).toHaveLength(2)
  expect((await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'x/' }))).Contents).toBeUndefined()
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'b' }))).LocationConstraint).toBe('eu-west-1')
})

test('an S3 refusal is the exception with its code', async () => {
  await expect(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'none' }))).rejects.toMatchObject({ name: 'NoSuchKey' })
  await expect(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'none' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  })
})

test('a presigned GET and PUT work for whoever holds the link, until it is changed', async () => {
  const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'b', Key: 'signed/ä b' }), { expiresIn: 60 })
  expect((await fetch(put, { method: 'PUT', body: 'by link' })).status).toBe(200)
  const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'b', Key: 'signed/ä b' }), { expiresIn: 60 })
  expect(await (await fetch(get)).text()).toBe('by link')
  const changed = await fetch(get.replace('signed/', 'signet/'))
  expect(changed.status).toBe(403)
  expect(await changed.text()).toContain('<Code>SignatureDoesNotMatch</Code>')
})

test('a wrong secret is refused in the words of each protocol', async () => {
  const credentials = { ...TEST_KEY, secretAccessKey: 'wrong' }
  const common = { endpoint: lake.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  const put = new FirehoseClient(common).send(
    new PutRecordCommand({ DeliveryStreamName: 's', Record: { Data: Buffer.from('x') } }),
  )
  await expect(put).rejects.toMatchObject({ name: 'InvalidSignatureException' })
  const get = new S3Client({ ...common, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'big' }))
  await expect(get).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } })
})

test('an unknown key is refused in the words of each protocol', async () => {
  const credentials = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'wrong' }
  const common = { endpoint: lake.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  const put = new FirehoseClient(common).send(
    new PutRecordCommand({ DeliveryStreamName: 's', Record: { Data: Buffer.from('x') } }),
  )
  await expect(put).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  const get = new S3Client({ ...common, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'big' }))
  await expect(get).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
})
