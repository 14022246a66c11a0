/** Opens the object store on the local disk: its tables, its keys, its folders and the threads that it works with. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MasterKeys } from '../../keys/master-keys.ts'
import { BlobKeys } from './blob-keys.ts'
import { BlobStore } from './blob-store.ts'
import { ByteThreads } from './byte-threads.ts'
import { LocalObjectStore, type LocalObjectStoreParts } from './local-object-store.ts'
import { MaterialisedCache } from './materialised-cache.ts'
import { memoryTier } from './memory-tier.ts'
import { migrateObjectTables } from './schema.ts'

/** Plain copies on disk, used when memory is short. */
const DISK_CACHE_BYTES_MAX = 64 * 1024 ** 3
const THREADS_MAX = 4

export async function openLocalObjectStore(parts: LocalObjectStoreParts): Promise<LocalObjectStore> {
  const { directory, database, files, random, log } = parts
  migrateObjectTables(database)
  await files.makeDirectory(directory)
  const masterKeys =
    parts.masterKeys ?? (await MasterKeys.open({ directory: join(directory, 'keys'), database, files, random }))
  const threads = parts.threads ?? new ByteThreads(Math.min(THREADS_MAX, availableParallelism()))
  const customerKeys = parts.kms?.keys
  const keys = new BlobKeys({ masterKeys, random, ...(customerKeys !== undefined && { customerKeys }) })
  const blobs = await BlobStore.open({ directory, database, keys, files, threads, log })
  const tiers = parts.cacheTiers ?? [
    ...(await memoryTier(files, masterKeys.fingerprint(`cache folder of ${directory}`))),
    { directory: join(directory, 'cache', 'objects'), bytesMax: DISK_CACHE_BYTES_MAX },
  ]
  const cache = await MaterialisedCache.open({ files, threads, log, tiers })
  const store = new LocalObjectStore(parts, { blobs, keys, cache, threads })
  await store.forgetCompletedUploads()
  return store
}
