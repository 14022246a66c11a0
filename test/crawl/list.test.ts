import { beforeEach, expect, test } from 'vitest'
import { exclusion } from '../../src/crawl/exclusion.ts'
import { FILES_KEPT_MAX, listTarget } from '../../src/crawl/list.ts'
import { MemoryObjectStore } from '../support/memory-object-store.ts'

let objects: MemoryObjectStore
beforeEach(async () => {
  objects = new MemoryObjectStore()
  await objects.createBucket('lake')
})

async function put(key: string, size = 1, storageClass?: string): Promise<void> {
  await objects.put({ bucket: 'lake', key }, Buffer.alloc(size), {
    metadata: { ...(storageClass && { storageClass }) },
  })
}

async function list(prefix: string, options: { exclude?: string; sampleSize?: number } = {}) {
  const matches = options.exclude === undefined ? [] : [exclusion(options.exclude)]
  return listTarget(
    { bucket: 'lake', prefix },
    { exclusions: matches.flatMap((one) => one ?? []), sampleSize: options.sampleSize },
    { objects, signal: new AbortController().signal },
  )
}

test('what holds no data is passed over: hidden, empty, archived, markers', async () => {
  for (const key of ['a/f', 'a/_SUCCESS', 'a/.crc', 'a/_tmp/f', 'a/.x/f', 'a/y_$folder$', 'a/dir/']) await put(key)
  await put('a/empty', 0)
  await put('a/cold', 1, 'GLACIER')
  await put('a/colder', 1, 'DEEP_ARCHIVE')
  const { folders } = await list('a/')
  expect(folders.map(({ path, files }) => [path, files.map(({ key }) => key)])).toEqual([['a/', ['a/f']]])
})

test('a hidden folder given as include path is looked into', async () => {
  await put('_landing/f')
  expect((await list('_landing/')).folders).toHaveLength(1)
})

test('only what lies in the folder counts, not what begins alike', async () => {
  await put('a/f')
  await put('ab/f')
  expect((await list('a/')).folders.map(({ path }) => path)).toEqual(['a/'])
})

test('excluded files are counted and gone', async () => {
  await put('a/f.csv')
  await put('a/x/f.tmp')
  const { folders, passedOver } = await list('a/', { exclude: '**.tmp' })
  expect([folders.length, passedOver.excluded]).toEqual([1, 1])
})

test('of more files than are kept all are counted, some are held, among them the first and the last', async () => {
  const count = FILES_KEPT_MAX * 20
  for (let file = 0; file < count; file++) await put(`a/${String(file).padStart(6, '0')}`, 2)
  const { folders } = await list('a/')
  const [folder] = folders
  expect([folder?.objectCount, folder?.bytes]).toEqual([count, count * 2])
  expect(folder?.files.length).toBeLessThanOrEqual(FILES_KEPT_MAX + 1)
  expect([folder?.files[0]?.key, folder?.files.at(-1)?.key]).toEqual(['a/000000', 'a/001279'])
})

test('a sample size keeps the first files of each folder', async () => {
  for (const key of ['a/x/1', 'a/x/2', 'a/x/3', 'a/y/1']) await put(key)
  const { folders } = await list('a/', { sampleSize: 2 })
  expect(folders.map(({ files }) => files.map(({ key }) => key))).toEqual([['a/x/1', 'a/x/2'], ['a/y/1']])
})

test('a path to one file lists it alone', async () => {
  await put('a/f.csv')
  await put('a/g.csv')
  const { isFile, folders } = await list('a/f.csv/')
  expect([isFile, folders.map(({ files }) => files.map(({ key }) => key))]).toEqual([true, [['a/f.csv']]])
})

test('an aborted listing ends', async () => {
  await put('a/f')
  const signal = AbortSignal.abort(new Error('enough'))
  const listing = listTarget(
    { bucket: 'lake', prefix: '' },
    { exclusions: [], sampleSize: undefined },
    { objects, signal },
  )
  await expect(listing).rejects.toThrow('enough')
})
