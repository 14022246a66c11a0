import { readdirSync, statSync } from 'node:fs'
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/platform/clock.ts'
import { bytesOf, inChunks, patterned } from '../../contracts/object-store.ts'
import { FaultyFileSystem } from '../../support/faulty-file-system.ts'
import { dataDirectory } from './support.ts'

type Data = Awaited<ReturnType<typeof dataDirectory>>
let data: Data
const ref = { bucket: 'lake', key: 'a' }
const LARGE = patterned(300_000)

beforeEach(async () => {
  data = await dataDirectory()
})
afterEach(() => data.remove())

/** Every file that holds bytes of objects, finished or not. */
function blobFiles(): string[] {
  return ['objects', 'staging'].flatMap((folder) => {
    try {
      return readdirSync(join(data.directory, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(data.directory, folder, name))
        .filter((path) => statSync(path).isFile())
    } catch {
      return []
    }
  })
}

async function eventually(claim: () => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return claim()
    } catch (error) {
      if (attempt >= 200) throw error
      await systemClock.sleep(5)
    }
  }
}

test('what was answered is there after a restart without a goodbye', async () => {
  const before = await data.open()
  await before.store.createBucket('lake', 'us-east-1')
  await before.store.put({ bucket: 'lake', key: 'small' }, Buffer.from('small'))
  await before.store.put({ bucket: 'lake', key: 'large' }, LARGE)
  before.crash()

  const after = await data.open()
  const read = async (key: string) => bytesOf(after.store.read(await after.store.head({ bucket: 'lake', key })))
  expect((await read('small')).toString()).toBe('small')
  expect((await read('large')).equals(LARGE)).toBe(true)
  await after.close()
})

const FAULTS = [
  ['the disk is full', (files: FaultyFileSystem) => files.leaveFree(100_000), 'diskFull'],
  ['a write is torn', (files: FaultyFileSystem) => files.failNext('write', 'EIO'), 'EIO'],
  ['fsync fails', (files: FaultyFileSystem) => files.failNext('sync', 'EIO'), 'EIO'],
  ['the rename fails', (files: FaultyFileSystem) => files.failNext('rename', 'EIO'), 'EIO'],
  [
    'the folder cannot be made durable',
    (files: FaultyFileSystem) => files.failNext('syncDirectory', 'ENOSPC'),
    'diskFull',
  ],
  ['the file cannot be made', (files: FaultyFileSystem) => files.failNext('open', 'ENOSPC'), 'diskFull'],
] as const

test.each(FAULTS)('when %s, nothing is visible, no room is lost, and the next put succeeds', async (_, fail, code) => {
  const files = new FaultyFileSystem()
  const { store, close } = await data.open({ files })
  await store.createBucket('lake', 'us-east-1')
  fail(files)
  await expect(store.put(ref, inChunks(LARGE, 50_000))).rejects.toMatchObject({ code })
  await expect(store.head(ref)).rejects.toMatchObject({ code: 'noSuchKey' })
  expect(blobFiles()).toEqual([])

  files.leaveFree(Number.POSITIVE_INFINITY)
  await store.put(ref, inChunks(LARGE, 50_000))
  expect((await bytesOf(store.read(await store.head(ref)))).equals(LARGE)).toBe(true)
  await close()
})

test('bytes of a put that its transaction refused take no room', async () => {
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  await store.put(ref, LARGE)
  await expect(store.put(ref, LARGE, { condition: { ifNoneMatch: '*' } })).rejects.toMatchObject({
    code: 'preconditionFailed',
  })
  expect(blobFiles()).toHaveLength(1)
  await close()
})

test('files that a crash left without a name are swept at the next start, and nothing else', async () => {
  const first = await data.open()
  await first.store.createBucket('lake', 'us-east-1')
  await first.store.put(ref, LARGE)
  first.crash()
  const [kept] = blobFiles() as [string]
  const orphan = join(kept, '..', '2')
  await writeFile(orphan, 'left behind')
  await writeFile(join(data.directory, 'staging', '3'), 'half written')

  const second = await data.open()
  expect(blobFiles()).toEqual([kept])
  expect((await bytesOf(second.store.read(await second.store.head(ref)))).equals(LARGE)).toBe(true)
  await second.close()
})

test('deleting gives the room back once nobody reads the bytes any more', async () => {
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  const version = await store.put(ref, patterned(2_000_000))
  await store.copy(version, { bucket: 'lake', key: 'b' }, { metadata: {} })
  await store.delete(ref)
  expect(blobFiles()).toHaveLength(1)

  const reading = store.read(await store.head({ bucket: 'lake', key: 'b' }))[Symbol.asyncIterator]()
  await reading.next()
  await store.delete({ bucket: 'lake', key: 'b' })
  expect(blobFiles()).toHaveLength(1)
  await reading.return?.()
  await eventually(() => expect(blobFiles()).toEqual([]))
  await close()
})

test('a file that could not be removed is removed at the next start', async () => {
  const files = new FaultyFileSystem()
  const before = await data.open({ files })
  await before.store.createBucket('lake', 'us-east-1')
  await before.store.put(ref, LARGE)
  files.failNext('remove', 'EBUSY')
  await before.store.delete(ref)
  await before.close()
  expect(blobFiles()).toHaveLength(1)
  const after = await data.open()
  expect(blobFiles()).toEqual([])
  await after.close()
})

test('a start that the disk fails at any of its steps loses nothing, and the next one tidies up', async () => {
  const first = await data.open()
  await first.store.createBucket('lake', 'us-east-1')
  await first.close()
  let failed = 0
  for (let step = 1; failed === step - 1; step++) {
    const before = await data.open()
    const stored = { bucket: 'lake', key: `before ${step}` }
    await before.store.put(stored, LARGE)
    before.crash()
    const kept = blobFiles().toSorted((a, b) => Number(basename(a)) - Number(basename(b)))
    const newest = kept.at(-1) as string
    const orphan = String(Number(basename(newest)) + 1)
    await writeFile(join(newest, '..', orphan), 'left behind')
    await writeFile(join(data.directory, 'staging', orphan), 'half written')

    const files = new FaultyFileSystem()
    files.failStep(step, step % 2 === 0 ? 'EIO' : 'ENOSPC')
    const opened = await data.open({ files }).catch((error: Error) => error)
    if (opened instanceof Error) failed++
    else await opened.close()

    const after = await data.open()
    expect(new Set(blobFiles()), `after step ${step}`).toEqual(new Set(kept))
    expect((await bytesOf(after.store.read(await after.store.head(stored)))).equals(LARGE)).toBe(true)
    after.crash()
  }
  expect(failed, 'steps of a start').toBeGreaterThan(5)
})

test('neither small nor large objects are readable from the disk', async () => {
  const secret = 'a secret that must not be found on the disk'
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  await store.put({ bucket: 'lake', key: 'small' }, Buffer.from(secret))
  await store.put({ bucket: 'lake', key: 'large' }, Buffer.from(secret.repeat(5_000)))
  await close()
  const files = readdirSync(data.directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(data.directory, name))
    .filter((path) => statSync(path).isFile())
  expect(files.length).toBeGreaterThan(2)
  for (const path of files) expect((await readFile(path)).includes(secret), path).toBe(false)
})

test('a damaged file ends the reading with corruptObject and never gives the damaged bytes', async () => {
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  const bytes = patterned(2_000_000)
  const version = await store.put(ref, bytes)
  const [path] = blobFiles() as [string]
  const file = await open(path, 'r+')
  await file.write(Buffer.of(1, 2, 3), 0, 3, 1_500_000)
  await file.close()

  const seen: Uint8Array[] = []
  const reading = (async () => {
    for await (const chunk of store.read(version)) seen.push(chunk)
  })()
  await expect(reading).rejects.toMatchObject({ code: 'corruptObject' })
  const good = Buffer.concat(seen)
  expect(good.equals(bytes.subarray(0, good.byteLength))).toBe(true)
  await expect(store.materialise([version])).rejects.toMatchObject({ code: 'corruptObject' })

  const sound = await bytesOf(store.read(version, { start: 0, end: 999 }))
  expect(sound.equals(bytes.subarray(0, 1000))).toBe(true)
  await close()
})

test('a file that was cut short or is missing is corrupt, not short', async () => {
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  const version = await store.put(ref, LARGE)
  const [path] = blobFiles() as [string]
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  await file.truncate(size - 1)
  await file.close()
  await expect(bytesOf(store.read(version))).rejects.toMatchObject({ code: 'corruptObject' })
  await rm(path)
  await expect(bytesOf(store.read(version))).rejects.toMatchObject({ code: 'corruptObject' })
  await close()
})

test('a lake does not open without its master key, nor with another one', async () => {
  const { close } = await data.open()
  await close()
  const path = join(data.directory, 'keys', 'master')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await writeFile(path, `${'0'.repeat(64)}\n`)
  await expect(data.open()).rejects.toMatchObject({ code: 'masterKeyUnusable' })
  await writeFile(path, 'nonsense')
  await expect(data.open()).rejects.toMatchObject({ code: 'masterKeyUnusable' })
  await rm(path)
  await expect(data.open()).rejects.toMatchObject({ code: 'masterKeyMissing' })
})
