/** First step of a crawl: the folders under an include path, with the files in them that a crawler looks at. */
import type { ObjectStore, ObjectVersion } from '../objects/object-store.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import type { Exclusion } from './exclusion.ts'
import { type IncludePath, s3Url } from './include-path.ts'

export interface Folder {
  /** Key prefix: '' or ends in `/`. */
  readonly path: string
  readonly objectCount: number
  readonly bytes: number
  /** All files, or, of more than FILES_KEPT_MAX, some spread evenly over the folder with the last one; in order of keys. */
  readonly files: readonly ObjectVersion[]
}

export interface Listing {
  readonly target: IncludePath
  /** The include path names one file, not a folder. */
  readonly isFile: boolean
  /** Only folders with files directly in them; in order of paths. */
  readonly folders: readonly Folder[]
  readonly excluded: number
}

export const FILES_KEPT_MAX = 64
/** Past this the run fails rather than filling the memory. */
export const FOLDERS_MAX = 200_000
const PAGE_OBJECTS = 1000
const ARCHIVED = ['GLACIER', 'DEEP_ARCHIVE']

/** Refuses with 'crawlFailed' when the bucket is missing. */
export async function listTarget(
  target: IncludePath,
  choice: { readonly exclusions: readonly Exclusion[]; readonly sampleSize: number | undefined },
  { objects, signal }: { objects: Pick<ObjectStore, 'list' | 'head'>; signal: AbortSignal },
): Promise<Listing> {
  const folders = new Map<string, Collected>()
  let excluded = 0
  let after: string | undefined
  do {
    signal.throwIfAborted()
    const page = await listPage(objects, target, after)
    for (const version of page.objects) {
      const relative = version.key.slice(target.prefix.length)
      if (!isData(version, relative)) continue
      if (choice.exclusions.some((matches) => matches(relative))) excluded += 1
      else collect(folders, version, choice.sampleSize)
    }
    after = page.next
  } while (after !== undefined)
  const single = folders.size === 0 && excluded === 0 ? await findFile(objects, target) : undefined
  if (single !== undefined) collect(folders, single)
  return { target, isFile: single !== undefined, folders: [...folders.values()].map(toFolder), excluded }
}

async function listPage(objects: Pick<ObjectStore, 'list'>, { bucket, prefix }: IncludePath, startAfter?: string) {
  try {
    return await objects.list(bucket, { prefix, limit: PAGE_OBJECTS, ...(startAfter !== undefined && { startAfter }) })
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'noSuchBucket') throw error
    throw new Refusal('crawlFailed', `The bucket ${bucket} does not exist.`, { cause: error })
  }
}

/** `s3://bucket/folder/file.csv` as include path: nothing lies under it, it is the file. */
async function findFile(objects: Pick<ObjectStore, 'head'>, { bucket, prefix }: IncludePath) {
  if (prefix === '') return undefined
  try {
    const version = await objects.head({ bucket, key: prefix.slice(0, -1) })
    return version.size > 0 ? version : undefined
  } catch (error) {
    if (isRefusal(error) && error.code === 'noSuchKey') return undefined
    throw error
  }
}

/** Hidden files and folders, folder markers, empty and archived objects hold no data for a crawler. */
function isData(version: ObjectVersion, relativeKey: string): boolean {
  if (version.size === 0 || relativeKey.endsWith('/') || relativeKey.endsWith('_$folder$')) return false
  if (ARCHIVED.includes(version.metadata.storageClass ?? '')) return false
  return !relativeKey.split('/').some((segment) => segment.startsWith('_') || segment.startsWith('.'))
}

interface Collected {
  readonly path: string
  objectCount: number
  bytes: number
  files: ObjectVersion[]
  /** One file in so many is kept. */
  stride: number
  /** The last one is kept besides: by its name it is often the newest. */
  last: ObjectVersion
}

/** `firstOnly`: keep that many from the beginning instead of some spread over all. */
function collect(folders: Map<string, Collected>, version: ObjectVersion, firstOnly?: number): void {
  const path = version.key.slice(0, version.key.lastIndexOf('/') + 1)
  let folder = folders.get(path)
  if (folder === undefined) {
    if (folders.size === FOLDERS_MAX)
      throw new Refusal('crawlFailed', `More than ${FOLDERS_MAX} folders under ${s3Url(version.bucket, '')}.`)
    folder = { path, objectCount: 0, bytes: 0, files: [], stride: 1, last: version }
    folders.set(path, folder)
  }
  const isKept = firstOnly === undefined ? folder.objectCount % folder.stride === 0 : folder.objectCount < firstOnly
  if (isKept) folder.files.push(version)
  folder.last = firstOnly === undefined || isKept ? version : folder.last
  folder.objectCount += 1
  folder.bytes += version.size
  if (firstOnly === undefined && folder.files.length > FILES_KEPT_MAX) {
    folder.files = folder.files.filter((_, index) => index % 2 === 0)
    folder.stride *= 2
  }
}

function toFolder({ path, objectCount, bytes, files, last }: Collected): Folder {
  return { path, objectCount, bytes, files: files.at(-1) === last ? files : [...files, last] }
}
