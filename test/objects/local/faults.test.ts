/**
 * Random lives of a store on a disk that fails: full, torn, unsynced, unreadable, and without power at any step. Held
 * against a book of what was acknowledged. Each operation is acknowledged and kept, or refused and nothing of it stays;
 * one that was cut off happened whole or not at all. After a start no file is there that no row names.
 */
import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { ByteThreads } from '../../../src/objects/local/byte-threads.ts'
import type { LocalObjectStore } from '../../../src/objects/local/local-object-store.ts'
import type { ObjectVersion } from '../../../src/objects/object-store.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import type { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { bytesOf, inChunks, patterned } from '../../contracts/object-store.ts'
import { type DiskFault, SimulatedDisk } from '../../support/simulated-disk.ts'
import { dataDirectory } from './support.ts'

const bucket = 'lake'
const KEYS = ['a', 'b', 'c', 'd']
/** A row, a file of two frames, and one of more than a chunk of the writer. */
const SIZES = [1000, 100_000, 1_200_000]
const FAULTS = [
  'fullDisk',
  'failedSync',
  'failedWrite',
  'failedRead',
  'shortRead',
  'failedOpen',
  'failedMakeDirectory',
  'failedRename',
  'failedFolderSync',
  'failedRemove',
] as const satisfies readonly DiskFault[]
const STEPS = ['put', 'putUnlessThere', 'putWrong', 'parts', 'abandon', 'copy', 'delete', 'read'] as const

interface Round {
  /** One for each key, at once. */
  readonly steps: readonly { readonly step: (typeof STEPS)[number]; readonly size: number }[]
  readonly faults: readonly DiskFault[]
  /** The process is killed, or the power fails, before the disk's step of that number. */
  readonly end?: { readonly kind: 'kill' | 'powerLoss'; readonly atStep: number } | undefined
}

const round: fc.Arbitrary<Round> = fc.record({
  steps: fc.array(fc.record({ step: fc.constantFrom(...STEPS), size: fc.constantFrom(...SIZES) }), {
    minLength: KEYS.length,
    maxLength: KEYS.length,
  }),
  faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 3 }),
  end: fc.option(fc.record({ kind: fc.constantFrom('kill', 'powerLoss'), atStep: fc.integer({ min: 1, max: 40 }) }), {
    nil: undefined,
  }),
})

const SOURCE = 'source'
const SOURCE_BYTES = 100_000
const PATTERN = patterned(Math.max(...SIZES))
const threads = new ByteThreads(2)
afterAll(() => threads.close())

test('whatever the disk does, what was acknowledged stays, what was refused leaves nothing, and no room is lost', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.boolean(),
      fc.array(round, { minLength: 1, maxLength: 5 }),
      live,
    ),
    { numRuns: 25 },
  )
})

/** Each life ends a process before the step that makes a removal durable. */
test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'what a killed process was removing does not come back when the power fails later (%i)',
  async (seed) => {
    const idle = { step: 'read', size: 0 } as const
    const one = (step: 'put' | 'putWrong' | 'delete') => ({
      steps: [{ step, size: 100_000 }, idle, idle, idle],
      faults: [],
    })
    const powerLoss = { ...one('put'), end: { kind: 'powerLoss', atStep: 1 } } as const
    await live(seed, false, [{ ...one('putWrong'), end: { kind: 'kill', atStep: 14 } }, powerLoss])
    await live(seed, false, [one('put'), { ...one('delete'), end: { kind: 'kill', atStep: 2 } }, powerLoss])
  },
)

test.each([1, 2, 3, 4, 5, 6, 7, 8])('the master key of a new lake outlives a power loss (%i)', async (seed) => {
  const { data, disk, open } = await onSimulatedDisk(seed)
  const ref = { bucket, key: 'first' }
  const before = await open()
  await before.store.createBucket(bucket, 'us-east-1')
  await before.store.put(ref, Buffer.from('acknowledged'))
  disk.crash()
  before.crash()
  const after = await open()
  expect((await bytesOf(after.store.read(await after.store.head(ref)))).toString()).toBe('acknowledged')
  await after.close()
  await data.remove()
})

/** Digest; undefined where there is no object. */
type Content = string | undefined

/** What clients know. */
class Book {
  /** What each key may hold: one content, or two after an operation that was cut off. */
  readonly latest = new Map<string, readonly Content[]>(KEYS.map((key) => [key, [undefined]]))
  /** Acknowledged versions of a bucket that keeps them. */
  readonly versions = new Map<string, { key: string; digest: string }>()

  allowed(key: string): readonly Content[] {
    return this.latest.get(key) ?? []
  }
}

/** A store whose files are on a disk of the test's; its database is on a real one, which keeps what it acknowledged. */
async function onSimulatedDisk(seed: number) {
  const data = await dataDirectory()
  const disk = new SimulatedDisk(seededRandom(seed))
  await disk.fileSystem().makeDirectory(data.directory)
  for (let folder = data.directory; folder !== '/'; folder = dirname(folder)) disk.syncFolder(dirname(folder))
  return { data, disk, open: () => data.open({ files: disk.fileSystem(), threads }) }
}

async function live(seed: number, isVersioned: boolean, rounds: readonly Round[]): Promise<void> {
  const { data, disk, open } = await onSimulatedDisk(seed)
  const book = new Book()
  try {
    const first = await open()
    await first.store.createBucket(bucket, 'us-east-1', isVersioned ? { versioning: 'enabled' } : {})
    await first.store.put({ bucket, key: SOURCE }, bodyOf(SOURCE, SOURCE_BYTES))
    await first.close()
    for (const [number, { steps, faults, end }] of rounds.entries()) {
      const lake = await open()
      disk.faults = [...faults]
      const cut = cutAt(disk, end)
      const clients = steps.map(({ step, size }, index) =>
        run(step, { store: lake.store, book, key: KEYS[index] as string, body: bodyOf(`${number}/${index}`, size) }),
      )
      await Promise.race([Promise.all(clients), cut.happens])
      disk.beforeStep = () => undefined
      disk.faults = []
      if (cut.hasHappened()) lake.crash()
      else {
        await audit(lake.store, book)
        await lake.close()
      }
      const after = await open()
      await audit(after.store, book)
      expectNoRoomLost(disk, after.database)
      await after.close()
    }
  } finally {
    await data.remove()
  }
}

/** It may happen behind the last answer, too: files are removed in the background. */
function cutAt(disk: SimulatedDisk, end: Round['end']): { happens: Promise<void>; hasHappened(): boolean } {
  let step = 0
  let hasHappened = false
  const happens = new Promise<void>((resolve) => {
    disk.beforeStep = () => {
      if (++step !== end?.atStep) return
      if (end.kind === 'kill') disk.kill()
      else disk.crash()
      hasHappened = true
      resolve()
    }
  })
  return { happens, hasHappened: () => hasHappened }
}

interface Client {
  readonly store: LocalObjectStore
  readonly book: Book
  readonly key: string
  readonly body: Buffer
}

async function run(step: (typeof STEPS)[number], { store, book, key, body }: Client): Promise<void> {
  const before = book.allowed(key)
  if (step === 'read') {
    const seen = await contentOf(store, key).catch((error: Error) => error)
    if (!(seen instanceof Error)) expect(before, `what is read of ${key}`).toContain(seen)
    return
  }
  const { becomes, happens } = ordered(step, { store, book, key, body })
  book.latest.set(key, [...before, ...becomes])
  try {
    const version = await happens()
    book.latest.set(key, becomes)
    if (version !== undefined && version.versionId !== 'null') {
      book.versions.set(version.versionId, { key, digest: becomes[0] as string })
    }
  } catch {
    // Refused, for whatever reason: nothing of it may be there.
    book.latest.set(key, before)
  }
}

interface Order {
  /** What the key may hold when it is acknowledged. */
  readonly becomes: readonly Content[]
  happens(): Promise<ObjectVersion | undefined>
}

function ordered(step: Exclude<(typeof STEPS)[number], 'read'>, { store, book, key, body }: Client): Order {
  const to = { bucket, key }
  const before = book.allowed(key)
  const sent = [digestOf(body)]
  const inPieces = () => inChunks(body, 70_001)
  switch (step) {
    case 'put':
      return { becomes: sent, happens: () => store.put(to, inPieces()) }
    case 'putUnlessThere':
      return { becomes: sent, happens: () => store.put(to, inPieces(), { condition: { ifNoneMatch: '*' } }) }
    case 'putWrong':
      return { becomes: before, happens: () => store.put(to, inPieces(), { contentMd5: Buffer.alloc(16) }) }
    case 'parts':
      return {
        becomes: sent,
        async happens() {
          const upload = await store.createUpload(to, {})
          return store.completeUpload(upload, [await store.putPart(upload, 1, inPieces())])
        },
      }
    case 'abandon':
      return {
        becomes: before,
        async happens() {
          const upload = await store.createUpload(to, {})
          await store.putPart(upload, 1, inPieces())
          await store.putPart(upload, 1, inPieces())
          await store.abortUpload(upload)
          return undefined
        },
      }
    case 'copy':
      return {
        becomes: [digestOf(bodyOf(SOURCE, SOURCE_BYTES))],
        happens: async () => store.copy(await store.head({ bucket, key: SOURCE }), to, { metadata: {} }),
      }
    case 'delete':
      return { becomes: [undefined], happens: async () => void (await store.delete(to)) }
  }
}

async function audit(store: LocalObjectStore, book: Book): Promise<void> {
  for (const key of KEYS) {
    const content = await contentOf(store, key)
    expect(book.allowed(key), `what is kept of ${key}`).toContain(content)
    book.latest.set(key, [content])
  }
  for (const [versionId, { key, digest }] of book.versions) {
    expect(await contentOf(store, key, versionId), `version of ${key}`).toBe(digest)
  }
  const { objects } = await store.list(bucket, { limit: 100 })
  const there = KEYS.filter((key) => book.allowed(key)[0] !== undefined)
  expect(objects.map(({ key }) => key)).toEqual([...there, SOURCE])
}

/** Files and rows are the same, and each row has a use. */
function expectNoRoomLost(disk: SimulatedDisk, database: MetadataDatabase): void {
  const files = [...disk.names.keys()].filter((path) => /\/(objects|staging)\//.test(path))
  const ids = database.prepare<{ id: number }>('SELECT id FROM blob WHERE sealed IS NULL ORDER BY id').all()
  expect(files.map((path) => Number(basename(path))).sort((a, b) => a - b)).toEqual(ids.map(({ id }) => id))
  const uses = `SELECT count(*) AS uses FROM object_version WHERE marker = 0`
  const parts = 'SELECT count(*) AS uses FROM upload_part'
  const [versions, uploaded, counted] = [uses, parts, 'SELECT coalesce(sum(uses), 0) AS uses FROM blob'].map(
    (sql) => database.prepare<{ uses: number }>(sql).get()?.uses ?? 0,
  )
  expect(counted, 'uses of blobs').toBe((versions ?? 0) + (uploaded ?? 0))
}

async function contentOf(store: LocalObjectStore, key: string, versionId?: string): Promise<Content> {
  try {
    const version = await store.head({ bucket, key, ...(versionId !== undefined && { versionId }) })
    return digestOf(await bytesOf(store.read(version)))
  } catch (error) {
    if ((error as { code?: string }).code === 'noSuchKey') return undefined
    throw error
  }
}

function bodyOf(text: string, size: number): Buffer {
  const bytes = Buffer.from(PATTERN.subarray(0, size))
  bytes.write(text)
  return bytes
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
