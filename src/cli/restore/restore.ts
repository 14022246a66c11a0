/**
 * A data directory of a backup: every file is copied beside the target, held against the manifest, synced; only then
 * the folder gets its name. What is not whole is refused, and leaves nothing.
 */
import { createHash } from 'node:crypto'
import { dirname, join, normalize } from 'node:path'
import type { FileSystem } from '../../platform/file-system.ts'
import { Refusal } from '../../platform/refusal.ts'

const FORMAT = 1
const COPY_BYTES = 1024 * 1024
const OBJECTS_LIST = 'objects.list'
const PROGRESS_EVERY_FILES = 100

interface Figures {
  readonly files: number
  readonly bytes: number
}

interface Manifest {
  readonly format: number
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]
  readonly objects: Figures
  readonly hasMasterKey: boolean
}

export interface RestoreParts {
  readonly files: FileSystem
  readonly onProgress: (done: Figures) => void
}

/** Refuses: notABackup, backupDamaged, backupNewer, directoryInUse. */
export async function restoreBackup(
  { files, onProgress }: RestoreParts,
  from: string,
  target: string,
): Promise<Figures & { readonly hasMasterKey: boolean }> {
  const manifest = await readManifest(files, from)
  await requireEmpty(files, target)
  const draft = `${target}.restoring`
  await files.removeTree(draft)
  const done = { files: 0, bytes: 0 }
  let written = draft
  const copied = async (path: string, bytes: number, sha256?: string) => {
    await copyFile(files, { from: join(from, path), to: join(draft, path), bytes, sha256 })
    done.files++
    done.bytes += bytes
    if (done.files % PROGRESS_EVERY_FILES === 0) onProgress(done)
  }
  try {
    await files.makeDirectory(draft)
    const folders = new Set<string>()
    const intoFolder = async (path: string) => {
      requireInside(path)
      const folder = dirname(path)
      if (!folders.has(folder)) await files.makeDirectory(join(draft, folder))
      folders.add(folder)
    }
    for (const { path, bytes, sha256 } of manifest.files) {
      await intoFolder(path)
      await copied(path, bytes, sha256)
    }
    for (const { path, bytes } of await objectsListed(files, join(draft, OBJECTS_LIST), manifest.objects)) {
      await intoFolder(path)
      await copied(path, bytes)
    }
    await files.remove(join(draft, OBJECTS_LIST))
    for (const folder of folders) {
      for (let at = folder; at !== '.'; at = dirname(at)) await files.syncDirectory(join(draft, at))
    }
    await files.syncDirectory(draft)
    await files.removeTree(target)
    await files.rename(draft, target)
    written = target
    await files.syncDirectory(dirname(target))
  } catch (error) {
    await files.removeTree(written)
    throw error
  }
  return { ...done, hasMasterKey: manifest.hasMasterKey }
}

async function readManifest(files: FileSystem, from: string): Promise<Manifest> {
  const path = join(from, 'manifest.json')
  const size = await files.size(path)
  if (size === undefined) {
    throw new Refusal(
      'notABackup',
      `${from} is no backup, or one that was cut off: it has no manifest.json. Give a folder that lakelet backup has finished.`,
    )
  }
  const manifest = parsed(await contents(files, path, size), path)
  if (manifest.format > FORMAT) {
    throw new Refusal('backupNewer', `${from} was made by a newer lakelet. Restore it with that one.`)
  }
  return manifest
}

function parsed(text: string, path: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Partial<Manifest>
    if (typeof manifest.format === 'number' && Array.isArray(manifest.files) && manifest.objects !== undefined) {
      return manifest as Manifest
    }
  } catch (cause) {
    throw new Refusal('backupDamaged', `${path} is damaged: ${(cause as Error).message}`, { cause })
  }
  throw new Refusal('backupDamaged', `${path} is no manifest of a backup.`)
}

async function requireEmpty(files: FileSystem, target: string): Promise<void> {
  try {
    if ((await files.list(target)).length === 0) return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  throw new Refusal(
    'directoryInUse',
    `${target} is not empty, and restoring overwrites nothing. Give another --data directory.`,
  )
}

/** A path of a manifest must not lead out of the folder. */
function requireInside(path: string): void {
  const plain = normalize(path)
  if (plain !== path || plain.startsWith('..') || plain.startsWith('/')) throw damaged(path, 'is no path of a backup')
}

async function objectsListed(files: FileSystem, path: string, expected: Figures) {
  const text = await contents(files, path, (await files.size(path)) ?? 0)
  const objects = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, bytes = '', name = ''] = /^(\d+) (.+)$/.exec(line) ?? []
      return { path: name, bytes: Number(bytes) }
    })
  if (objects.length !== expected.files)
    throw damaged(OBJECTS_LIST, `names ${objects.length} objects, not ${expected.files}`)
  return objects
}

async function copyFile(
  files: FileSystem,
  { from, to, bytes, sha256 }: { from: string; to: string; bytes: number; sha256: string | undefined },
): Promise<void> {
  const size = await files.size(from)
  if (size !== bytes) throw damaged(from, size === undefined ? 'is missing' : `has ${size} bytes, not ${bytes}`)
  const source = await files.open(from, 'read')
  try {
    const copy = await files.open(to, 'create')
    try {
      const hash = createHash('sha256')
      for (let at = 0; at < bytes; at += COPY_BYTES) {
        const wanted = Math.min(COPY_BYTES, bytes - at)
        const piece = await source.read(wanted, at)
        if (piece.byteLength !== wanted) throw damaged(from, 'became shorter')
        if (sha256 !== undefined) hash.update(piece)
        await copy.write(piece)
      }
      await copy.sync()
      if (sha256 !== undefined && hash.digest('hex') !== sha256) throw damaged(from, 'is not what was backed up')
    } finally {
      await copy.close()
    }
  } finally {
    await source.close()
  }
}

async function contents(files: FileSystem, path: string, bytes: number): Promise<string> {
  const file = await files.open(path, 'read')
  try {
    return (await file.read(bytes, 0)).toString('utf8')
  } finally {
    await file.close()
  }
}

function damaged(path: string, how: string): Refusal {
  return new Refusal(
    'backupDamaged',
    `The backup is damaged: ${path} ${how}. Nothing was restored; use another backup.`,
  )
}
