/**
 * Second step of a crawl: what the files hold, from a bounded number of them, each read only in part.
 *
 * Every folder is looked into. How many of its files depends on how many folders there are, unless the crawler's
 * SampleSize says; they are spread over the folder, so that drift within it is seen. Files of a folder that turn out to
 * differ are all read, because each may become a table of its own.
 */
import { type FileReading, readFileSchema } from '../formats/read-file-schema.ts'
import type { ObjectStore, ObjectVersion } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import { areOneTable, type Likeness } from './data-schema.ts'
import type { Folder, Listing } from './list.ts'

export interface SampledFile {
  readonly key: string
  readonly size: number
  readonly reading: FileReading
}

export interface SampledFolder extends Omit<Folder, 'files'> {
  readonly files: readonly SampledFile[]
}

export const FILES_PER_FOLDER_MAX = 16
/** Shared out among the folders; each gets at least one. */
export const FILES_PER_RUN = 256
export const READS_AT_ONCE = 8

interface SampleParts {
  readonly objects: Pick<ObjectStore, 'read'>
  readonly signal: AbortSignal
}

export async function sampleFolders(
  { folders }: Pick<Listing, 'folders'>,
  choice: { sampleSize: number | undefined } & Likeness,
  parts: SampleParts,
): Promise<SampledFolder[]> {
  const perFolder = Math.max(1, Math.min(FILES_PER_FOLDER_MAX, Math.floor(FILES_PER_RUN / Math.max(1, folders.length))))
  const sampled: SampledFolder[] = []
  await inParallel(folders, READS_AT_ONCE, async (folder, index) => {
    const chosen = choice.sampleSize === undefined ? spread(folder.files, perFolder) : folder.files
    const files = await readAll(chosen, parts)
    const rest = isMixed(files, choice) ? folder.files.filter((version) => !chosen.includes(version)) : []
    sampled[index] = { ...folder, files: [...files, ...(await readAll(rest, parts))].sort(byKey) }
  })
  return sampled
}

async function readAll(versions: readonly ObjectVersion[], parts: SampleParts): Promise<SampledFile[]> {
  const files: SampledFile[] = []
  for (const version of versions)
    files.push({ key: version.key, size: version.size, reading: await read(version, parts) })
  return files
}

async function read(version: ObjectVersion, { objects, signal }: SampleParts): Promise<FileReading> {
  signal.throwIfAborted()
  try {
    return await readFileSchema({
      name: version.key,
      size: version.size,
      read: (start, end) => objects.read(version, { start, end: end - 1 }),
    })
  } catch (error) {
    // One object that is damaged, or was removed meanwhile, does not end the run; the run says so.
    if (isRefusal(error)) return { kind: 'unknown', reason: `it cannot be read (${error.message})` }
    throw error
  }
}

function isMixed(files: readonly SampledFile[], likeness: Likeness): boolean {
  const schemas = files.flatMap(({ reading }) => (reading.kind === 'schema' ? [reading.schema] : []))
  return schemas.length > 1 && !areOneTable(schemas, likeness)
}

/** First and last, and the others evenly between them. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items]
  if (count === 1) return items.slice(-1)
  const step = (items.length - 1) / (count - 1)
  return Array.from({ length: count }, (_, index) => items[Math.round(index * step)] as Item)
}

function byKey(a: SampledFile, b: SampledFile): number {
  return a.key < b.key ? -1 : 1
}

async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const [index, item] of queue) await work(item, index)
    }),
  )
}
