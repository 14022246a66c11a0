/** What is under a key of KMS or of a customer opens with that key alone, and in its own place alone. */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KeyRotation } from '../../../src/keys/key-rotation.ts'
import type { NewEncryption } from '../../../src/objects/encryption.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { bytesOf } from '../../contracts/object-store.ts'
import { dataDirectory } from './support.ts'

let data: Awaited<ReturnType<typeof dataDirectory>>
let lake: Awaited<ReturnType<typeof data.open>>

beforeEach(async () => {
  data = await dataDirectory()
  lake = await data.open()
  await lake.store.createBucket('lake', 'us-east-1')
})

afterEach(async () => {
  await lake.close()
  await data.remove()
})

const KEY = Buffer.alloc(32, 9)
const SMALL = Buffer.from('a small secret')
const LARGE = Buffer.alloc(300_000, 'a large secret ')
const at = (key: string) => ({ bucket: 'lake', key })

async function kms(): Promise<NewEncryption & { keyId: string }> {
  const { id } = await lake.keys.create({ description: '', tags: {} })
  return { kind: 'kms', keyId: id, keyArn: lake.keys.arnOf(id), usesBucketKey: false }
}

const KINDS: readonly (readonly [string, () => Promise<NewEncryption>, Buffer | undefined])[] = [
  ['a key of KMS', kms, undefined],
  ["a customer's key", async () => ({ kind: 'customer', key: KEY }), KEY],
]

async function read(key: string, customerKey?: Buffer): Promise<Buffer> {
  return bytesOf(lake.store.read(await lake.store.head(at(key)), undefined, customerKey))
}

test.each(KINDS)('under %s nothing opens in the place of another', async (_name, encryptionOf, key) => {
  const encryption = await encryptionOf()
  for (const [name, bytes] of [
    ['a', SMALL],
    ['b', Buffer.from('b small secret')],
    ['c', LARGE],
    ['d', Buffer.from(LARGE).reverse()],
  ] as const) {
    await lake.store.put(at(name), bytes, { encryption })
  }
  expect((await read('c', key)).equals(LARGE)).toBe(true)
  await swapWrappedKeys('a', 'b')
  await expect(read('a', key)).rejects.toMatchObject({ code: 'corruptObject' })
  await swapFiles()
  await expect(read('c', key)).rejects.toMatchObject({ code: 'corruptObject' })
})

test.each(KINDS)(
  'under %s the same bytes are sealed anew and tell nothing by their ETag',
  async (_n, encryptionOf, key) => {
    const encryption = await encryptionOf()
    const first = await lake.store.put(at('a'), SMALL, { encryption })
    const second = await lake.store.put(at('b'), SMALL, { encryption })
    expect(first.etag).toMatch(/^[0-9a-f]{32}$/)
    expect(first.etag).not.toBe(second.etag)
    expect((await read('b', key)).equals(SMALL)).toBe(true)
  },
)

test('a lake that was opened again reads what keys of KMS and of customers hold', async () => {
  await lake.store.put(at('a'), LARGE, { encryption: await kms() })
  await lake.store.put(at('b'), LARGE, { encryption: { kind: 'customer', key: KEY } })
  await lake.close()
  lake = await data.open()
  expect((await read('a')).equals(LARGE)).toBe(true)
  expect((await read('b', KEY)).equals(LARGE)).toBe(true)
})

test('a new master key leaves every kind readable, and nothing counts as damaged', async () => {
  const encryption = await kms()
  await lake.store.put(at('lake'), SMALL)
  await lake.store.put(at('kms'), SMALL, { encryption })
  await lake.store.put(at('mine'), SMALL, { encryption: { kind: 'customer', key: KEY } })
  const kinds = [lake.store.wrappedKeys, lake.keys.wrappedKeys]
  const { database, masterKeys } = lake
  const rotation = new KeyRotation({ database, masterKeys, kinds, log: silentLog, isGiven: false })
  await rotation.start()
  await expect.poll(() => rotation.progress).toMatchObject({ isRunning: false, rewrapped: 2, damaged: 0 })
  await rotation.close()
  for (const [name, key] of [['lake'], ['kms'], ['mine', KEY]] as const) {
    expect((await read(name, key)).equals(SMALL), name).toBe(true)
  }
})

test("a customer's key is nowhere on the disk", async () => {
  await lake.store.put(at('a'), SMALL, { encryption: { kind: 'customer', key: KEY } })
  await lake.close()
  for (const entry of await readdir(data.directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name))
    for (const form of [KEY, Buffer.from(KEY.toString('base64')), Buffer.from(KEY.toString('hex'))]) {
      expect(bytes.includes(form), entry.name).toBe(false)
    }
  }
  lake = await data.open()
})

test('a plain copy that exists is given to nobody while its key is out of use', async () => {
  const encryption = await kms()
  const version = await lake.store.put(at('a.json'), SMALL, { encryption })
  const { paths, release } = await lake.store.materialise([version])
  expect(await readFile(paths[0] as string)).toEqual(SMALL)
  release()
  await lake.keys.setEnabled(encryption.keyId, false)
  await expect(lake.store.materialise([version])).rejects.toMatchObject({ code: 'keyDisabled' })
  await lake.keys.setEnabled(encryption.keyId, true)
  ;(await lake.store.materialise([version])).release()
})

test("what only a customer's key opens is never copied in the clear, and the refusal names it", async () => {
  const version = await lake.store.put(at('a.json'), SMALL, { encryption: { kind: 'customer', key: KEY } })
  await expect(lake.store.materialise([version])).rejects.toThrow(
    's3://lake/a.json is encrypted with a key of the customer',
  )
})

test('a scrub reads what keys of KMS open, counts what is locked, and finds what is gone of it', async () => {
  const encryption = await kms()
  await lake.store.put(at('a'), LARGE, { encryption })
  await lake.store.put(at('b'), LARGE, { encryption: { kind: 'customer', key: KEY } })
  expect(await scrubbed()).toMatchObject({ figures: { versions: 2, locked: 1, problems: 0 }, problems: [] })
  await lake.keys.setEnabled(encryption.keyId, false)
  expect(await scrubbed()).toMatchObject({ figures: { versions: 2, locked: 2, problems: 0 } })
  const [, cut = ''] = await blobFiles()
  await writeFile(cut, (await readFile(cut)).subarray(1))
  expect((await scrubbed()).problems).toMatchObject([{ kind: 'damaged', key: 'b' }])
})

async function scrubbed() {
  const problems = []
  let figures: unknown
  for await (const event of lake.store.scrub({ signal: new AbortController().signal })) {
    if (event.event === 'problem') problems.push(event.problem)
    if (event.event === 'done') figures = event.figures
  }
  return { figures, problems }
}

async function swapWrappedKeys(a: string, b: string): Promise<void> {
  const { database } = lake
  const blob = (key: string) =>
    database
      .prepare<{ id: number; wrapped_key: Buffer }>(
        'SELECT blob.id, wrapped_key FROM blob JOIN object_version ON blob_id = blob.id WHERE key = ?',
      )
      .get(Buffer.from(key)) as { id: number; wrapped_key: Buffer }
  const [first, second] = [blob(a), blob(b)]
  await database.write(() => {
    const change = database.prepare('UPDATE blob SET wrapped_key = ? WHERE id = ?')
    change.run(second.wrapped_key, first.id)
    change.run(first.wrapped_key, second.id)
  })
}

async function swapFiles(): Promise<void> {
  const [first = '', second = ''] = await blobFiles()
  await rename(first, `${first}.aside`)
  await rename(second, first)
  await rename(`${first}.aside`, second)
}

/** By id. */
async function blobFiles(): Promise<string[]> {
  const entries = await readdir(join(data.directory, 'objects'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .sort((a, b) => Number(a.name) - Number(b.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
