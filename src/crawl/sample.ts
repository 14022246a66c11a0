/**
 * Second step of a crawl: what the files hold, from a bounded number of them, each read only in part.
 *
 * Every folder is looked into. How many of its files depends on how many folders there are, unless the crawler's
 * SampleSize says; they are spread over the folder, so that drift within it is seen. Files of a folder that turn out to
 * differ are all read, because each may become a table of its own.
 */
import type { CustomClassifier } from '../formats/classifier.ts'
import { type FileReading, readFileSchema } from '../formats/read-file-schema.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import { areOneTable, type Likeness } from './data-schema.ts'
import type { Folder, ListedFile, Listing } from './list.ts'

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

export interface SampleParts {
  readonly objects: Pick<ObjectStore, 'head' | 'read'>
  /** Tried in this order before the built-in ones. */
  readonly classifiers: readonly CustomClassifier[]
  readonly signal: AbortSignal
}

/** In order of paths. */
export async function sampleFolders(
  { target, folders }: Pick<Listing, 'target' | 'folders'>,
  choice: { sampleSize: number | undefined } & Likeness,
  parts: SampleParts,
): Promise<SampledFolder[]> {
  const perFolder = Math.max(1, Math.min(FILES_PER_FOLDER_MAX, Math.floor(FILES_PER_RUN / Math.max(1, folders.length))))
  const sampled: SampledFolder[] = []
  const reader = new Reader(target.bucket, parts)
  await inParallel(folders, READS_AT_ONCE, async (folder, index) => {
    const chosen = choice.sampleSize === undefined ? spread(folder.files, perFolder) : folder.files
    const files = await reader.readAll(chosen)
    const rest = isMixed(files, choice) ? folder.files.filter((file) => !chosen.includes(file)) : []
    sampled[index] = { ...folder, files: [...files, ...(await reader.readAll(rest))].sort(byKey) }
  })
  return sampled
}

class Reader {
  readonly #bucket: string
  readonly #parts: SampleParts
  /** Many files say the same: equal findings are kept once, which bounds the memory and makes comparing them cheap. */
  readonly #known = new Map<string, unknown>()
  #reads = 0

  constructor(bucket: string, parts: SampleParts) {
    this.#bucket = bucket
    this.#parts = parts
  }

  async readAll(listed: readonly ListedFile[]): Promise<SampledFile[]> {
    const files: SampledFile[] = []
    for (const { key, size } of listed) {
      files.push({ key, size, reading: this.#once(await this.#read(key)) })
      // Small objects come from memory, without the event loop: others want their turn too.
      this.#reads += 1
      if (this.#reads % READS_AT_ONCE === 0) await new Promise(setImmediate)
    }
    return files
  }

  async #read(key: string): Promise<FileReading> {
    const { objects, classifiers, signal } = this.#parts
    signal.throwIfAborted()
    try {
      const version = await objects.head({ bucket: this.#bucket, key })
      const read = (start: number, end: number) => objects.read(version, { start, end: end - 1 })
      return await readFileSchema({ name: key, size: version.size, read }, classifiers)
    } catch (error) {
      // One object that is damaged, or was removed meanwhile, does not end the run; the run says so.
      if (isRefusal(error)) return { kind: 'unknown', reason: `it cannot be read (${error.message})` }
      throw error
    }
  }

  #once(reading: FileReading): FileReading {
    if (reading.kind === 'unknown') return reading
    const { columns, layout } = reading.schema
    return { ...reading, schema: { ...reading.schema, columns: this.#same(columns), layout: this.#same(layout) } }
  }

  #same<Value>(value: Value): Value {
    const text = JSON.stringify(value)
    const known = this.#known.get(text)
    if (known !== undefined) return known as Value
    this.#known.set(text, value)
    return value
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
