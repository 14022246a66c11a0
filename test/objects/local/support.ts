/** A local object store in a folder of its own, everything defaulted, so that each option a test sets means something. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ByteThreads } from '../../../src/objects/local/byte-threads.ts'
import { type LocalObjectStoreParts, openLocalObjectStore } from '../../../src/objects/local/local-object-store.ts'
import { nodeFileSystem } from '../../../src/platform/file-system.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** Shared by all stores of a test file: starting threads is what takes time. */
const threads = new ByteThreads(2)

export type Options = Partial<Omit<LocalObjectStoreParts, 'database'>>

/** A data directory that outlives its stores; `open` may be called again after `close`, as after a restart. */
export async function dataDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-objects-'))
  const clock = new FakeClock()
  let seed = 1
  return {
    directory,
    clock,
    async open(options: Options = {}) {
      const database = new MetadataDatabase(join(directory, 'lake.db'))
      const random = seededRandom(seed++)
      const store = await openLocalObjectStore({
        directory,
        database,
        files: nodeFileSystem,
        clock,
        random,
        ids: new Ids(random),
        log: silentLog,
        threads,
        cacheTiers: [{ directory: join(directory, 'cache', 'objects'), bytesMax: 64 * 1024 ** 2 }],
        ...options,
      })
      return {
        store,
        database,
        async close() {
          await store.close()
          database.close()
        },
        /** Lets go of the database as a killed process would: nothing is tidied up. */
        crash: () => database.close(),
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
