/** What the store keeps when the disk fails under the commit itself: all that was acknowledged, and nothing by half. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SyncFile, syncFile } from '../../../src/platform/sqlite-log.ts'
import { bytesOf, patterned } from '../../contracts/object-store.ts'
import { slowDisk } from '../../support/slow-disk.ts'
import { dataDirectory } from './support.ts'

const ref = { bucket: 'lake', key: 'only copy' }
const FILE_BYTES = 100_000
const SIZES = [1000, FILE_BYTES]

let data: Awaited<ReturnType<typeof dataDirectory>>
beforeEach(async () => {
  data = await dataDirectory()
})
afterEach(() => data.remove())

/** Fails from the moment it is broken. */
function breakable() {
  const disk = { isBroken: false }
  const sync: SyncFile = async (file) => {
    if (disk.isBroken) throw new Error('EIO: i/o error, fdatasync')
    await syncFile(file)
  }
  return { disk, sync }
}

test.each(SIZES)(
  'an object of %i bytes is whole, old or new, after the replacement could not be committed',
  async (size) => {
    const [old, replacement] = [Buffer.alloc(size, 'old'), patterned(size)]
    const { disk, sync } = breakable()
    const lake = await data.open({ sync })
    await lake.store.createBucket(ref.bucket, 'us-east-1')
    await lake.store.put(ref, old)
    disk.isBroken = true
    await expect(lake.store.put(ref, replacement)).rejects.toMatchObject({ code: 'dataDirectoryFailed' })
    await expect(lake.store.delete(ref)).rejects.toMatchObject({ code: 'dataDirectoryFailed' })
    lake.crash()

    const again = await data.open()
    const found = await bytesOf(again.store.read(await again.store.head(ref)))
    expect([old, replacement]).toContainEqual(found)
    await again.store.put(ref, old)
    expect(await bytesOf(again.store.read(await again.store.head(ref)))).toEqual(old)
    await again.close()
  },
)

test('the file of a deleted object stays until the deletion is durable, also where another is being cleared away', async () => {
  const disk = slowDisk()
  const isSlow = { yet: false }
  const lake = await data.open({ sync: (file) => (isSlow.yet ? disk.sync(file) : syncFile(file)) })
  await lake.store.createBucket(ref.bucket, 'us-east-1')
  const other = { ...ref, key: 'other' }
  await lake.store.put(ref, patterned(FILE_BYTES))
  await lake.store.put(other, patterned(FILE_BYTES))
  isSlow.yet = true
  const first = lake.store.delete(ref)
  const sync = await disk.asked()
  const second = lake.store.delete(other)
  sync.end()
  await first
  // The first deletion's clearing sees the second one's file among those that nobody uses.
  ;(await disk.asked()).fail(new Error('EIO: i/o error, fdatasync'))
  await expect(second).rejects.toMatchObject({ code: 'dataDirectoryFailed' })
  await lake.store.close().catch(() => undefined)
  expect(await filesOfObjects()).toHaveLength(2)
  lake.database.close()
})

async function filesOfObjects(): Promise<string[]> {
  const entries = await readdir(join(data.directory, 'objects'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}
