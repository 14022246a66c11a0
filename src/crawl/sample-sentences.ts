/** What was found, passed over and looked into under one include path, in sentences. Pure. */
import { s3Url } from './include-path.ts'
import type { Listing, NoData } from './list.ts'
import type { SampledFile, SampledFolder } from './sample.ts'
import { Sentences } from './sentences.ts'

const PASSED_OVER = {
  hidden: (count) => `hidden (name or folder begins with _ or .): ${count}`,
  empty: (count) => `empty: ${count}`,
  archived: (count) => `archived in Glacier: ${count}`,
  marker: (count) => `folder markers: ${count}`,
  excluded: (count) => `excluded: ${count}`,
} satisfies Record<NoData, (count: number) => string>

/** `folders`: those that were looked into. */
export function sampleSentences(listing: Listing, folders: readonly SampledFolder[]): string[] {
  const sentences = new Sentences()
  const { bucket, prefix } = listing.target
  const [files, bytes] = [sum(listing.folders, (one) => one.objectCount), sum(listing.folders, (one) => one.bytes)]
  const looked = sum(folders, (folder) => folder.files.length)
  sentences.say(
    `${s3Url(bucket, prefix)}: ${files} files found (folders: ${listing.folders.length}, bytes: ${bytes}); ${looked} looked into.`,
  )
  const passedOver = (Object.keys(PASSED_OVER) as NoData[])
    .filter((reason) => listing.passedOver[reason] > 0)
    .map((reason) => PASSED_OVER[reason](listing.passedOver[reason]))
  if (passedOver.length > 0) sentences.say(`Objects that are no data: ${passedOver.join(', ')}.`)
  for (const folder of folders)
    if (folder.files.length < folder.objectCount) sentences.sayOf('sampled', ofFolder(bucket, folder))
  for (const sentence of classified(bucket, folders)) sentences.sayOf('classified', sentence)
  for (const folder of folders) for (const file of folder.files) remark(bucket, file, sentences)
  return sentences.all()
}

function ofFolder(bucket: string, { path, files, objectCount }: SampledFolder): string {
  const [first, last] = [files[0], files.at(-1)]
  const which =
    first === undefined || first === last ? `${nameIn(path, first)}` : `${nameIn(path, first)} to ${nameIn(path, last)}`
  return `Of the ${objectCount} files in ${s3Url(bucket, path)} ${files.length} were looked into: ${which}.`
}

function nameIn(path: string, file: SampledFile | undefined): string {
  return file === undefined ? 'none' : file.key.slice(path.length)
}

/** Files that the same classifier knew just as well, with the first of them. */
function classified(bucket: string, folders: readonly SampledFolder[]): string[] {
  const groups = new Map<string, { first: string; count: number }>()
  for (const { files } of folders) {
    for (const { key, reading } of files) {
      if (reading.kind === 'unknown') continue
      const { classification, compression, classifier } = reading.schema
      const packed = compression === 'none' ? classification : `${classification} compressed with ${compression}`
      const known =
        classifier && `, says the classifier ${classifier.name} with certainty ${hundredths(classifier.certainty)}`
      const what = `${packed}${known ?? ''}`
      const group = groups.get(what)
      if (group === undefined) groups.set(what, { first: s3Url(bucket, key), count: 1 })
      else group.count += 1
    }
  }
  return [...groups].map(([what, { first, count }]) =>
    count === 1 ? `${first} is ${what}.` : `${first} and ${count - 1} more are ${what}.`,
  )
}

/** Rounded down: what is not quite certain must not look as if it were. */
function hundredths(certainty: number): number {
  return Math.floor(certainty * 100) / 100
}

function remark(bucket: string, { key, reading }: SampledFile, sentences: Sentences): void {
  const url = s3Url(bucket, key)
  if (reading.kind === 'unknown') sentences.sayOf('skipped', `${url} was skipped: ${reading.reason}.`)
  else for (const note of reading.schema.notes) sentences.sayOf('noted', `${url}: ${note}.`)
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
