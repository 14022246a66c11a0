/** A local object store in a folder of its own, everything defaulted, so that each option a test sets means something. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CustomerKeys } from '../../../src/keys/customer-keys.ts'
import { MasterKeys } from '../../../src/keys/master-keys.ts'
import { ByteThreads } from '../../../src/objects/local/byte-threads.ts'
import type { LocalObjectStoreParts } from '../../../src/objects/local/local-object-store.ts'
import { openLocalObjectStore } from '../../../src/objects/local/open-local-object-store.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import type { SyncFile } from '../../../src/platform/sqlite-log.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hastyDatabase, hastyFileSystem } from '../../support/hasty-disk.ts'

/** Shared by all stores of a test file: starting threads is what takes time. */
const threads = new ByteThreads(2)
const scrubThreads = new ByteThreads(1)

export type Options = Partial<Omit<LocalObjectStoreParts, 'database'>> & {
  /** How the database makes its log durable. */
  readonly sync?: SyncFile
}

const ACCOUNT = { region: 'us-east-1', accountId: '000000000000' }

/** A data directory that outlives its stores; `open` may be called again after `close`, as after a restart. */
export async function dataDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-objects-'))
  const clock = new FakeClock()
  let seed = 1
  return {
    directory,
    clock,
    async open({ sync, ...options }: Options = {}) {
      const database = hastyDatabase(join(directory, 'lake.db'), sync)
      const random = seededRandom(seed++)
      const platform = { database, files: hastyFileSystem, clock, random, ids: new Ids(random), log: silentLog }
      const masterKeys =
        options.masterKeys ?? (await MasterKeys.open({ ...platform, ...options, directory: join(directory, 'keys') }))
      const keys = await CustomerKeys.open({ ...platform, ...options, ...ACCOUNT, masterKeys })
      const store = await openLocalObjectStore({
        ...platform,
        directory,
        masterKeys,
        kms: { keys, named: async (name) => (name === undefined ? keys.s3Key() : keys.byId(name)) },
        threads,
        scrubThreads,
        cacheTiers: [{ directory: join(directory, 'cache', 'objects'), bytesMax: 64 * 1024 ** 2 }],
        ...options,
      })
      return {
        store,
        keys,
        masterKeys,
        database,
        async close() {
          await store.close()
          keys.close()
          database.close()
        },
        /** Lets go of the database as a killed process would: nothing is tidied up. */
        crash: () => {
          keys.close()
          database.close()
        },
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
