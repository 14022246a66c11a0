import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOG_BYTES_MAX, MetadataDatabase } from '../../src/platform/sqlite.ts'
import type { SyncFile } from '../../src/platform/sqlite-log.ts'
import { slowDisk } from '../support/slow-disk.ts'

const TABLE = ['CREATE TABLE thing (name TEXT PRIMARY KEY, body BLOB)']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelet-sqlite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(migrations: readonly string[] = TABLE, options: { sync?: SyncFile } = {}): MetadataDatabase {
  const database = new MetadataDatabase(join(folder, 'lake.db'), options)
  database.migrate('things', migrations)
  return database
}

function names(database: MetadataDatabase): string[] {
  return database
    .prepare<{ name: string }>('SELECT name FROM thing ORDER BY name')
    .all()
    .map((row) => row.name)
}

test('of writes made together, one that fails is undone alone', async () => {
  const database = open()
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const outcomes = await Promise.allSettled([
    database.write(() => insert.run('a')),
    database.write(() => {
      insert.run('half')
      throw new Error('thought better of it')
    }),
    database.write(() => insert.run('a')),
    database.write(() => insert.run('b')),
  ])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(names(database)).toEqual(['a', 'b'])
  database.close()
})

test('a change sees what changes before it wrote, so check and write are one step', async () => {
  const database = open()
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const count = database.prepare<{ count: number }>('SELECT count(*) AS count FROM thing')
  const seen = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      database.write(() => {
        const before = count.get()?.count
        insert.run(name)
        return before
      }),
    ),
  )
  expect(seen).toEqual([0, 1, 2])
  database.close()
})

test('bytes come back as a Buffer, the same as they went in', async () => {
  const database = open()
  const bytes = Buffer.from([0, 1, 254, 255])
  await database.write(() => database.prepare('INSERT INTO thing VALUES (?, ?)').run('bytes', bytes))
  const row = database.prepare<{ body: Buffer }>('SELECT body FROM thing').get()
  expect(row?.body).toEqual(bytes)
  database.close()
})

test('writes still waiting when the database is closed are committed, not dropped', async () => {
  const database = open()
  const written = database.write(() => database.prepare('INSERT INTO thing VALUES (?, NULL)').run('last'))
  database.close()
  await written
  const again = open()
  expect(names(again)).toEqual(['last'])
  again.close()
})

test('migrations run once each, also over several openings', () => {
  open().close()
  const database = open([...TABLE, "INSERT INTO thing VALUES ('second', NULL)"])
  database.close()
  const again = open([...TABLE, "INSERT INTO thing VALUES ('second', NULL)"])
  expect(names(again)).toEqual(['second'])
  again.close()
})

test('a directory written by a newer lakelet is refused with what to do', () => {
  open([...TABLE, 'CREATE TABLE later (x)']).close()
  expect(() => open()).toThrow(/written by a newer lakelet .* another --data directory/)
})

test('bytes may be the only value of a statement, even none', async () => {
  const database = open()
  const [some, none] = [Buffer.of(1, 2), Buffer.alloc(0)]
  await database.write(() => {
    database.prepare("INSERT INTO thing VALUES ('some', ?)").run(some)
    database.prepare("INSERT INTO thing VALUES ('none', ?)").run(none)
  })
  const find = database.prepare<{ name: string }>('SELECT name FROM thing WHERE body = ?')
  expect([find.get(some)?.name, find.all(none)[0]?.name, [...find.iterate(some)].length]).toEqual(['some', 'none', 1])
  database.close()
})

function logBytes(): number {
  return statSync(join(folder, 'lake.db-wal'), { throwIfNoEntry: false })?.size ?? 0
}

test('a database that was closed has nothing left in its log', async () => {
  const database = open()
  await database.write(() => database.prepare('INSERT INTO thing VALUES (?, NULL)').run('a'))
  expect(logBytes()).toBeGreaterThan(0)
  database.close()
  expect(logBytes()).toBe(0)
  const again = open()
  expect(names(again)).toEqual(['a'])
  again.close()
})

test('the log that a large change made does not stay large', async () => {
  const database = open()
  const insert = database.prepare('INSERT INTO thing VALUES (?, ?)')
  const body = Buffer.alloc(1024 * 1024)
  await database.write(() => {
    for (let count = 0; count * body.byteLength <= LOG_BYTES_MAX; count++) insert.run(`large ${count}`, body)
  })
  expect(logBytes()).toBeGreaterThan(LOG_BYTES_MAX)
  await database.write(() => insert.run('small', null))
  expect(logBytes()).toBeLessThanOrEqual(LOG_BYTES_MAX)
  database.close()
})

test('a statement gives the row that is asked for, whichever way it was asked before', async () => {
  const database = open()
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  await database.write(() => {
    for (const name of ['a', 'b', 'c', 'd']) insert.run(name)
  })
  const from = database.prepare<{ name: string }>('SELECT name FROM thing WHERE name >= ? ORDER BY name LIMIT ?')
  expect(from.all('a', 1)).toMatchObject([{ name: 'a' }])
  expect(from.get('c', 1)).toMatchObject({ name: 'c' })
  expect([...from.iterate('b', 2)]).toMatchObject([{ name: 'b' }, { name: 'c' }])
  expect(from.get('d', 1)).toMatchObject({ name: 'd' })
  database.close()
})

test('a write is answered only when the disk has it, though reads see it before', async () => {
  const disk = slowDisk()
  const database = open(TABLE, disk)
  const told: string[] = []
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const written = database.write(() => insert.run('a')).then(() => told.push('written'))
  const sync = await disk.asked()
  expect(names(database)).toEqual(['a'])
  const durable = database.durable().then(() => told.push('durable'))
  await new Promise(setImmediate)
  expect(told).toEqual([])
  sync.end()
  await Promise.all([written, durable])
  expect(told.toSorted()).toEqual(['durable', 'written'])
  database.close()
})

test('all writes that arrive while the disk is busy share its next sync', async () => {
  const disk = slowDisk()
  const database = open(TABLE, disk)
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const first = database.write(() => insert.run('first'))
  const sync = await disk.asked()
  const others = Array.from({ length: 100 }, async (_, index) => {
    if (index % 2 === 1) await new Promise(setImmediate)
    await database.write(() => insert.run(`other ${index}`))
  })
  await new Promise(setImmediate)
  sync.end()
  await first
  ;(await disk.asked()).end()
  await Promise.all(others)
  expect(disk.waiting).toEqual([])
  expect(names(database)).toHaveLength(101)
  database.close()
})

test('after a sync that failed nothing is taken any more, until a new start finds what the disk has', async () => {
  const disk = slowDisk()
  const database = open(TABLE, disk)
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const before = database.write(() => insert.run('before'))
  ;(await disk.asked()).end()
  await before
  const outcomes = Promise.allSettled([
    database.write(() => insert.run('lost')),
    disk.asked().then((sync) => sync.fail(new Error('EIO: i/o error, fdatasync'))),
  ])
  expect((await outcomes)[0]).toMatchObject({ status: 'rejected', reason: { code: 'dataDirectoryFailed' } })
  const refused = {
    code: 'dataDirectoryFailed',
    message: expect.stringMatching(/lake\.db-wal \(EIO.*start lakelet anew/),
  }
  await expect(database.write(() => insert.run('later'))).rejects.toMatchObject(refused)
  await expect(database.durable()).rejects.toMatchObject(refused)
  expect(names(database)).not.toContain('later')
  database.close()
  const again = open()
  expect(names(again)).toContain('before')
  await again.write(() => again.prepare("INSERT INTO thing VALUES ('after', NULL)").run())
  again.close()
})

test('closing in the middle of a sync loses nothing and answers all', async () => {
  const disk = slowDisk()
  const database = open(TABLE, disk)
  const insert = database.prepare('INSERT INTO thing VALUES (?, NULL)')
  const inDoubt = database.write(() => insert.run('in doubt'))
  const sync = await disk.asked()
  const waiting = database.write(() => insert.run('waiting'))
  database.close()
  await Promise.all([inDoubt, waiting])
  sync.end()
  const again = open()
  expect(names(again)).toEqual(['in doubt', 'waiting'])
  again.close()
})
