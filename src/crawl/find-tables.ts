/** The first three steps of a crawl for one include path: list, sample, group. */
import type { CustomClassifier } from '../formats/classifier.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { CrawlConfiguration } from './configuration.ts'
import type { Found } from './diff.ts'
import type { Exclusion } from './exclusion.ts'
import { type GroupOptions, groupIntoTables, type ProposedTable } from './group.ts'
import { type IncludePath, s3Url } from './include-path.ts'
import { type Listing, listTarget } from './list.ts'
import { type SampledFolder, sampleFolders } from './sample.ts'
import { sampleSentences } from './sample-sentences.ts'

export interface Target {
  readonly path: IncludePath
  readonly exclusions: readonly Exclusion[]
  readonly exclusionUrls: readonly string[]
  readonly sampleSize: number | undefined
}

export interface FindParts {
  readonly objects: Pick<ObjectStore, 'walk' | 'head' | 'read'>
  readonly classifiers: readonly CustomClassifier[]
  readonly configuration: CrawlConfiguration
  readonly signal: AbortSignal
  readonly say: (message: string) => void
}

export function list(target: Target, parts: FindParts): Promise<Listing> {
  return listTarget(target.path, target, parts)
}

/** Looks into the folders of a listing and says what it saw. */
export async function sample(listing: Listing, target: Target, parts: FindParts): Promise<SampledFolder[]> {
  const choice = { combineCompatible: parts.configuration.combineCompatible, sampleSize: target.sampleSize }
  const folders = await sampleFolders(listing, choice, parts)
  for (const message of sampleSentences(listing, folders)) parts.say(message)
  return folders
}

export function group(
  { target, isFile }: Listing,
  folders: readonly SampledFolder[],
  { configuration, say }: FindParts,
  options: GroupOptions = {},
): readonly ProposedTable[] {
  const { tables, messages } = groupIntoTables(target, folders, configuration, { ...options, isFile })
  for (const message of messages) say(message)
  return tables
}

/** Everything under the include path. `own`: URLs of tables that this crawler made before. */
export async function findTables(target: Target, own: readonly string[], parts: FindParts): Promise<Found> {
  const listing = await list(target, parts)
  const folders = await sample(listing, target, parts)
  const { bucket, prefix } = target.path
  return {
    tables: group(listing, folders, parts, { own }),
    roots: [s3Url(bucket, prefix)],
    occupied: folders.flatMap((folder) => occupiedPlaces(bucket, folder)),
  }
}

/** The folder, and each file that could not be read: a table of that one file is not gone. */
function occupiedPlaces(bucket: string, { path, files }: SampledFolder): string[] {
  const unread = files.filter(({ reading }) => reading.kind === 'unknown')
  return [s3Url(bucket, path), ...unread.map(({ key }) => `${s3Url(bucket, key)}/`)]
}
