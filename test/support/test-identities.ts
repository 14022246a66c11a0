/** Identities on a database in memory, with a clock that stands and ids that repeat. */
import { Credentials } from '../../src/identity/credentials.ts'
import { Identities } from '../../src/identity/identities.ts'
import { Sessions } from '../../src/identity/sessions.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { FakeClock } from './fake-clock.ts'

export const ROOT_KEY = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' }

export function testIdentities(database = new MetadataDatabase(':memory:'), clock = new FakeClock()): Identities {
  return new Identities({
    database,
    clock,
    ids: new Ids(seededRandom(1)),
    accountId: '000000000000',
    rootKey: ROOT_KEY,
  })
}

/** Identities with the temporary credentials made for them, on one database and clock. */
export function testCredentials(database = new MetadataDatabase(':memory:'), clock = new FakeClock()) {
  const identities = testIdentities(database, clock)
  const sessions = new Sessions({ database, clock, ids: new Ids(seededRandom(2)) })
  return { identities, sessions, credentials: new Credentials(identities, sessions), clock, database }
}
