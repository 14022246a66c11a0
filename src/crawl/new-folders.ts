/**
 * CRAWL_NEW_FOLDERS_ONLY: which folders the catalog does not know yet, and which of them are partitions of tables that it
 * knows. Pure.
 *
 * A folder is known when it is, or lies in, the location of a partition or of a table without partitions. A new folder
 * under a table becomes a partition of it where it fits by keys, format and columns; where it does not, it is left out
 * and that is said (AWS: objects with incompatible schemas are not added but logged). What lies under no table is grouped
 * as in a first crawl.
 */
import type { Partition, PartitionInput, Table } from '../catalog/types.ts'
import { parseTypeText, unknown } from '../formats/inferred-type.ts'
import type { Change } from './change.ts'
import { type DataSchema, judge, type Likeness, mergeSchemas, SIMILARITY_ABOVE, similarity } from './data-schema.ts'
import { describeLayout, describePartition } from './describe.ts'
import type { Diff } from './diff.ts'
import { s3Url } from './include-path.ts'
import { asFolder, foldersAbove, isOfFiles } from './known-tables.ts'
import { isNumberedKey, keyOf, partitionValue } from './partition-keys.ts'
import type { SampledFolder } from './sample.ts'
import { Sentences } from './sentences.ts'

/** The tables of a database, those without partitions with an empty list. */
export type KnownTables = ReadonlyMap<Table, readonly Partition[]>

export interface Sorted<Folder> {
  readonly knownCount: number
  /** New, and under a table with partitions. */
  readonly below: ReadonlyMap<Table, readonly Folder[]>
  /** New, and under no table. */
  readonly free: readonly Folder[]
}

export function sortFolders<Folder extends { readonly path: string }>(
  bucket: string,
  folders: readonly Folder[],
  known: KnownTables,
): Sorted<Folder> {
  const places = placesOf(known)
  const below = new Map<Table, Folder[]>()
  const free: Folder[] = []
  let knownCount = 0
  for (const folder of folders) {
    const urls = [...foldersAbove(s3Url(bucket, folder.path))]
    const table = urls.flatMap((url) => places.partitioned.get(url) ?? [])[0]
    if (urls.some((url) => places.covered.has(url)) || places.ofFiles.has(urls[0] ?? '')) knownCount += 1
    else if (table === undefined) free.push(folder)
    else push(below, table, folder)
  }
  return { knownCount, below, free }
}

function push<Key, Item>(groups: Map<Key, Item[]>, key: Key, item: Item): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [item])
  else group.push(item)
}

interface Places {
  readonly covered: ReadonlySet<string>
  /** Folders in which single files are tables. */
  readonly ofFiles: ReadonlySet<string>
  readonly partitioned: ReadonlyMap<string, Table>
}

function placesOf(known: KnownTables): Places {
  const covered = new Set<string>()
  const ofFiles = new Set<string>()
  const partitioned = new Map<string, Table>()
  for (const [table, partitions] of known) {
    const location = table.storage?.location
    if (location === undefined || !isOfFiles(table)) continue
    if (table.partitionKeys.length > 0) partitioned.set(asFolder(location), table)
    else covered.add(asFolder(location))
    // Crawlers end the location of a folder with a slash, so without one it is a file.
    const isFile = !location.endsWith('/') && table.parameters['UPDATED_BY_CRAWLER'] !== undefined
    if (isFile) ofFiles.add(location.slice(0, location.lastIndexOf('/') + 1))
    for (const { storage } of partitions) if (storage?.location !== undefined) covered.add(asFolder(storage.location))
  }
  return { covered, ofFiles, partitioned }
}

interface Additions {
  readonly bucket: string
  readonly known: readonly Partition[]
  readonly likeness: Likeness
  readonly crawledAtMs: number
  readonly partitionsInherit: boolean
}

/** New folders under a table, as partitions of it. */
export function addFolders(table: Table, folders: readonly SampledFolder[], additions: Additions): Diff {
  const { bucket, known, crawledAtMs, partitionsInherit } = additions
  const sentences = new Sentences()
  const inputs: PartitionInput[] = []
  const taken = new Set(known.map(({ values }) => JSON.stringify(values)))
  for (const folder of folders) {
    const url = s3Url(bucket, folder.path)
    const found = fitting(table, folder, additions)
    if ('because' in found) {
      sentences.sayOf('leftOut', `${url} was left out: ${found.because}.`)
    } else if (taken.has(JSON.stringify(found.values))) {
      sentences.sayOf(
        'leftOut',
        `${url} was left out: another folder is the partition ${found.values.join('/')} already.`,
      )
    } else {
      taken.add(JSON.stringify(found.values))
      sentences.sayOf('newFolder', `${url} is new: partition ${found.values.join('/')} of table ${table.name}.`)
      const partition = { ...found, path: folder.path, objectCount: folder.objectCount, bytes: folder.bytes }
      const inherited = partitionsInherit ? table.storage : undefined
      inputs.push(describePartition(bucket, partition, { crawledAtMs, inherited }))
    }
  }
  const changes: Change[] = inputs.length === 0 ? [] : [{ kind: 'createPartitions', table: table.name, inputs }]
  return { changes, messages: sentences.all() }
}

type Fit = { readonly values: readonly string[]; readonly schema: DataSchema } | { readonly because: string }

function fitting(table: Table, folder: SampledFolder, { bucket, likeness }: Additions): Fit {
  const values = valuesUnder(table, s3Url(bucket, folder.path))
  if (values === undefined) return { because: `its partition keys do not match those of table ${table.name}` }
  const schemas = folder.files.flatMap(({ reading }) => (reading.kind === 'schema' ? [reading.schema] : []))
  if (schemas.length === 0) return { because: 'none of its files could be read' }
  if (!judge(schemas, likeness).isOne) return { because: 'its files are not alike' }
  const schema = mergeSchemas(schemas)
  const because = whyNotOf(table, schema, likeness)
  return because === undefined ? { values, schema } : { because }
}

function valuesUnder({ storage, partitionKeys }: Table, url: string): string[] | undefined {
  const location = asFolder(storage?.location ?? '')
  const levels = url === location ? [] : url.slice(location.length, -1).split('/')
  if (levels.length !== partitionKeys.length) return undefined
  const values = levels.flatMap((level, index) => {
    const key = partitionKeys[index]?.name ?? ''
    const isNamed = keyOf(level) === key
    return isNamed || isNumberedKey(key) ? [partitionValue(level, isNamed)] : []
  })
  return values.length === levels.length ? values : undefined
}

/** What differs between the table and the data, in the order in which AWS compares. */
function whyNotOf(
  { name, parameters, storage }: Table,
  schema: DataSchema,
  { combineCompatible }: Likeness,
): string | undefined {
  const { classification = schema.classification, compressionType = schema.compression } = parameters
  const library = describeLayout(schema.layout).serde.library
  if (classification !== schema.classification || (storage?.serde?.library ?? library) !== library)
    return `its format is ${schema.classification}, that of table ${name} ${classification}`
  if (compressionType !== schema.compression)
    return `its compression is ${schema.compression}, that of table ${name} ${compressionType}`
  const columns = (storage?.columns ?? []).map((column) => ({
    name: column.name.toLowerCase(),
    type: parseTypeText(column.type) ?? unknown,
  }))
  const agreement = similarity(columns, schema.columns)
  return combineCompatible || agreement > SIMILARITY_ABOVE
    ? undefined
    : `it has ${Math.floor(agreement * 100)} % of its columns in common with table ${name}`
}
