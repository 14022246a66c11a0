/** Master keys over a database in a folder of its own; `open` may be called again, as after a restart or a crash. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeyRotation, type WrappedKeys } from '../../src/keys/key-rotation.ts'
import { MasterKeys } from '../../src/keys/master-keys.ts'
import type { FileSystem } from '../../src/platform/file-system.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { settle } from '../support/fake-clock.ts'
import { hastyDatabase, hastyFileSystem } from '../support/hasty-disk.ts'

export interface Opening {
  readonly given?: Uint8Array
  readonly next?: Uint8Array
  readonly files?: FileSystem
  /** Stops the process, as it were, when so many keys were wrapped anew. */
  readonly dieAfter?: number
}

export async function keyWorld() {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-keys-'))
  let seed = 1
  return {
    directory,
    masterFile: () => readFile(join(directory, 'keys', 'master'), 'latin1').catch(() => undefined),
    nextFile: () => readFile(join(directory, 'keys', 'master.next'), 'latin1').catch(() => undefined),
    writeMasterFile: (text: string) => writeFile(join(directory, 'keys', 'master'), text),
    async open({ given, next, files = hastyFileSystem, dieAfter = Number.POSITIVE_INFINITY }: Opening = {}) {
      const database = hastyDatabase(join(directory, 'lake.db'))
      database.migrate('things', ['CREATE TABLE thing (id INTEGER PRIMARY KEY, wrapped BLOB NOT NULL)'])
      let masterKeys: MasterKeys
      try {
        const parts = { directory: join(directory, 'keys'), database, files, random: seededRandom(seed++) }
        masterKeys = await MasterKeys.open({ ...parts, given, next })
      } catch (error) {
        database.close()
        throw error
      }
      const rows = database.prepare<{ id: number; wrapped: Buffer }>(
        'SELECT id, wrapped FROM thing WHERE id > ? ORDER BY id LIMIT ?',
      )
      let rewrapped = 0
      const things: WrappedKeys = {
        name: 'thing',
        last: () => database.prepare<{ id: number }>('SELECT max(id) AS id FROM thing').get()?.id ?? 0,
        after: (id, limit) => rows.all(id, limit).map((row) => ({ ...row, owner: `thing ${row.id}` })),
        replace(id, wrapped) {
          if (rewrapped++ >= dieAfter) throw new Error('the process died')
          database.prepare('UPDATE thing SET wrapped = ? WHERE id = ?').run(wrapped, id)
        },
      }
      const rotation = new KeyRotation({
        database,
        masterKeys,
        kinds: [things],
        log: silentLog,
        isGiven: given !== undefined,
        next,
      })
      return {
        database,
        masterKeys,
        rotation,
        keep: (count: number) =>
          database.write(() => {
            for (let n = 0; n < count; n++) {
              const id = things.last() + 1
              const wrapped = masterKeys.wrap(secretOf(id), `thing ${id}`)
              database.prepare('INSERT INTO thing VALUES (?, ?)').run(id, wrapped)
            }
          }),
        /** The ids of things whose secret does not come back. */
        lost: () =>
          rows
            .all(0, 1_000_000)
            .filter(({ id, wrapped }) => !masterKeys.unwrap(wrapped, `thing ${id}`)?.equals(secretOf(id)))
            .map(({ id }) => id),
        async finished() {
          while (rotation.progress.isRunning) await settle()
        },
        async close() {
          await rotation.close()
          database.close()
        },
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

export function secretOf(id: number): Buffer {
  return Buffer.alloc(32, id % 251)
}
