/** What every object store promises, as claims that any backend runs. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ObjectStore } from '../../src/objects/object-store.ts'
import { isRefusal } from '../../src/platform/refusal.ts'

export interface OpenedStore {
  readonly store: ObjectStore
  /** Makes the store keep every version of the bucket from now on. */
  enableVersioning(bucket: string): Promise<void>
  close(): Promise<void>
}

const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 1_048_576, 1_048_577, 5_000_000]

export function objectStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of object stores`, () => {
    let opened: OpenedStore
    let store: ObjectStore

    beforeEach(async () => {
      opened = await open()
      store = opened.store
      await store.createBucket('lake', 'us-east-1')
    })
    afterEach(() => opened.close())

    const put = (key: string, text: string) => store.put({ bucket: 'lake', key }, Buffer.from(text))
    const text = async (key: string) =>
      (await bytesOf(store.read(await store.head({ bucket: 'lake', key })))).toString()

    test.each(SIZES)('%i bytes come back as they were put, whole, in ranges and as a file', async (size) => {
      const bytes = patterned(size)
      const version = await store.put({ bucket: 'lake', key: 'a.bin' }, inChunks(bytes, 70_001))
      expect(version).toMatchObject({ size, etag: createHash('md5').update(bytes).digest('hex'), isLatest: true })
      expect((await bytesOf(store.read(version))).equals(bytes)).toBe(true)

      const ranges = [
        [0, 0],
        [size - 1, size - 1],
        [Math.floor(size / 3), Math.floor(size / 2)],
        [65_530, 65_540],
      ].filter(([start, end]) => start !== undefined && end !== undefined && start >= 0 && start <= end && end < size)
      for (const [start = 0, end = 0] of ranges) {
        const part = await bytesOf(store.read(version, { start, end }))
        expect(part.equals(bytes.subarray(start, end + 1))).toBe(true)
      }

      const files = await store.materialise([version])
      expect((await readFile(files.paths[0] as string)).equals(bytes)).toBe(true)
      files.release()
    })

    test('what travels with an object comes back with it', async () => {
      const metadata = { contentType: 'text/csv', cacheControl: 'no-store', user: { origin: 'till' }, tags: { a: 'b' } }
      await store.put({ bucket: 'lake', key: 'a' }, Buffer.from('x'), { metadata })
      expect((await store.head({ bucket: 'lake', key: 'a' })).metadata).toEqual(metadata)
    })

    test('a key that is missing, or in a missing bucket, is refused', async () => {
      await expect(store.head({ bucket: 'lake', key: 'none' })).rejects.toMatchObject({ code: 'noSuchKey' })
      await expect(store.head({ bucket: 'none', key: 'a' })).rejects.toMatchObject({ code: 'noSuchBucket' })
      await expect(store.put({ bucket: 'none', key: 'a' }, Buffer.of())).rejects.toMatchObject({ code: 'noSuchBucket' })
      await expect(store.list('none', { limit: 1 })).rejects.toMatchObject({ code: 'noSuchBucket' })
    })

    test('putting again replaces the object, and a reader that started keeps its bytes', async () => {
      const before = patterned(300_000)
      const version = await store.put({ bucket: 'lake', key: 'a' }, before)
      const reading = store.read(version)
      await put('a', 'second')
      expect((await bytesOf(reading)).equals(before)).toBe(true)
      expect(await text('a')).toBe('second')
    })

    test('a body that fails leaves nothing behind', async () => {
      async function* broken() {
        yield patterned(200_000)
        throw new Error('The client went away.')
      }
      await expect(store.put({ bucket: 'lake', key: 'a' }, broken())).rejects.toThrow('went away')
      expect((await store.list('lake', { limit: 10 })).objects).toEqual([])
    })

    test('bytes that differ from what was announced are refused and not stored', async () => {
      const bytes = Buffer.from('hello')
      const wrong = Buffer.alloc(4)
      const right = Buffer.alloc(4)
      right.writeUInt32BE(crc32(bytes))
      const ref = { bucket: 'lake', key: 'a' }
      const cases = [
        [{ contentMd5: createHash('md5').update('other').digest() }, 'badDigest'],
        [{ checksum: { algorithm: 'CRC32', value: wrong.toString('base64') } }, 'badDigest'],
        [{ checksum: { algorithm: 'CRC32', value: Promise.resolve(wrong.toString('base64')) } }, 'badDigest'],
        [{ size: 6 }, 'incompleteBody'],
      ] as const
      for (const [options, code] of cases) await expect(store.put(ref, bytes, options)).rejects.toMatchObject({ code })
      await expect(store.head(ref)).rejects.toMatchObject({ code: 'noSuchKey' })

      const value = Promise.resolve(right.toString('base64'))
      const stored = await store.put(ref, bytes, { checksum: { algorithm: 'CRC32', value }, size: 5 })
      expect(stored.checksum).toEqual({ algorithm: 'CRC32', value: await value, type: 'FULL_OBJECT' })
    })

    test.each([
      ['CRC32', 'y/Q5Jg=='],
      ['CRC32C', '4waSgw=='],
      ['CRC64NVME', 'rosUhgp5mIg='],
      ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
      ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
    ] as const)('%s of 123456789 is the published check value', async (algorithm, value) => {
      const version = await store.put({ bucket: 'lake', key: 'a' }, Buffer.from('123456789'), {
        checksum: { algorithm },
      })
      expect(version.checksum?.value).toBe(value)
    })

    test('a checksum is kept even when none was asked for', async () => {
      expect((await put('a', '123456789')).checksum).toEqual({
        algorithm: 'CRC64NVME',
        value: 'rosUhgp5mIg=',
        type: 'FULL_OBJECT',
      })
    })

    test('conditions decide between writers: exactly one of many creates the key', async () => {
      const attempts = Array.from({ length: 8 }, (_, number) =>
        store.put({ bucket: 'lake', key: 'lock' }, Buffer.from(`writer ${number}`), {
          condition: { ifNoneMatch: '*' },
        }),
      )
      const outcomes = await Promise.allSettled(attempts)
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(isRefusal(outcome.reason) && outcome.reason.code).toBe('preconditionFailed')
      }
    })

    test('If-Match replaces only the version that was seen', async () => {
      const { etag } = await put('a', 'one')
      const ref = { bucket: 'lake', key: 'a' }
      await store.put(ref, Buffer.from('two'), { condition: { ifMatch: etag } })
      await expect(store.put(ref, Buffer.from('three'), { condition: { ifMatch: etag } })).rejects.toMatchObject({
        code: 'preconditionFailed',
      })
      await expect(
        store.put({ bucket: 'lake', key: 'none' }, Buffer.of(), { condition: { ifMatch: etag } }),
      ).rejects.toMatchObject({ code: 'noSuchKey' })
      expect(await text('a')).toBe('two')
    })

    test('several objects come to be in one moment, or none of them', async () => {
      const puts = ['a', 'b', 'c'].map((key) => ({ ref: { bucket: 'lake', key }, body: Buffer.from(key) }))
      const seen: number[] = []
      async function* watching() {
        seen.push((await store.list('lake', { limit: 10 })).objects.length)
        yield Buffer.from('x')
      }
      await store.putAll([...puts, { ref: { bucket: 'lake', key: 'd' }, body: watching() }])
      expect(seen).toEqual([0])
      const keys = async () => (await store.list('lake', { limit: 10 })).objects.map(({ key }) => key)
      expect(await keys()).toEqual(['a', 'b', 'c', 'd'])

      const more = { ref: { bucket: 'lake', key: 'e' }, body: Buffer.from('e') }
      const taken = {
        ref: { bucket: 'lake', key: 'a' },
        body: Buffer.from('new'),
        options: { condition: { ifNoneMatch: '*' } },
      } as const
      await expect(store.putAll([more, taken])).rejects.toMatchObject({ code: 'preconditionFailed' })
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('x')
        throw new Error('the sender is gone')
      }
      await expect(store.putAll([more, { ref: { bucket: 'lake', key: 'f' }, body: broken() }])).rejects.toThrow('gone')
      expect(await keys()).toEqual(['a', 'b', 'c', 'd'])
      expect(await store.putAll([])).toEqual([])
    })

    test('a write repeated with its token happens once', async () => {
      await opened.enableVersioning('lake')
      const ref = { bucket: 'lake', key: 'a' }
      const first = await store.put(ref, Buffer.from('batch'), { onceToken: 'batch-1' })
      const again = await store.put(ref, Buffer.from('batch'), { onceToken: 'batch-1' })
      expect(again.versionId).toBe(first.versionId)
      const other = await store.put(ref, Buffer.from('batch'), { onceToken: 'batch-2' })
      expect(other.versionId).not.toBe(first.versionId)
      const [one, two] = await Promise.all([
        store.put(ref, patterned(100_000), { onceToken: 'batch-3' }),
        store.put(ref, patterned(100_000), { onceToken: 'batch-3' }),
      ])
      expect(one?.versionId).toBe(two?.versionId)
    })

    test('deleting takes the object away; deleting what is not there succeeds', async () => {
      await put('a', 'x')
      expect(await store.delete({ bucket: 'lake', key: 'a' })).toEqual({})
      await expect(store.head({ bucket: 'lake', key: 'a' })).rejects.toMatchObject({ code: 'noSuchKey' })
      expect(await store.delete({ bucket: 'lake', key: 'a' })).toEqual({})
    })

    test('a versioned bucket keeps what was replaced and deleted', async () => {
      await opened.enableVersioning('lake')
      const first = await put('a', 'one')
      const second = await put('a', 'two')
      const marker = await store.delete({ bucket: 'lake', key: 'a' })
      expect(marker).toMatchObject({ deleteMarker: true })
      await expect(store.head({ bucket: 'lake', key: 'a' })).rejects.toMatchObject({
        code: 'noSuchKey',
        fields: { deleteMarker: { versionId: marker.versionId } },
      })
      const old = await store.head({ bucket: 'lake', key: 'a', versionId: first.versionId })
      expect((await bytesOf(store.read(old))).toString()).toBe('one')
      expect((await store.list('lake', { limit: 10 })).objects).toEqual([])

      await store.delete({ bucket: 'lake', key: 'a', versionId: marker.versionId as string })
      expect(await text('a')).toBe('two')
      await store.delete({ bucket: 'lake', key: 'a', versionId: second.versionId })
      expect(await text('a')).toBe('one')
    })

    test('keys list in the byte order of UTF-8, whatever they are made of', async () => {
      const keys = ['z', 'a\u0000b', 'a', 'é', '\u{1f600}', '\uffee', '\ue000', 'a/b', 'A', ' ', '%2F', 'a+b', '..']
      for (const key of keys) await put(key, key)
      const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect((await store.list('lake', { limit: 100 })).objects.map((object) => object.key)).toEqual(sorted)
    })

    const TREE = ['a', 'b/1', 'b/2', 'b/c/3', 'b/c/4', 'd', 'e/5', 'e/6/7', 'f/', 'g']
    const LISTINGS = [
      { query: {}, entries: TREE },
      { query: { delimiter: '/' }, entries: ['a', 'b/*', 'd', 'e/*', 'f/*', 'g'] },
      { query: { prefix: 'b/' }, entries: ['b/1', 'b/2', 'b/c/3', 'b/c/4'] },
      { query: { prefix: 'b/', delimiter: '/' }, entries: ['b/1', 'b/2', 'b/c/*'] },
      { query: { prefix: 'b', delimiter: '/' }, entries: ['b/*'] },
      { query: { startAfter: 'b/2' }, entries: ['b/c/3', 'b/c/4', 'd', 'e/5', 'e/6/7', 'f/', 'g'] },
      { query: { startAfter: 'b/', delimiter: '/' }, entries: ['d', 'e/*', 'f/*', 'g'] },
      { query: { prefix: 'e/', startAfter: 'a' }, entries: ['e/5', 'e/6/7'] },
      { query: { prefix: 'x' }, entries: [] },
      { query: { prefix: '', delimiter: '/6' }, entries: [...TREE.slice(0, 7), 'e/6*', 'f/', 'g'] },
    ]

    test.each(LISTINGS)('listing $query gives $entries, on pages of any size', async ({ query, entries }) => {
      for (const key of TREE) await put(key, key)
      for (const limit of [1, 2, 3, 100]) {
        const seen: string[] = []
        let startAfter: string | undefined = (query as { startAfter?: string }).startAfter
        for (;;) {
          const page = await store.list('lake', { ...query, ...(startAfter !== undefined && { startAfter }), limit })
          expect(page.objects.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit)
          const pageEntries = [...page.objects.map((object) => object.key), ...page.commonPrefixes.map((p) => `${p}*`)]
          seen.push(...pageEntries.toSorted())
          if (page.next === undefined) break
          startAfter = page.next
        }
        expect(seen).toEqual(entries)
      }
    })

    test('a walk meets every object below a prefix once, in the order of keys, with its size and storage class', async () => {
      for (const key of TREE) await put(key, key)
      await store.put({ bucket: 'lake', key: 'b/cold' }, Buffer.from('ice'), { metadata: { storageClass: 'GLACIER' } })
      await store.put({ bucket: 'lake', key: 'b/said' }, Buffer.from('x'), {
        metadata: { user: { note: '"storageClass"' } },
      })
      expect(await walked('b/')).toEqual([
        { key: 'b/1', size: 3 },
        { key: 'b/2', size: 3 },
        { key: 'b/c/3', size: 5 },
        { key: 'b/c/4', size: 5 },
        { key: 'b/cold', size: 3, storageClass: 'GLACIER' },
        { key: 'b/said', size: 1 },
      ])
      expect((await walked('')).map(({ key }) => key)).toEqual([...TREE, 'b/cold', 'b/said'].toSorted())
      await expect(walked('', 'none')).rejects.toMatchObject({ code: 'noSuchBucket' })
    })

    test('a walk goes on over many pages, without what was deleted, while others write', async () => {
      const keys = Array.from({ length: 2500 }, (_, number) => `many/${String(number).padStart(5, '0')}`)
      await Promise.all(keys.map((key) => put(key, 'x')))
      await store.delete({ bucket: 'lake', key: 'many/00007' })
      const seen: string[] = []
      for await (const page of store.walk('lake', 'many/')) {
        seen.push(...page.map(({ key }) => key))
        await put('other', 'y')
      }
      expect(seen).toEqual(keys.filter((key) => key !== 'many/00007'))
    })

    async function walked(prefix: string, bucket = 'lake') {
      const objects = []
      for await (const page of store.walk(bucket, prefix)) objects.push(...page)
      return objects
    }

    test('a limit of nothing gives an empty last page', async () => {
      await put('a', 'x')
      expect(await store.list('lake', { limit: 0 })).toEqual({ objects: [], commonPrefixes: [], next: undefined })
    })

    test('many objects become files at once, in the order asked', async () => {
      const bodies = Array.from({ length: 150 }, (_, number) => patterned(number * 700))
      const versions = await Promise.all(
        bodies.map((body, number) => store.put({ bucket: 'lake', key: `part-${number}.json.gz` }, body)),
      )
      const [files, again] = await Promise.all([store.materialise(versions), store.materialise(versions.slice(10, 20))])
      for (const [index, path] of files.paths.entries()) {
        expect(path.endsWith('.json.gz')).toBe(true)
        expect((await readFile(path)).equals(bodies[index] as Buffer)).toBe(true)
      }
      expect(again.paths).toEqual(files.paths.slice(10, 20))
      files.release()
      again.release()
    })
  })
}

/** Bytes that differ everywhere and repeat nowhere near. */
export function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = size + 1
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[index] = state >>> 16
  }
  return bytes
}

export async function* inChunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
