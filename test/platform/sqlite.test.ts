import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOG_BYTES_MAX, MetadataDatabase } from '../../src/platform/sqlite.ts'

const TABLE = ['CREATE TABLE thing (name TEXT PRIMARY KEY, body BLOB)']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelet-sqlite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(migrations: readonly string[] = TABLE): MetadataDatabase {
  const database = new MetadataDatabase(join(folder, 'lake.db'))
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
