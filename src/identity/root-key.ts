/**
 * The key of the account's root, made at the first start and kept in `<data>/keys/root.json` (0600), from where
 * `lakelet env` shows it. It is on disk before the first request can be signed with it.
 */
import { join } from 'node:path'
import type { FileSystem } from '../platform/file-system.ts'
import type { Ids } from '../platform/ids.ts'
import { Refusal } from '../platform/refusal.ts'
import { newAccessKeyPair } from './names.ts'

export interface RootKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const FILE_NAME = 'root.json'

/** `folder` is `<data>/keys`. Refuses `rootKeyUnreadable` when the file is there but is no key. */
export async function openRootKey(folder: string, parts: { files: FileSystem; ids: Ids }): Promise<RootKey> {
  const path = join(folder, FILE_NAME)
  return (await readRootKey(path, parts.files)) ?? createRootKey(folder, path, parts)
}

async function readRootKey(path: string, files: FileSystem): Promise<RootKey | undefined> {
  const length = await files.size(path)
  if (length === undefined) return undefined
  const file = await files.open(path, 'read')
  try {
    return parseRootKey((await file.read(length, 0)).toString('utf8'), path)
  } finally {
    await file.close()
  }
}

function parseRootKey(text: string, path: string): RootKey {
  try {
    const value: unknown = JSON.parse(text)
    if (isRootKey(value)) return { accessKeyId: value.accessKeyId, secretAccessKey: value.secretAccessKey }
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw unreadable(path)
}

function isRootKey(value: unknown): value is RootKey {
  const key = value as Partial<RootKey> | null
  return typeof key?.accessKeyId === 'string' && typeof key.secretAccessKey === 'string'
}

function unreadable(path: string, cause?: unknown): Refusal {
  return new Refusal(
    'rootKeyUnreadable',
    `${path} is no access key. Restore it, or remove it to have a new one made.`,
    {
      cause,
    },
  )
}

async function createRootKey(folder: string, path: string, parts: { files: FileSystem; ids: Ids }): Promise<RootKey> {
  const { files, ids } = parts
  const key = newAccessKeyPair(ids)
  await files.makeDirectory(folder)
  const draft = `${path}.new`
  await files.remove(draft)
  const file = await files.open(draft, 'create')
  try {
    await file.write(Buffer.from(`${JSON.stringify(key, undefined, 2)}\n`))
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(draft, path)
  await files.syncDirectory(folder)
  return key
}
