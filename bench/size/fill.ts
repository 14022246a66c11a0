/**
 * Makes a data directory that holds a bucket of many small objects, by the store's own tables and with its own sealing,
 * in transactions of tens of thousands. Millions of puts over HTTP would make the same rows in hours.
 *
 * Keys are `team=TTT/day=DD/part-NNNNNN.json`: 1,000 teams, 100 days each, and as many parts as it takes. They come in
 * ten rounds over all teams and days, as from writers at work at once, so that pages of the indexes are split and filled
 * as they would be.
 */
import { join } from 'node:path'
import { MasterKeys } from '../../src/keys/master-keys.ts'
import { digestsOf } from '../../src/objects/digests.ts'
import { BlobKeys } from '../../src/objects/local/blob-keys.ts'
import { BlobStore } from '../../src/objects/local/blob-store.ts'
import { BucketTable } from '../../src/objects/local/bucket-table.ts'
import { ByteThreads } from '../../src/objects/local/byte-threads.ts'
import { checksumOf, DEFAULT_ALGORITHM } from '../../src/objects/local/checks.ts'
import { sealFrames } from '../../src/objects/local/frames.ts'
import { migrateObjectTables } from '../../src/objects/local/schema.ts'
import { VersionTable } from '../../src/objects/local/version-table.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { nodeFileSystem } from '../../src/platform/file-system.ts'
import { FileLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'

export const BUCKET = 'bench-size'
export const TEAMS = 1000
export const DAYS = 100
const ROUNDS = 10
const OBJECTS_A_TRANSACTION = 20_000
/** Small, because what is measured is the number of objects. */
export const BODY = Buffer.from('{"the":"lake","holds":"many"}\n')
const DAY_MS = 24 * 3600 * 1000

export function keyOf(team: number, day: number, part: number): string {
  return `team=${padded(team, 3)}/day=${padded(day, 2)}/part-${padded(part, 6)}.json`
}

/** `objects` is a multiple of 1,000,000. The last team's objects are ten days old, for a lifecycle rule to expire. */
export async function fill(directory: string, objects: number): Promise<void> {
  const database = new MetadataDatabase(join(directory, 'lake.db'))
  const log = new FileLog(join(directory, 'lakelet.log'), systemClock)
  const files = nodeFileSystem
  migrateObjectTables(database)
  const random = systemRandom
  const masterKeys = await MasterKeys.open({ directory: join(directory, 'keys'), database, files, random })
  const keys = new BlobKeys({ masterKeys, random })
  const threads = new ByteThreads(1)
  const blobs = await BlobStore.open({ directory, database, keys, files, threads, log })
  const versions = new VersionTable(database)
  const nowMs = systemClock.nowMs()
  const buckets = new BucketTable(database)
  const bucket = await database.write(() => buckets.create(BUCKET, 'us-east-1', { settings: {}, nowMs }))

  const digests = digestsOf(BODY, [DEFAULT_ALGORITHM])
  const version = {
    versionId: 'null',
    size: BODY.byteLength,
    etag: digests.md5,
    checksum: checksumOf(digests, DEFAULT_ALGORITHM),
    metadata: { contentType: 'application/json' },
    encryption: 'AES256' as const,
    onceToken: undefined,
  }
  let id = 0
  const add = ({ team, day, part }: Place) => {
    const key = keys.newKey()
    const sealed = sealFrames(key, BODY, { firstFrame: 0, endsObject: true })
    blobs.insert({ id: ++id, size: BODY.byteLength, key, sealed, digests })
    const modifiedAtMs = team === TEAMS - 1 ? nowMs - 10 * DAY_MS : nowMs
    const added = { ...version, key: keyOf(team, day, part), modifiedAtMs, content: { blobId: id } }
    versions.add(bucket.id, added, undefined)
  }
  for (const group of groups(places(objects))) {
    await database.write(() => {
      for (const place of group) add(place)
    })
  }
  await blobs.close()
  await database.write(() => database.prepare('UPDATE blob_ids SET first = ?, next = ?').run(id + 1, id + 1))
  database.close()
  await threads.close()
  await log.close()
}

interface Place {
  readonly team: number
  readonly day: number
  readonly part: number
}

function* places(objects: number): Generator<Place> {
  const partsARound = objects / TEAMS / DAYS / ROUNDS
  for (let round = 0; round < ROUNDS; round++) {
    for (let team = 0; team < TEAMS; team++) {
      for (let day = 0; day < DAYS; day++) {
        for (let part = 0; part < partsARound; part++) yield { team, day, part: round * partsARound + part }
      }
    }
  }
}

function* groups(all: Iterable<Place>): Generator<Place[]> {
  let group: Place[] = []
  for (const place of all) {
    group.push(place)
    if (group.length < OBJECTS_A_TRANSACTION) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

const padded = (value: number, width: number) => String(value).padStart(width, '0')
