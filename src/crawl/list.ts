/** First step of a crawl: the folders under an include path, with the files in them that a crawler looks at. */
import type { ObjectStore, WalkedObject } from '../objects/object-store.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import type { Exclusion } from './exclusion.ts'
import { type IncludePath, s3Url } from './include-path.ts'

export interface ListedFile {
  readonly key: string
  readonly size: number
}

export interface Folder {
  /** Key prefix: '' or ends in `/`. */
  readonly path: string
  readonly objectCount: number
  readonly bytes: number
  /** All files, or, of more than are kept, some spread evenly over the folder with the last one; in order of keys. */
  readonly files: readonly ListedFile[]
}

/** Why an object is no data for a crawler. */
export type NoData = 'hidden' | 'empty' | 'archived' | 'marker' | 'excluded'

export interface Listing {
  readonly target: IncludePath
  /** The include path names one file, not a folder. */
  readonly isFile: boolean
  /** Only folders with files directly in them; in order of paths. */
  readonly folders: readonly Folder[]
  /** How many objects were passed over, by the reason. */
  readonly passedOver: Readonly<Record<NoData, number>>
}

/** Of one folder; of all folders together FILES_KEPT_RUN, so that the memory of a crawl does not grow with the lake. */
export const FILES_KEPT_MAX = 64
export const FILES_KEPT_RUN = 250_000
/** Past this the run fails rather than filling the memory. */
export const FOLDERS_MAX = 200_000
const ARCHIVED: readonly (string | undefined)[] = ['GLACIER', 'DEEP_ARCHIVE']

/** Refuses with 'crawlFailed' when the bucket is missing, or there are too many folders. */
export async function listTarget(
  target: IncludePath,
  choice: { readonly exclusions: readonly Exclusion[]; readonly sampleSize: number | undefined },
  { objects, signal }: { objects: Pick<ObjectStore, 'walk' | 'head'>; signal: AbortSignal },
): Promise<Listing> {
  const collection = new Collection(target, choice.sampleSize)
  const passedOver: Record<NoData, number> = { hidden: 0, empty: 0, archived: 0, marker: 0, excluded: 0 }
  const isHiddenFolder = remembered((path) => path.split('/').some(isHidden))
  const take = (object: WalkedObject) => {
    const reason = reasonAgainst(object, {
      prefixLength: target.prefix.length,
      exclusions: choice.exclusions,
      isHiddenFolder,
    })
    if (reason === undefined) collection.add(object)
    else passedOver[reason] += 1
  }
  for await (const page of pages(objects, target)) {
    signal.throwIfAborted()
    for (const object of page) take(object)
  }
  const isNothing = Object.values(passedOver).every((count) => count === 0) && collection.isEmpty
  const single = isNothing ? await findFile(objects, target) : undefined
  if (single !== undefined) collection.add(single)
  return { target, isFile: single !== undefined, folders: collection.folders(), passedOver }
}

async function* pages(objects: Pick<ObjectStore, 'walk'>, { bucket, prefix }: IncludePath) {
  try {
    yield* objects.walk(bucket, prefix)
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'noSuchBucket') throw error
    throw new Refusal('crawlFailed', `The bucket ${bucket} does not exist.`, { cause: error })
  }
}

/** `s3://bucket/folder/file.csv` as include path: nothing lies under it, it is the file. */
async function findFile(objects: Pick<ObjectStore, 'head'>, { bucket, prefix }: IncludePath) {
  if (prefix === '') return undefined
  try {
    const { key, size } = await objects.head({ bucket, key: prefix.slice(0, -1) })
    return size > 0 ? { key, size } : undefined
  } catch (error) {
    if (isRefusal(error) && error.code === 'noSuchKey') return undefined
    throw error
  }
}

interface Rules {
  readonly prefixLength: number
  readonly exclusions: readonly Exclusion[]
  readonly isHiddenFolder: (relativePath: string) => boolean
}

/** Hidden files and folders, folder markers, empty, archived and excluded objects hold no data for a crawler. */
function reasonAgainst({ key, size, storageClass }: WalkedObject, rules: Rules): NoData | undefined {
  const relative = key.slice(rules.prefixLength)
  if (relative.endsWith('/') || relative.endsWith('_$folder$')) return 'marker'
  const cut = relative.lastIndexOf('/') + 1
  if (isHidden(relative.slice(cut)) || rules.isHiddenFolder(relative.slice(0, cut))) return 'hidden'
  if (size === 0) return 'empty'
  if (ARCHIVED.includes(storageClass)) return 'archived'
  return rules.exclusions.some((matches) => matches(relative)) ? 'excluded' : undefined
}

function isHidden(name: string): boolean {
  return name.startsWith('_') || name.startsWith('.')
}

/** Objects come folder by folder, so the answer for the folder before is nearly always the answer wanted. */
function remembered(test: (path: string) => boolean): (path: string) => boolean {
  let known: { path: string; answer: boolean } | undefined
  return (path) => {
    if (known?.path !== path) known = { path, answer: test(path) }
    return known.answer
  }
}

interface Collected {
  readonly path: string
  objectCount: number
  bytes: number
  files: ListedFile[]
  /** One file in so many is kept. */
  stride: number
  /** The last one is kept besides: by its name it is often the newest. */
  last: ListedFile
}

/** Folders with some of their files; how many depends on how many folders there are. */
class Collection {
  readonly #target: IncludePath
  /** Keep that many from the beginning instead of some spread over all. */
  readonly #firstOnly: number | undefined
  readonly #folders = new Map<string, Collected>()
  #keptMax: number
  #kept = 0

  constructor(target: IncludePath, sampleSize: number | undefined) {
    this.#target = target
    this.#firstOnly = sampleSize
    this.#keptMax = sampleSize ?? FILES_KEPT_MAX
  }

  get isEmpty(): boolean {
    return this.#folders.size === 0
  }

  add({ key, size }: ListedFile): void {
    const file = { key, size }
    const folder = this.#folderOf(file)
    const isKept =
      this.#firstOnly === undefined ? folder.objectCount % folder.stride === 0 : folder.objectCount < this.#keptMax
    if (isKept) {
      folder.files.push(file)
      this.#kept += 1
    }
    if (isKept || this.#firstOnly === undefined) folder.last = file
    folder.objectCount += 1
    folder.bytes += size
    if (folder.files.length > this.#keptMax) this.#thin(folder)
    if (this.#kept > FILES_KEPT_RUN && this.#keptMax > 1) {
      this.#keptMax = Math.ceil(this.#keptMax / 2)
      for (const each of this.#folders.values()) while (each.files.length > this.#keptMax) this.#thin(each)
    }
  }

  folders(): Folder[] {
    return [...this.#folders.values()]
      .map(({ path, objectCount, bytes, files, last }) => ({
        path,
        objectCount,
        bytes,
        files: files.at(-1) === last ? files : [...files, last],
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  #folderOf(file: ListedFile): Collected {
    const path = file.key.slice(0, file.key.lastIndexOf('/') + 1)
    const known = this.#folders.get(path)
    if (known !== undefined) return known
    if (this.#folders.size === FOLDERS_MAX)
      throw new Refusal(
        'crawlFailed',
        `There are more than ${FOLDERS_MAX} folders with files under ${s3Url(this.#target.bucket, this.#target.prefix)}: give the crawler a smaller include path.`,
      )
    const folder: Collected = { path, objectCount: 0, bytes: 0, files: [], stride: 1, last: file }
    this.#folders.set(path, folder)
    return folder
  }

  #thin(folder: Collected): void {
    const before = folder.files.length
    if (this.#firstOnly === undefined) {
      folder.files = folder.files.filter((_, index) => index % 2 === 0)
      folder.stride *= 2
    } else {
      folder.files = folder.files.slice(0, this.#keptMax)
      folder.last = folder.files.at(-1) ?? folder.last
    }
    this.#kept -= before - folder.files.length
  }
}
