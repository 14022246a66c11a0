/**
 * The part of the cache that lives in memory, where the system offers a memory file system. Its folder is named after
 * the process, so that what a killed lake left there in the clear is found and removed by the next lake to start.
 *
 *   /dev/shm/lakelet-<pid namespace>-<pid>-<32 hexadecimal digits that only this lake knows>
 */
import { readlinkSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSystem } from '../../platform/file-system.ts'
import type { CacheTier } from './materialised-cache.ts'

const MEMORY_FOLDER = '/dev/shm'
/** Of what is free at start: the rest belongs to the engine and to other programs. */
const SHARE_MAX = 0.25
const BYTES_MIN = 64 * 1024 ** 2
const BYTES_MAX = 8 * 1024 ** 3

/**
 * One tier, or none where there is no memory file system or hardly any room (containers often give /dev/shm 64 MiB).
 * `secret` must not be guessable: others may make folders there.
 */
export async function memoryTier(files: FileSystem, secret: string): Promise<CacheTier[]> {
  const free = freeBytes()
  const namespace = processNamespace()
  if (free === undefined || namespace === undefined || free * SHARE_MAX < BYTES_MIN) return []
  await removeThoseOfTheDead(files, namespace)
  const bytesMax = Math.min(BYTES_MAX, Math.floor(free * SHARE_MAX))
  const directory = join(MEMORY_FOLDER, `lakelet-${namespace}-${process.pid}-${secret.slice(0, 32)}`)
  return [{ directory, bytesMax }]
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

/** A process id means something only within its namespace, and containers may share the memory file system. */
function processNamespace(): string | undefined {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]
  } catch {
    // Not told here: then leftovers could not be told from what is in use, and the disk serves.
    return undefined
  }
}

async function removeThoseOfTheDead(files: FileSystem, namespace: string): Promise<void> {
  for (const { name } of await files.list(MEMORY_FOLDER)) {
    const match = /^lakelet-(\d+)-(\d+)-[0-9a-f]{32}$/.exec(name)
    if (match?.[1] === namespace && !isAlive(Number(match[2]))) await removeIfOurs(files, name)
  }
}

async function removeIfOurs(files: FileSystem, name: string): Promise<void> {
  try {
    await files.removeTree(join(MEMORY_FOLDER, name))
  } catch (error) {
    // A folder of another user is that user's to remove.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
