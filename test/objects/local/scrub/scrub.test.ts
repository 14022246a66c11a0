import { readdirSync, statSync } from 'node:fs'
import { appendFile, mkdir, open, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LocalObjectStore } from '../../../../src/objects/local/local-object-store.ts'
import type { ScrubEvent, ScrubProblem } from '../../../../src/objects/scrub-events.ts'
import type { MetadataDatabase } from '../../../../src/platform/sqlite.ts'
import { inChunks, patterned } from '../../../contracts/object-store.ts'
import { dataDirectory } from '../support.ts'

let data: Awaited<ReturnType<typeof dataDirectory>>
let lake: Awaited<ReturnType<typeof data.open>>
beforeEach(async () => {
  data = await dataDirectory()
  lake = await data.open()
  await lake.store.createBucket('lake', 'us-east-1')
  await lake.store.createBucket('other', 'us-east-1')
})
afterEach(async () => {
  await lake.close()
  await data.remove()
})

const LARGE = patterned(300_000)
const PART = patterned(5 * 1024 * 1024)

async function scrubbed(store: LocalObjectStore, bucket?: string) {
  const events: ScrubEvent[] = []
  const signal = new AbortController().signal
  for await (const event of store.scrub({ signal, ...(bucket !== undefined && { bucket }) })) events.push(event)
  const problems = events.flatMap((event) => (event.event === 'problem' ? [event.problem] : []))
  const done = events.at(-1)
  return { problems, figures: done?.event === 'done' ? done.figures : undefined }
}

/** A file of the store by the size of what it holds. */
function fileOf(plainBytes: number): string {
  const root = join(data.directory, 'objects')
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
  const path = paths.find((candidate) => {
    const entry = statSync(candidate)
    return entry.isFile() && Math.abs(entry.size - plainBytes) < plainBytes / 100
  })
  if (path === undefined) throw new Error(`no file of ${plainBytes} bytes`)
  return path
}

/** Files are removed in the background, but none while they are held: a hold waits for those, and then lets go of the rest. */
async function removalsDone(store: LocalObjectStore): Promise<void> {
  for (let time = 0; time < 2; time++) (await store.holdFiles())()
}

async function fill(store: LocalObjectStore): Promise<void> {
  await store.put({ bucket: 'lake', key: 'small' }, Buffer.from('small'))
  await store.put({ bucket: 'lake', key: 'empty' }, Buffer.alloc(0))
  const large = await store.put({ bucket: 'lake', key: 'large' }, inChunks(LARGE, 50_000))
  await store.copy(large, { bucket: 'other', key: 'copied' }, { metadata: {} })
  for (const checksum of [undefined, { algorithm: 'SHA256', type: 'COMPOSITE' }] as const) {
    const upload = await store.createUpload(
      { bucket: 'lake', key: `parts-${checksum?.type}` },
      { ...(checksum && { checksum }) },
    )
    const first = await store.putPart(upload, 1, PART)
    const last = await store.putPart(upload, 3, Buffer.from('the end'))
    await store.completeUpload(upload, [first, last])
  }
  const unfinished = await store.createUpload({ bucket: 'lake', key: 'unfinished' }, {})
  await store.putPart(unfinished, 7, patterned(100_000))
  await store.changeBucket('lake', { versioning: 'enabled' })
  await store.put({ bucket: 'lake', key: 'small' }, Buffer.from('smaller'))
  await store.delete({ bucket: 'lake', key: 'small' })
}

test('a sound store has no problem, and every version and part of it was read', async () => {
  await fill(lake.store)
  const { problems, figures } = await scrubbed(lake.store)
  expect(problems).toEqual([])
  const bytes = 5 + 2 * 300_000 + 2 * (PART.byteLength + 7) + 100_000 + 7
  expect(figures).toEqual({ versions: 7, parts: 1, bytes, files: 4, locked: 0, problems: 0 })
})

test('a thousand versions, copies and markers among them, are read a page at a time', async () => {
  await lake.store.changeBucket('lake', { versioning: 'enabled' })
  const put = (number: number) => lake.store.put({ bucket: 'lake', key: `${number % 7}` }, Buffer.from(`${number}`))
  await Promise.all(Array.from({ length: 500 }, (_, number) => put(number)))
  await Promise.all(Array.from({ length: 500 }, (_, number) => put(number)))
  await lake.store.delete({ bucket: 'lake', key: '3' })
  expect((await scrubbed(lake.store)).figures).toMatchObject({ versions: 1000, problems: 0 })
})

interface Damage {
  readonly name: string
  inflict(database: MetadataDatabase): Promise<unknown>
  readonly problems: readonly Partial<ScrubProblem>[]
}

const onLarge = { bucket: 'lake', key: 'large', versionId: 'null' }
const onCopy = { bucket: 'other', key: 'copied', versionId: 'null' }
const both = (rest: Partial<ScrubProblem>) => [
  { ...onLarge, ...rest },
  { ...onCopy, ...rest },
]
const sql = (text: string) => (database: MetadataDatabase) => database.write(() => database.prepare(text).run())

const DAMAGES: readonly Damage[] = [
  {
    name: 'a flipped bit',
    inflict: async () => {
      const file = await open(fileOf(300_000), 'r+')
      await file.write(Buffer.of(0xff), 0, 1, 200_000)
      await file.close()
    },
    problems: both({ kind: 'damaged', says: 'its stored bytes fail authentication' }),
  },
  { name: 'a file cut short', inflict: () => truncate(fileOf(300_000), 200_000), problems: both({ kind: 'damaged' }) },
  { name: 'a file that grew', inflict: () => appendFile(fileOf(300_000), 'x'), problems: both({ kind: 'damaged' }) },
  { name: 'a file gone', inflict: () => rm(fileOf(300_000)), problems: both({ kind: 'missing' }) },
  {
    name: 'a file that the disk does not give',
    inflict: async () => {
      const path = fileOf(300_000)
      await rm(path)
      await symlink(path, path)
    },
    problems: both({ kind: 'unreadable' }),
  },
  {
    name: 'the last part of an object gone',
    inflict: sql('DELETE FROM blob WHERE size = 7 AND id = (SELECT max(id) FROM blob WHERE size = 7 AND id < 11)'),
    problems: [{ kind: 'missing', bucket: 'lake' }],
  },
  {
    name: 'a part of an unfinished upload gone',
    inflict: () => rm(fileOf(100_000)),
    problems: [{ kind: 'missing', bucket: 'lake', key: 'unfinished', says: expect.stringContaining('part 7') }],
  },
  {
    name: 'bytes of another object under a row',
    inflict: sql("UPDATE object_version SET etag = 'f' || substr(etag, 2) WHERE key = CAST('parts-COMPOSITE' AS BLOB)"),
    problems: [{ kind: 'damaged', key: 'parts-COMPOSITE', says: expect.stringContaining('ETag') }],
  },
  {
    name: 'another checksum',
    inflict: sql(
      `UPDATE object_version SET checksum = replace(checksum, '"value":"', '"value":"0') WHERE key = CAST('empty' AS BLOB)`,
    ),
    problems: [{ kind: 'damaged', key: 'empty', says: expect.stringContaining('CRC64NVME') }],
  },
  {
    name: 'another size',
    inflict: sql("UPDATE object_version SET size = 6 WHERE key = CAST('small' AS BLOB) AND size = 5"),
    problems: [{ kind: 'damaged', key: 'small', says: 'it has 5 bytes, its row says 6' }],
  },
  {
    name: 'a key that was not wrapped by this lake',
    inflict: sql('UPDATE blob SET wrapped_key = zeroblob(60) WHERE size = 300000'),
    problems: both({ kind: 'damaged', says: expect.stringContaining('key') }),
  },
  {
    name: 'a wrong count of uses',
    inflict: sql('UPDATE blob SET uses = 1 WHERE size = 300000'),
    problems: [{ kind: 'inconsistent', says: expect.stringMatching(/used 2 times; its row says 1/) }],
  },
  {
    name: 'a blob in use that is about to be removed',
    inflict: sql('INSERT INTO blob_discarded SELECT id FROM blob WHERE size = 300000'),
    problems: [{ kind: 'inconsistent', says: expect.stringContaining('waits to be removed') }],
  },
  {
    name: 'two latest versions of a key',
    inflict: async (database) => {
      await sql('DROP INDEX object_listing')(database)
      await sql("UPDATE object_version SET latest = 1 WHERE key = CAST('small' AS BLOB)")(database)
    },
    problems: [{ kind: 'inconsistent', says: expect.stringContaining('s3://lake/small') }],
  },
  {
    name: 'a row of a bucket that is not there',
    inflict: async (database) => {
      database.prepare('PRAGMA foreign_keys = OFF').all()
      await sql("DELETE FROM bucket WHERE name = 'other'")(database)
    },
    problems: [{ kind: 'inconsistent', says: expect.stringContaining('bucket') }],
  },
  {
    name: 'files that belong to nothing',
    inflict: async () => {
      await writeFile(join(data.directory, 'objects', '0', '0', '999'), 'left')
      await writeFile(join(data.directory, 'staging', '1000'), 'half')
      await mkdir(join(data.directory, 'staging', 'queries'))
      await writeFile(join(data.directory, 'staging', 'queries', 'of-others'), '')
    },
    problems: [
      { kind: 'stray', says: 'objects/0/0/999 belongs to nothing.' },
      { kind: 'stray', says: 'staging/1000 belongs to nothing.' },
    ],
  },
]

test.each(DAMAGES)('$name is found, named and told apart from what is sound', async ({ inflict, problems }) => {
  await fill(lake.store)
  await inflict(lake.database)
  const found = await scrubbed(lake.store)
  const name = ({ key = '', says }: Partial<ScrubProblem>) => `${key} ${says}`
  const sorted = [...found.problems].sort((a, b) => (name(a) < name(b) ? -1 : 1))
  expect(sorted).toEqual(
    [...problems]
      .sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
      .map((problem) => expect.objectContaining(problem)),
  )
  expect(found.figures?.problems).toBe(problems.length)
  for (const { advice } of found.problems) expect(advice).not.toBe('')
})

test('of one bucket only its objects are read, and an unknown bucket is refused', async () => {
  await fill(lake.store)
  await rm(fileOf(300_000))
  expect((await scrubbed(lake.store, 'other')).problems).toMatchObject([onCopy])
  expect((await scrubbed(lake.store, 'other')).figures).toMatchObject({ versions: 1, files: 0 })
  expect(() => lake.store.scrub({ bucket: 'nowhere', signal: new AbortController().signal })).toThrow('no bucket')
})

test('writing, replacing and deleting beside a scrub is no finding, and gives the room back', async () => {
  const { store } = lake
  const put = (key: number) => store.put({ bucket: 'lake', key: `${key}` }, patterned(70_000 + key))
  await Promise.all(Array.from({ length: 100 }, (_, key) => put(key)))
  let isOver = false
  // One writer: a scrub gives way, and more of them would keep it from every core.
  const writing = (async () => {
    for (let turn = 0; !isOver; turn++) {
      await put(turn % 100)
      await store.delete({ bucket: 'lake', key: `${(turn + 50) % 100}` })
    }
  })()
  for (let round = 0; round < 5; round++) expect((await scrubbed(store)).problems).toEqual([])
  isOver = true
  await writing
  await removalsDone(store)
  const { figures } = await scrubbed(store)
  expect(figures?.files).toBe(figures?.versions)
})

test('a scrub that is called off ends, with the thread of its own, and what it held can be removed', async () => {
  await lake.close()
  lake = await data.open({ scrubThreads: undefined })
  const { store } = lake
  await store.put({ bucket: 'lake', key: 'a' }, LARGE)
  const controller = new AbortController()
  const reading = (async () => {
    for await (const { event } of store.scrub({ bucket: 'lake', signal: controller.signal })) {
      if (event === 'progress') controller.abort(new Error('called off'))
    }
  })()
  await expect(reading).rejects.toThrow('called off')
  await store.delete({ bucket: 'lake', key: 'a' })
  await removalsDone(store)
  expect(() => fileOf(300_000)).toThrow('no file')
})
