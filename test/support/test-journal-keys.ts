import { JournalKeys } from '../../src/delivery/journal-keys.ts'
import { CustomerKeys } from '../../src/keys/customer-keys.ts'
import { MasterKeys } from '../../src/keys/master-keys.ts'
import type { FileSystem } from '../../src/platform/file-system.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import type { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { FakeClock } from './fake-clock.ts'

/** Keys of journals under a master key that comes from outside, so that no disk is needed. */
export async function testJournalKeys(database: MetadataDatabase, files: FileSystem) {
  const random = seededRandom(7)
  const masterKeys = await MasterKeys.open({ database, random, files, directory: '/keys', given: Buffer.alloc(32, 7) })
  const parts = { database, masterKeys, random, clock: new FakeClock(), ids: new Ids(random), log: silentLog }
  const customerKeys = await CustomerKeys.open({ ...parts, region: 'us-east-1', accountId: '000000000000' })
  return { customerKeys, masterKeys, journalKeys: new JournalKeys({ database, masterKeys, customerKeys }) }
}
