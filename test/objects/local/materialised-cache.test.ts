import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { dataDirectory } from './support.ts'

type Data = Awaited<ReturnType<typeof dataDirectory>>
let data: Data

beforeEach(async () => {
  data = await dataDirectory()
})
afterEach(() => data.remove())

async function openWith(tiers: readonly [name: string, bytesMax: number][]) {
  const cacheTiers = tiers.map(([name, bytesMax]) => ({ directory: join(data.directory, name), bytesMax }))
  const { store, close } = await data.open({ cacheTiers })
  await store.createBucket('lake', 'us-east-1')
  const put = (key: string, size: number) => store.put({ bucket: 'lake', key }, patterned(size))
  return { store, close, put, names: (tier: string) => readdir(join(data.directory, tier)) }
}

test('a copy is made once and shared by all who ask for the same revision', async () => {
  const { store, close, put, names } = await openWith([['fast', 1_000_000]])
  const version = await put('a.json.gz', 100_000)
  const [one, two] = await Promise.all([store.materialise([version]), store.materialise([version, version])])
  expect(new Set([...one.paths, ...two.paths]).size).toBe(1)
  expect(one.paths[0]).toMatch(/\.json\.gz$/)
  expect(await names('fast')).toHaveLength(1)
  await close()
})

test('copies that nobody holds make room, the longest unused first; held ones stay', async () => {
  const { store, close, put } = await openWith([['fast', 250_000]])
  const [a, b, c] = await Promise.all([put('a', 100_000), put('b', 100_000), put('c', 100_000)])
  const held = await store.materialise([a])
  const unused = await store.materialise([b])
  unused.release()
  const next = await store.materialise([c])
  expect((await readFile(held.paths[0] as string)).byteLength).toBe(100_000)
  expect((await readFile(next.paths[0] as string)).equals(patterned(100_000))).toBe(true)
  await expect(stat(unused.paths[0] as string)).rejects.toMatchObject({ code: 'ENOENT' })
  await close()
})

test('what does not fit into memory goes to the next folder, and past that it is refused', async () => {
  const { store, close, put, names } = await openWith([
    ['fast', 100_000],
    ['slow', 150_000],
  ])
  const [a, b, c] = await Promise.all([put('a', 100_000), put('b', 100_000), put('c', 100_000)])
  const held = await store.materialise([a, b])
  expect([await names('fast'), await names('slow')].map((list) => list.length)).toEqual([1, 1])
  await expect(store.materialise([c])).rejects.toMatchObject({ code: 'diskFull' })
  held.release()
  ;(await store.materialise([c])).release()
  await close()
})

test('releasing twice is once', async () => {
  const { store, close, put } = await openWith([['fast', 150_000]])
  const [a, b] = await Promise.all([put('a', 100_000), put('b', 100_000)])
  const first = await store.materialise([a])
  const second = await store.materialise([a])
  first.release()
  first.release()
  await expect(store.materialise([b])).rejects.toMatchObject({ code: 'diskFull' })
  second.release()
  ;(await store.materialise([b])).release()
  await close()
})

test('copies are private, and gone when the store closes or opens', async () => {
  const first = await openWith([['fast', 1_000_000]])
  await first.store.materialise([await first.put('a', 1000)])
  expect((await stat(join(data.directory, 'fast'))).mode & 0o777).toBe(0o700)
  await first.close()
  await expect(stat(join(data.directory, 'fast'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('an object replaced under the same version id is another revision', async () => {
  const { store, close } = await openWith([['fast', 1_000_000]])
  const ref = { bucket: 'lake', key: 'a' }
  const old = await store.put(ref, Buffer.from('old'))
  const before = await store.materialise([old])
  const replaced = await store.put(ref, Buffer.from('new'))
  const after = await store.materialise([replaced])
  expect(old.versionId).toBe(replaced.versionId)
  expect(await readFile(before.paths[0] as string, 'utf8')).toBe('old')
  expect(await readFile(after.paths[0] as string, 'utf8')).toBe('new')
  await expect(store.materialise([{ ...old, revision: '999' }])).rejects.toMatchObject({ code: 'noSuchVersion' })
  await close()
})
