/** Bodies on their way in and out of a lake that verifies signatures: every checksum mode, streams, links, hosts. */
import { createHash } from 'node:crypto'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, patterned } from '../../contracts/object-store.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const Bucket = 'how.raw'
const MODES = ['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const
const SIZES = [0, 1, 65_537, 3_000_000] as const

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

function client(config: S3ClientConfig = {}): S3Client {
  const { endpoint, credentials } = lake
  return new S3Client({ region: 'us-east-1', endpoint, credentials, forcePathStyle: true, maxAttempts: 1, ...config })
}

/** As a client that checks what it gets sees it: throws when the stored checksum does not fit the bytes. */
async function gotFrom(s3: S3Client, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  return digest((await Body?.transformToByteArray()) ?? new Uint8Array())
}

describe.each(MODES)('with request checksums %s', (mode) => {
  const s3 = () => client({ requestChecksumCalculation: mode, responseChecksumValidation: mode })

  test.each(SIZES)('%i bytes as a buffer come back whole', async (size) => {
    const Body = patterned(size)
    await s3().send(new PutObjectCommand({ Bucket, Key: `${mode}/buffer/${size}`, Body }))
    expect(await gotFrom(s3(), `${mode}/buffer/${size}`)).toBe(digest(Body))
  })

  test.each(SIZES)('%i bytes as a stream come back whole, without a trace of their framing', async (size) => {
    const bytes = patterned(size)
    const Key = `${mode}/stream/${size}`
    const Body = Readable.from(pieces(bytes, 70_001))
    await s3().send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentLength: size,
        ContentEncoding: 'gzip',
        ContentType: 'text/csv',
      }),
    )
    expect(await gotFrom(s3(), Key)).toBe(digest(bytes))
    const head = await lake.s3.send(new HeadObjectCommand({ Bucket, Key }))
    expect(head).toMatchObject({ ContentLength: size, ContentType: 'text/csv' })
    expect(head.ContentEncoding?.replaceAll(' ', '')).toBe('gzip')
  })

  test('a managed upload of 12 MB in parts comes back whole', async () => {
    const bytes = patterned(12_000_000)
    const Key = `${mode}/parts`
    const Body = Readable.from(pieces(bytes, 1_000_000))
    await new Upload({ client: s3(), params: { Bucket, Key, Body } }).done()
    expect(await gotFrom(s3(), Key)).toBe(digest(bytes))
  })
})

describe('every checksum that the SDK computes itself', () => {
  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    '%s, as header and as trailer, is stored, checked and given back',
    async (ChecksumAlgorithm) => {
      const s3 = client()
      const bytes = patterned(200_001)
      for (const [kind, Body] of [
        ['buffer', bytes],
        ['stream', Readable.from(pieces(bytes, 50_000))],
      ] as const) {
        const Key = `algorithms/${ChecksumAlgorithm}/${kind}`
        const put = await s3.send(
          new PutObjectCommand({ Bucket, Key, Body, ContentLength: bytes.byteLength, ChecksumAlgorithm }),
        )
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
        const member = `Checksum${ChecksumAlgorithm}` as const
        expect(put[member]).toBeDefined()
        expect(head[member]).toBe(put[member])
        expect(head.ChecksumType).toBe('FULL_OBJECT')
        expect(await gotFrom(s3, Key)).toBe(digest(bytes))
      }
    },
  )

  test('a checksum that does not fit stores nothing', async () => {
    const put = new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'hello', ChecksumSHA256: digestBase64('other') })
    await expect(lake.s3.send(put)).rejects.toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } })
    await expect(lake.s3.send(new HeadObjectCommand({ Bucket, Key: 'wrong' }))).rejects.toMatchObject({
      name: 'NotFound',
    })
  })
})

describe('links', () => {
  const KEYS = ['plain', "a folder/ünï+co&de (1)!*'.txt", 'percent%2Fslash', 'a//b', '日本/🦊 =?#'] as const

  test.each(KEYS)('a presigned PUT and GET of %j work for whoever holds them', async (Key) => {
    const s3 = client()
    const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: `links/${Key}` }), { expiresIn: 60 })
    expect((await fetch(put, { method: 'PUT', body: 'by link' })).status).toBe(200)
    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: `links/${Key}` }), { expiresIn: 60 })
    const answer = await fetch(get, { headers: { range: 'bytes=3-' } })
    expect([answer.status, await answer.text()]).toEqual([206, 'link'])
  })

  test('a signed body hash and content type bind the holder', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'links/bound', ContentType: 'text/csv' })
    const put = await getSignedUrl(client(), command, { expiresIn: 60, signableHeaders: new Set(['content-type']) })
    const wrong = await fetch(put, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/html' } })
    expect([wrong.status, await wrong.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
    const right = await fetch(put, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/csv' } })
    expect(right.status).toBe(200)
  })

  test('one second of life is over after two', async () => {
    const get = await getSignedUrl(client(), new GetObjectCommand({ Bucket, Key: 'links/plain' }), {
      expiresIn: 1,
      signingDate: new Date(Date.now() - 10_000),
    })
    const answer = await fetch(get)
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Request has expired')])
  })
})

describe('the bucket in the host name', () => {
  const httpAgent = new Agent({ lookup: toLoopback })
  afterAll(() => httpAgent.destroy())
  const virtual = () =>
    client({
      endpoint: `http://localhost:${new URL(lake.endpoint).port}`,
      forcePathStyle: false,
      requestHandler: { httpAgent },
    })

  test.each(['plain', 'odd name/ü + %.txt', 'how.raw/how.raw', 'a//b'])('%j is put and got', async (Key) => {
    const s3 = virtual()
    await s3.send(new PutObjectCommand({ Bucket, Key: `virtual/${Key}`, Body: 'by host' }))
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `virtual/${Key}` }))
    expect(await Body?.transformToString()).toBe('by host')
    const byPath = await lake.s3.send(new GetObjectCommand({ Bucket, Key: `virtual/${Key}` }))
    expect(await byPath.Body?.transformToString()).toBe('by host')
  })

  test('a link by host name works', async () => {
    const Key = 'virtual/link é'
    const put = await getSignedUrl(virtual(), new PutObjectCommand({ Bucket, Key }), { expiresIn: 60 })
    expect(new URL(put).hostname).toBe(`${Bucket}.localhost`)
    expect((await sent('PUT', put, httpAgent, 'hosted')).status).toBe(200)
    const get = await getSignedUrl(virtual(), new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 })
    expect(await sent('GET', get, httpAgent)).toEqual({ status: 200, body: 'hosted' })
  })
})

function sent(method: string, url: string, agent: Agent, body?: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent }, async (response: IncomingMessage) =>
      resolve({ status: response.statusCode ?? 0, body: (await bytesOf(response)).toString() }),
    )
    call.on('error', reject)
    call.end(body)
  })
}

/** Not every resolver knows that `*.localhost` is this machine. */
function toLoopback(...[, options, callback]: Parameters<LookupFunction>): void {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function digestBase64(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function* pieces(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += length) yield bytes.subarray(at, at + length)
}
