/**
 * Puts many small objects into a bucket of a data directory, by the store's own tables and with its own sealing, in
 * transactions of tens of thousands. Millions of puts over HTTP would make the same rows in hours. No lake may run on the
 * directory meanwhile.
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

const OBJECTS_A_TRANSACTION = 20_000

export interface NewObject {
  readonly key: string
  readonly modifiedAtMs: number
}

/** All objects have the same small body, because what is measured is their number. */
export async function fillBucket(
  directory: string,
  name: string,
  { body, objects }: { readonly body: Buffer; readonly objects: Iterable<NewObject> },
): Promise<void> {
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
  const bucket = await database.write(() => buckets.create(name, 'us-east-1', { settings: {}, nowMs }))

  const digests = digestsOf(body, [DEFAULT_ALGORITHM])
  const version = {
    versionId: 'null',
    size: body.byteLength,
    etag: digests.md5,
    checksum: checksumOf(digests, DEFAULT_ALGORITHM),
    metadata: { contentType: 'application/json' },
    encryption: 'AES256' as const,
    onceToken: undefined,
  }
  let id = 0
  const add = (object: NewObject) => {
    const key = keys.newKey()
    const sealed = sealFrames(key, body, { firstFrame: 0, endsObject: true })
    blobs.insert({ id: ++id, size: body.byteLength, key, sealed, digests })
    versions.add(bucket.id, { ...version, ...object, content: { blobId: id } }, undefined)
  }
  for (const group of groups(objects)) {
    await database.write(() => {
      for (const object of group) add(object)
    })
  }
  await blobs.close()
  await database.write(() => database.prepare('UPDATE blob_ids SET first = ?, next = ?').run(id + 1, id + 1))
  database.close()
  await threads.close()
  await log.close()
}

function* groups<Item>(all: Iterable<Item>): Generator<Item[]> {
  let group: Item[] = []
  for (const item of all) {
    group.push(item)
    if (group.length < OBJECTS_A_TRANSACTION) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
