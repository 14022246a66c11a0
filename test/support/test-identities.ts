/** Identities on a database in memory, with a clock that stands and ids that repeat. */
import { Identities } from '../../src/identity/identities.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { FakeClock } from './fake-clock.ts'

export const ROOT_KEY = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' }

export function testIdentities(database = new MetadataDatabase(':memory:')): Identities {
  return new Identities({
    database,
    clock: new FakeClock(),
    ids: new Ids(seededRandom(1)),
    accountId: '000000000000',
    rootKey: ROOT_KEY,
  })
}
