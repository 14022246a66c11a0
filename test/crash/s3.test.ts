/**
 * Kills a real lake while objects are put, uploaded in parts and deleted, again and again. The auditor keeps a book of
 * what was acknowledged: each such version is readable with the right bytes, each such deletion holds, and no version
 * is there whose bytes nobody sent.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'audited'
const KILLS = 10
const MEGABYTE = 1024 * 1024
const PART_BYTES = 5 * MEGABYTE
const SIZES = [0, 100, 70_000, MEGABYTE, 3 * MEGABYTE]

/** What the clients know. Digests are of whole bodies. */
class Book {
  /** Sent, perhaps not acknowledged: the only contents that may ever be seen. */
  readonly sent = new Set<string>()
  /** Version id → digest. */
  readonly versions = new Map<string, { key: string; digest: string }>()
  readonly removed = new Set<string>()
  /** Removal was sent and not answered: may be there or not. */
  readonly doubtful = new Set<string>()
}

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

test(`killed ${KILLS} times during puts, uploads, copies and deletions, every acknowledged version is whole`, {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(7)
  const book = new Book()
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  for (let kill = 0; kill < KILLS; kill++) {
    const dying = lake
    const clients = [
      untilDead(dying, (step) => putOne(dying, book, `${kill}-small-${step}`, SIZES[step % SIZES.length] ?? 0)),
      untilDead(dying, (step) => putOne(dying, book, `${kill}-big-${step}`, 6 * MEGABYTE)),
      untilDead(dying, (step) => uploadInParts(dying, book, `${kill}-parts-${step}`)),
      untilDead(dying, (step) => copyOne(dying, book, `${kill}-copy-${step}`)),
      untilDead(dying, (step) => removeOne(dying, book, step)),
    ]
    await new Promise((resolve) => setTimeout(resolve, 100 + random.unit() * 700))
    await dying.kill()
    await Promise.all(clients)
    lake = await startLake(directory.path)
    await audit(book)
  }
  expect(book.versions.size).toBeGreaterThan(KILLS * 5)
  expect(book.removed.size).toBeGreaterThan(0)
  await lake.stop()
  lake = await startLake(directory.path)
  await audit(book)
  expect(readdirSync(join(directory.path, 'staging')).filter((name) => name !== 'queries')).toEqual([])
})

test('an upload whose parts were acknowledged before the kill is completed after it', async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const bodies = [bytesFor('1', PART_BYTES), bytesFor('2', PART_BYTES), bytesFor('3', 10)]
  const { UploadId } = await lake.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'resumed' }))
  const Parts = []
  for (const [index, Body] of bodies.entries()) {
    const part = { Bucket, Key: 'resumed', UploadId, PartNumber: index + 1 }
    const { ETag } = await lake.s3.send(new UploadPartCommand({ ...part, Body }))
    Parts.push({ PartNumber: index + 1, ETag })
    await lake.kill()
    lake = await startLake(directory.path)
  }
  await lake.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: 'resumed', UploadId, MultipartUpload: { Parts } }),
  )
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'resumed' }))
  expect(digest((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(digest(Buffer.concat(bodies)))
})

/** Repeats `step` until the lake is gone. What a step that fails has sent may or may not have happened. */
async function untilDead(dying: TestLake, step: (number: number) => Promise<void>): Promise<void> {
  for (let number = 0; dying.isUp(); number++) {
    try {
      await step(number)
    } catch (error) {
      // A refusal would be a finding; a lake that is gone is what the test is about.
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined) throw error
      return
    }
  }
}

async function putOne({ s3 }: TestLake, book: Book, key: string, size: number): Promise<void> {
  const Body = bytesFor(key, size)
  book.sent.add(digest(Body))
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: key, Body }))
  book.versions.set(VersionId, { key, digest: digest(Body) })
}

async function uploadInParts({ s3 }: TestLake, book: Book, key: string): Promise<void> {
  const bodies = [bytesFor(`${key}/1`, PART_BYTES), bytesFor(`${key}/2`, 1000)]
  const whole = digest(Buffer.concat(bodies))
  book.sent.add(whole)
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: key }))
  const Parts = []
  for (const [index, Body] of bodies.entries()) {
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key: key, UploadId, PartNumber: index + 1, Body }))
    Parts.push({ PartNumber: index + 1, ETag })
  }
  const { VersionId = '' } = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: key, UploadId, MultipartUpload: { Parts } }),
  )
  book.versions.set(VersionId, { key, digest: whole })
}

async function copyOne({ s3 }: TestLake, book: Book, key: string): Promise<void> {
  const source = [...book.versions].findLast(([id]) => !book.removed.has(id) && !book.doubtful.has(id))
  if (source === undefined) return new Promise((resolve) => setTimeout(resolve, 5))
  const [id, original] = source
  const CopySource = `${Bucket}/${original.key}?versionId=${id}`
  const copied = await s3.send(new CopyObjectCommand({ Bucket, Key: key, CopySource })).catch((error: Error) => error)
  if (copied instanceof Error) {
    // The deleting client was quicker.
    if (copied.name === 'NoSuchVersion') return
    throw copied
  }
  book.versions.set(copied.VersionId ?? '', { key, digest: original.digest })
}

/** For good, by version id. */
async function removeOne({ s3 }: TestLake, book: Book, step: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10))
  const left = [...book.versions].filter(([id]) => !book.removed.has(id) && !book.doubtful.has(id))
  const [id, version] = left[(step * 7) % Math.max(1, left.length)] ?? []
  if (id === undefined || version === undefined || left.length < 5) return
  book.doubtful.add(id)
  await s3.send(new DeleteObjectCommand({ Bucket, Key: version.key, VersionId: id }))
  book.doubtful.delete(id)
  book.removed.add(id)
}

async function audit(book: Book): Promise<void> {
  const listed = new Map<string, string>()
  let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
  while (from !== undefined) {
    const page: ListObjectVersionsCommandOutput = await lake.s3.send(new ListObjectVersionsCommand({ Bucket, ...from }))
    for (const { VersionId = '', Key = '' } of page.Versions ?? []) listed.set(VersionId, Key)
    const { NextKeyMarker: KeyMarker = '', NextVersionIdMarker: VersionIdMarker = '' } = page
    from = page.IsTruncated === true ? { KeyMarker, VersionIdMarker } : undefined
  }
  for (const [id, { key, digest: expected }] of book.versions) {
    if (book.removed.has(id)) expect(listed.has(id), `removed version of ${key} is gone`).toBe(false)
    else if (!book.doubtful.has(id)) {
      expect(listed.get(id), `acknowledged version of ${key}`).toBe(key)
      expect(await storedDigest(key, id), `bytes of ${key}`).toBe(expected)
    }
  }
  for (const [id, key] of listed) {
    if (book.versions.has(id)) continue
    expect(book.sent, `${key}, which was never acknowledged, is whole`).toContain(await storedDigest(key, id))
    book.versions.set(id, { key, digest: await storedDigest(key, id) })
  }
}

async function storedDigest(Key: string, VersionId: string): Promise<string> {
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))
  return digest((await Body?.transformToByteArray()) ?? new Uint8Array())
}

function bytesFor(text: string, size: number): Buffer {
  const seed = createHash('sha512').update(text).digest()
  const bytes = Buffer.alloc(size, seed)
  bytes.write(text.slice(0, size))
  return bytes
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
