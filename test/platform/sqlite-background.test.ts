import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { askDatabase, copyDatabase } from '../../src/platform/sqlite-background.ts'

const TABLES = [
  `CREATE TABLE thing (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, body BLOB);
   CREATE UNIQUE INDEX thing_names ON thing (name) WHERE name <> 'null';
   CREATE TABLE pair (a INTEGER, "b ""quoted""" TEXT, PRIMARY KEY (a)) WITHOUT ROWID;`,
]
const COUNT = 20_000

let folder: string
let database: MetadataDatabase
const path = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelet-sqlite-'))
  database = new MetadataDatabase(path('lake.db'))
  database.migrate('things', TABLES)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function add(name: string): Promise<unknown> {
  const insert = database.prepare('INSERT INTO thing (name, body) VALUES (?, ?)')
  return database.write(() => insert.run(name, Buffer.alloc(200, name)))
}

const names = (from: MetadataDatabase) =>
  from
    .prepare<{ name: string }>('SELECT name FROM thing ORDER BY id')
    .all()
    .map(({ name }) => name)

test('a copy holds everything written before it began and nothing written after, while writing goes on', async () => {
  await Promise.all(Array.from({ length: COUNT }, (_, index) => add(`${index}`)))
  await database.write(() => database.prepare('INSERT INTO pair VALUES (1, ?)').run('one'))
  const copy = copyDatabase(path('lake.db'), path('copy.db'))
  let isBegun = false
  const before: string[] = []
  const after: string[] = []
  copy.begun.then(() => (isBegun = true))
  for (let number = 0; !isBegun; number++) {
    before.push(`meanwhile ${number}`)
    await add(`meanwhile ${number}`)
  }
  for (let number = 0; number < 10; number++) {
    await add(`after ${number}`)
    after.push(`after ${number}`)
  }
  await copy.done

  const copied = new MetadataDatabase(path('copy.db'))
  const found = new Set(names(copied))
  expect(found.size).toBeGreaterThanOrEqual(COUNT)
  expect(after.filter((name) => found.has(name))).toEqual([])
  // The read may have begun before this thread heard of it, so the last of them may be in or not.
  const held = [...found].filter((name) => name.startsWith('meanwhile'))
  expect(held).toEqual(before.slice(0, held.length))
  expect(copied.prepare('SELECT * FROM pair').all()).toEqual([{ a: 1, 'b "quoted"': 'one' }])
  expect(copied.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  copied.migrate('things', TABLES)
  copied.close()
})

test('row numbers go on where they were, and unique names stay unique', async () => {
  await add('a')
  await add('b')
  await database.write(() => database.prepare("DELETE FROM thing WHERE name = 'b'").run())
  await copyDatabase(path('lake.db'), path('copy.db')).done
  const copied = new MetadataDatabase(path('copy.db'))
  const insert = copied.prepare('INSERT INTO thing (name) VALUES (?)')
  await copied.write(() => insert.run('c'))
  expect(copied.prepare('SELECT id FROM thing ORDER BY id').all()).toEqual([{ id: 1 }, { id: 3 }])
  await expect(copied.write(() => insert.run('a'))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' })
  copied.close()
})

test('a copy that cannot be written or was called off says so, whether or not it had begun', async () => {
  const nowhere = copyDatabase(path('lake.db'), join(folder, 'missing', 'copy.db'))
  await expect(nowhere.begun).rejects.toThrow()
  await expect(nowhere.done).rejects.toThrow()
  const controller = new AbortController()
  const called = copyDatabase(path('lake.db'), path('copy.db'), controller.signal)
  controller.abort(new Error('called off'))
  await expect(called.done).rejects.toThrow('called off')
})

test('questions are answered in order and cannot write', async () => {
  await add('a')
  expect(await askDatabase(path('lake.db'), ['SELECT 1 AS one', 'SELECT name FROM thing'])).toEqual([
    [{ one: 1 }],
    [{ name: 'a' }],
  ])
  await expect(askDatabase(path('lake.db'), ['DELETE FROM thing'])).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
  expect(names(database)).toEqual(['a'])
})
