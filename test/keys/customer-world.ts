/** Customer keys over a database in a folder of its own, by a fake clock; `open` may be called again. */
import { join } from 'node:path'
import { CustomerKeys } from '../../src/keys/customer-keys.ts'
import { MasterKeys } from '../../src/keys/master-keys.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { hastyDatabase, hastyFileSystem } from '../support/hasty-disk.ts'
import { temporaryDirectory } from '../support/lake.ts'

export async function customerWorld() {
  const folder = temporaryDirectory()
  const clock = new FakeClock()
  let seed = 100
  return {
    clock,
    async open() {
      const database = hastyDatabase(join(folder.path, 'lake.db'))
      const random = seededRandom(seed++)
      const parts = { database, random, clock, ids: new Ids(random), log: silentLog }
      const masterKeys = await MasterKeys.open({
        ...parts,
        directory: join(folder.path, 'keys'),
        files: hastyFileSystem,
      })
      const keys = await CustomerKeys.open({ ...parts, masterKeys, region: 'us-east-1', accountId: '000000000000' })
      return {
        ...parts,
        keys,
        close() {
          keys.close()
          database.close()
        },
      }
    },
    remove: () => folder.remove(),
  }
}
