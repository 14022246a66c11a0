/** The part of the cache that lives in memory, where the system offers a memory file system. */
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheTier } from './materialised-cache.ts'

const MEMORY_FOLDER = '/dev/shm'
/** Of what is free at start: the rest belongs to the engine and to other programs. */
const SHARE_MAX = 0.25
const BYTES_MIN = 64 * 1024 ** 2
const BYTES_MAX = 8 * 1024 ** 3

/**
 * One tier, or none where there is no memory file system or hardly any room (containers often give /dev/shm 64 MiB).
 * `secretName` must not be guessable: others may make folders there.
 */
export function memoryTier(secretName: string): CacheTier[] {
  const free = freeBytes()
  if (free === undefined || free * SHARE_MAX < BYTES_MIN) return []
  const bytesMax = Math.min(BYTES_MAX, Math.floor(free * SHARE_MAX))
  return [{ directory: join(MEMORY_FOLDER, `lakelet-${secretName.slice(0, 32)}`), bytesMax }]
}

function freeBytes(): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER)
    return bavail * bsize
  } catch {
    // No memory file system here (macOS, Windows): the disk serves.
    return undefined
  }
}
