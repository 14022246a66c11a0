/** Lakes that are too large, or not what they seem: a crawl ends, stays within its bounds and says what it left out. */
import { expect, test } from 'vitest'
import type { Crawler } from '../../src/catalog/crawler-types.ts'
import { type CrawlParts, crawl } from '../../src/crawl/crawl.ts'
import { FILES_KEPT_RUN, FOLDERS_MAX, listTarget } from '../../src/crawl/list.ts'
import { FILES_PER_FOLDER_MAX, FILES_PER_RUN } from '../../src/crawl/sample.ts'
import type { ObjectVersion, WalkedObject } from '../../src/objects/object-store.ts'
import { isRefusal, Refusal } from '../../src/platform/refusal.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'
import { crawlWorld } from './crawl-world.ts'

const LINE = Buffer.from('{"id":1,"name":"x"}\n')

/** A bucket whose objects, all of one size, are made up as they are asked for. */
class ImaginedObjects {
  readonly keys: () => Iterable<WalkedObject>
  readonly read: (version: ObjectVersion) => AsyncIterable<Uint8Array>
  readonly keysRead: string[] = []

  constructor(keys: () => Iterable<WalkedObject>, body: (key: string) => AsyncIterable<Uint8Array> = oneLine) {
    this.keys = keys
    this.read = ({ key }) => {
      this.keysRead.push(key)
      return body(key)
    }
  }

  async *walk(): AsyncIterable<readonly WalkedObject[]> {
    let page: WalkedObject[] = []
    for (const object of this.keys()) {
      page.push(object)
      if (page.length < 1000) continue
      yield page
      page = []
    }
    yield page
  }

  async head({ key }: { key: string }): Promise<ObjectVersion> {
    const [first] = this.keys()
    return version({ key, size: first?.size ?? 0 })
  }
}

async function* oneLine(): AsyncIterable<Uint8Array> {
  yield LINE
}

function version({ key, size }: WalkedObject): ObjectVersion {
  return {
    bucket: 'lake',
    key,
    versionId: 'null',
    isLatest: true,
    isDeleteMarker: false,
    size,
    etag: '',
    lastModifiedMs: 0,
    encryption: 'AES256',
    checksum: undefined,
    metadata: {},
  }
}

async function crawled(objects: CrawlParts['objects']) {
  const { store, name } = await crawlWorld()
  const catalog = new MemoryCatalog()
  const messages: string[] = []
  await crawl((await store.findCrawler(name)) as Crawler, 0, parts(catalog, objects), {
    signal: new AbortController().signal,
    say: (message) => messages.push(message),
    beforeWriting: async () => undefined,
    onChanged: () => undefined,
  })
  const [table] = await catalog.tables('db')
  return { table, messages }
}

function parts(catalog: MemoryCatalog, objects: CrawlParts['objects']): CrawlParts {
  return { catalog, objects, accountId: '000000000000', classifiersNamed: async () => [] }
}

function* tiny(folders: number, filesEach: number): Iterable<WalkedObject> {
  for (let folder = 0; folder < folders; folder++)
    for (let file = 0; file < filesEach; file++)
      yield { key: `events/day=${String(folder).padStart(6, '0')}/${String(file).padStart(6, '0')}`, size: LINE.length }
}

test('100,000 tiny files are counted, a few of each folder are read, and tens of sentences are said', async () => {
  const objects = new ImaginedObjects(() => tiny(10, 10_000))
  const { table, messages } = await crawled(objects)
  expect(objects.keysRead.length).toBeLessThanOrEqual(Math.min(10 * FILES_PER_FOLDER_MAX, FILES_PER_RUN))
  expect(table?.parameters).toMatchObject({ objectCount: '100000', sizeKey: String(100_000 * LINE.length) })
  expect(messages.length).toBeLessThan(20)
  expect(messages).toContain('… and in the same way of 5 more folders.')
})

test('of one object of 50 GB the first megabytes are read', async () => {
  const bytes = 50_000_000_000
  let handedOut = 0
  async function* endless() {
    const chunk = Buffer.concat(Array.from({ length: 5000 }, () => LINE))
    for (;;) {
      handedOut += chunk.length
      yield chunk
    }
  }
  const { table } = await crawled(new ImaginedObjects(() => [{ key: 'huge/all.jsonl', size: bytes }], endless))
  expect(handedOut).toBeLessThan(3_000_000)
  expect(table?.parameters).toMatchObject({ objectCount: '1', sizeKey: String(bytes) })
  expect(Number(table?.parameters['recordCount'])).toBeCloseTo(bytes / LINE.length, -7)
})

test('of 50 GB in which no line ends no more is read than the bound, and the file is named', async () => {
  let handedOut = 0
  async function* endless() {
    yield Buffer.from('{"a":"')
    for (;;) {
      handedOut += 100_000
      yield Buffer.alloc(100_000, 'x')
    }
  }
  const { table, messages } = await crawled(
    new ImaginedObjects(() => [{ key: 'huge/one-line', size: 50_000_000_000 }], endless),
  )
  expect(handedOut).toBeLessThan(12_000_000)
  expect(table).toBeUndefined()
  expect(messages).toContainEqual(expect.stringMatching(/^s3:\/\/lake\/huge\/one-line was skipped: /))
})

test('more folders than can be kept fail the run with a sentence, before anything is read', async () => {
  const objects = new ImaginedObjects(() => tiny(FOLDERS_MAX + 1, 1))
  const error = await crawled(objects).catch((reason: unknown) => reason)
  expect(isRefusal(error) && error.code).toBe('crawlFailed')
  expect((error as Error).message).toMatch(/more than 200000 folders with files under s3:\/\/lake\//)
  expect(objects.keysRead).toEqual([])
})

test.each([undefined, 60])('of many folders fewer files each are held, sample size %s', async (sampleSize) => {
  const folders = Math.ceil(FILES_KEPT_RUN / 50)
  const listing = await listTarget(
    { bucket: 'lake', prefix: '' },
    { exclusions: [], sampleSize },
    { objects: new ImaginedObjects(() => tiny(folders, 60)), signal: new AbortController().signal },
  )
  expect(listing.folders).toHaveLength(folders)
  expect(listing.folders.every(({ objectCount, files }) => objectCount === 60 && files.length > 0)).toBe(true)
  const held = listing.folders.reduce((sum, { files }) => sum + files.length, 0)
  expect(held).toBeLessThanOrEqual(FILES_KEPT_RUN + folders)
})

test('a file that is removed, or damaged, while the crawl runs is named and the others count', async () => {
  const world = await crawlWorld()
  for (const name of ['a', 'b', 'c']) await world.put(`data/${name}`, LINE)
  world.objects.beforeEach = (operation, key) => {
    if (operation === 'head' && key === 'data/a') throw new Refusal('noSuchKey', 'The object data/a does not exist.')
    if (operation === 'read' && key === 'data/b') throw new Refusal('corruptObject', 'The object data/b is damaged.')
  }
  const { run, messages, tables } = await world.crawled()
  expect([run.status, Object.keys(tables)]).toEqual(['SUCCEEDED', ['lake']])
  expect(messages).toContain('s3://lake/data/a was skipped: it cannot be read (The object data/a does not exist.).')
  expect(messages).toContain('s3://lake/data/b was skipped: it cannot be read (The object data/b is damaged.).')
})

test('a store that fails fails the run and changes nothing', async () => {
  const world = await crawlWorld()
  await world.put('data/a', LINE)
  world.objects.beforeEach = (operation) => {
    if (operation === 'read') throw new Error('the disk is gone')
  }
  const { run, tables } = await world.crawled()
  expect(run).toMatchObject({ status: 'FAILED', errorMessage: 'Internal error: the disk is gone' })
  expect(tables).toEqual({})
})

test('200 folders of files that nothing can read are counted, not listed', async () => {
  const world = await crawlWorld()
  for (let file = 0; file < 200; file++) await world.put(`data/${file}/f`, 'just words\n')
  const { messages } = await world.crawled()
  expect(messages.length).toBeLessThan(10)
  expect(messages).toContain('… and 195 more files were skipped.')
})
