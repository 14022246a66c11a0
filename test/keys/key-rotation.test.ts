import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { settle } from '../support/fake-clock.ts'
import { FaultyFileSystem } from '../support/faulty-file-system.ts'
import { keyWorld } from './key-world.ts'

let world: Awaited<ReturnType<typeof keyWorld>>
beforeEach(async () => {
  world = await keyWorld()
})
afterEach(() => world.remove())

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)

test('after a rotation everything opens with the new key alone, and the old key is nowhere', async () => {
  const lake = await world.open()
  await lake.keep(1500)
  const old = await world.masterFile()
  await lake.rotation.start()
  await lake.finished()
  expect(lake.rotation.progress).toEqual({ isRunning: false, rewrapped: 1500, damaged: 0, done: 1 })
  expect(lake.lost()).toEqual([])
  await lake.close()

  expect(await world.masterFile()).not.toBe(old)
  expect(await world.nextFile()).toBeUndefined()
  const again = await world.open()
  expect(again.lost()).toEqual([])
  await again.close()
  await world.writeMasterFile(old as string)
  await expect(world.open()).rejects.toMatchObject({ code: 'masterKeyUnusable' })
})

test('what is written while a rotation runs opens during it and after it', async () => {
  const lake = await world.open()
  await lake.keep(2000)
  await lake.rotation.start()
  await lake.keep(10)
  expect(lake.rotation.progress.isRunning).toBe(true)
  expect(lake.lost()).toEqual([])
  await lake.finished()
  await lake.close()
  const again = await world.open()
  expect(again.lost()).toEqual([])
  await again.close()
})

test.each([0, 1, 511, 512, 513, 1200, 1499])(
  'a lake that dies after %i keys goes on where it was',
  async (dieAfter) => {
    const lake = await world.open({ dieAfter })
    await lake.keep(1500)
    await lake.rotation.start()
    for (let turn = 0; turn < 20; turn++) await settle()
    expect(lake.rotation.progress.isRunning).toBe(true)
    expect(lake.lost()).toEqual([])
    await lake.close()

    const again = await world.open()
    expect(again.lost()).toEqual([])
    again.rotation.resume()
    await again.finished()
    expect(again.lost()).toEqual([])
    await again.close()
    expect(await world.nextFile()).toBeUndefined()
    const last = await world.open()
    expect([last.lost(), last.masterKeys.rotation]).toEqual([[], undefined])
    await last.close()
  },
)

test.each(['rename', 'syncDirectory'] as const)(
  'a %s that fails as the files are settled leaves both keys, and the next start settles them',
  async (fault) => {
    const files = new FaultyFileSystem()
    const lake = await world.open({ files })
    await lake.keep(3)
    await lake.rotation.start()
    files.failNext(fault, 'EIO')
    for (let turn = 0; turn < 20; turn++) await settle()
    expect(lake.masterKeys.rotation?.step).toBe('settling')
    await lake.close()
    const again = await world.open()
    expect(again.lost()).toEqual([])
    again.rotation.resume()
    await again.finished()
    await again.close()
    const last = await world.open()
    expect([last.lost(), last.masterKeys.rotation]).toEqual([[], undefined])
    await last.close()
  },
)

test('a new key that could not be written rotates nothing', async () => {
  const files = new FaultyFileSystem()
  const lake = await world.open({ files })
  await lake.keep(3)
  files.failNext('sync', 'EIO')
  await expect(lake.rotation.start()).rejects.toThrow('EIO')
  expect(lake.masterKeys.rotation).toBeUndefined()
  expect(lake.lost()).toEqual([])
  await lake.close()
})

test('a key that was damaged before is counted and left as it is', async () => {
  const lake = await world.open()
  await lake.keep(3)
  lake.database.prepare('UPDATE thing SET wrapped = zeroblob(60) WHERE id = 2').run()
  await lake.rotation.start()
  await lake.finished()
  expect(lake.rotation.progress).toMatchObject({ rewrapped: 2, damaged: 1 })
  expect(lake.lost()).toEqual([2])
  await lake.close()
})

describe('with keys from outside', () => {
  test('nothing is written to disk, and a rotation goes to the key that is given', async () => {
    const lake = await world.open({ given: OLD, next: NEW })
    await lake.keep(3)
    await lake.rotation.start()
    await lake.finished()
    await expect(lake.rotation.start()).rejects.toMatchObject({ code: 'nextKeyInUse' })
    await lake.close()
    expect([await world.masterFile(), await world.nextFile()]).toEqual([undefined, undefined])
    const again = await world.open({ given: NEW })
    expect(again.lost()).toEqual([])
    await again.close()
    await expect(world.open({ given: OLD })).rejects.toMatchObject({ code: 'masterKeyUnusable' })
    await expect(world.open()).rejects.toMatchObject({ code: 'masterKeyMissing' })
  })

  test('a rotation without the next key is refused', async () => {
    const lake = await world.open({ given: OLD })
    await expect(lake.rotation.start()).rejects.toMatchObject({ code: 'nextKeyMissing' })
    await lake.close()
  })

  test('a rotation that was interrupted needs both keys', async () => {
    const lake = await world.open({ given: OLD, next: NEW, dieAfter: 0 })
    await lake.keep(3)
    await lake.rotation.start()
    await settle()
    await lake.close()
    await expect(world.open({ given: OLD })).rejects.toMatchObject({ code: 'masterKeyMissing' })
    await expect(world.open({ given: NEW })).rejects.toMatchObject({ code: 'masterKeyMissing' })
    const again = await world.open({ given: OLD, next: NEW })
    expect(again.lost()).toEqual([])
    await again.close()
  })

  test('a lake moves from its own file to a key from outside, and the file goes', async () => {
    const lake = await world.open()
    await lake.keep(3)
    await lake.close()
    const moving = await world.open({ next: NEW })
    await moving.rotation.start()
    await moving.finished()
    await moving.close()
    expect(await world.masterFile()).toBeUndefined()
    const again = await world.open({ given: NEW })
    expect(again.lost()).toEqual([])
    await again.close()
  })
})
