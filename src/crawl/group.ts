/**
 * Third step of a crawl: which folders are tables and which are partitions of one. Pure.
 *
 * From the leaves up: folders under one parent that hold alike data make the parent one table, and the levels between
 * become its partition keys, up to the include path itself. Where they are not alike, each is a table of its own. Files
 * in one folder that are not alike are each a table.
 */
import { Refusal } from '../platform/refusal.ts'
import type { CrawlConfiguration } from './configuration.ts'
import { areOneTable, type DataSchema, type Likeness, mergeSchemas } from './data-schema.ts'
import { type IncludePath, s3Url } from './include-path.ts'
import type { SampledFile, SampledFolder } from './sample.ts'

export interface ProposedPartition {
  /** URL-decoded, one for each partition key. */
  readonly values: readonly string[]
  /** Key prefix, ends in `/`. */
  readonly path: string
  readonly schema: DataSchema
  readonly objectCount: number
  readonly bytes: number
}

export interface ProposedTable {
  readonly bucket: string
  /** Key prefix: '' or ends in `/`; the key itself for a table of one file. */
  readonly path: string
  readonly schema: DataSchema
  readonly partitionKeys: readonly string[]
  readonly partitions: readonly ProposedPartition[]
  readonly objectCount: number
  readonly bytes: number
  /** Every object was looked into; else columns that were not seen may still exist. */
  readonly isSampledWhole: boolean
}

export interface Grouping {
  readonly tables: readonly ProposedTable[]
  /** Plain sentences on what was decided and what was left out. */
  readonly messages: readonly string[]
}

type Policy = Pick<CrawlConfiguration, 'combineCompatible' | 'tableLevel'>

/** Refuses with 'crawlFailed' when the table level does not fit the folders. */
export function groupIntoTables(
  target: IncludePath,
  folders: readonly SampledFolder[],
  policy: Policy,
  isFile = false,
): Grouping {
  const messages = folders.flatMap((folder) => folder.files.flatMap((file) => fileMessages(target.bucket, file)))
  const say = (message: string) => messages.push(message)
  const grouper = new Grouper(target.bucket, say)
  if (isFile) return { tables: folders.flatMap((folder) => grouper.tablePerFile(folder)), messages }
  const roots =
    policy.tableLevel === undefined
      ? [rootOf(target.prefix, folders)]
      : rootsAtLevel(target, folders, policy.tableLevel)
  // A table level says where tables are; below it everything that can be put together is.
  const likeness = { combineCompatible: policy.combineCompatible || policy.tableLevel !== undefined }
  return { tables: roots.flatMap((root) => grouper.tablesOf(root, likeness)), messages }
}

interface Node {
  readonly path: string
  /** Files directly in it. */
  readonly own: SampledFolder | undefined
  readonly children: readonly Node[]
}

/** One data folder, with the names of the folders between it and the node that is looked at. */
interface Leaf {
  readonly levels: readonly string[]
  readonly folder: SampledFolder
  readonly schema: DataSchema
}

type Outcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'one'; readonly leaves: readonly Leaf[] }
  | { readonly kind: 'several'; readonly tables: readonly ProposedTable[] }

class Grouper {
  readonly #bucket: string
  readonly #say: (message: string) => void

  constructor(bucket: string, say: (message: string) => void) {
    this.#bucket = bucket
    this.#say = say
  }

  tablesOf(node: Node, likeness: Likeness): readonly ProposedTable[] {
    const outcome = this.#resolve(node, likeness)
    return outcome.kind === 'one'
      ? [this.#table(node, outcome.leaves)]
      : outcome.kind === 'several'
        ? outcome.tables
        : []
  }

  tablePerFile(folder: SampledFolder): ProposedTable[] {
    return folder.files.flatMap(({ key, size, reading }) =>
      reading.kind === 'unknown'
        ? []
        : {
            bucket: this.#bucket,
            path: key,
            schema: reading.schema,
            partitionKeys: [],
            partitions: [],
            objectCount: 1,
            bytes: size,
            isSampledWhole: true,
          },
    )
  }

  #resolve(node: Node, likeness: Likeness): Outcome {
    const own = this.#resolveFiles(node, likeness)
    const below = node.children.map((child) => ({ child, outcome: this.#resolve(child, likeness) }))
    const found = below.filter(({ outcome }) => outcome.kind !== 'nothing')
    if (found.length === 0) return own
    const leaves = found.flatMap(({ child, outcome }) =>
      outcome.kind === 'one' ? outcome.leaves.map((leaf) => underFolder(node, child, leaf)) : [],
    )
    const isAll = own.kind !== 'several' && found.every(({ outcome }) => outcome.kind === 'one')
    const all = own.kind === 'one' ? [...own.leaves, ...leaves] : leaves
    const isAlike =
      isAll &&
      areOneTable(
        all.map((leaf) => leaf.schema),
        likeness,
      )
    const isEven = leaves.every((leaf) => leaf.levels.length === leaves[0]?.levels.length)
    if (isAlike && isEven) return this.#together(node, all)
    const where = s3Url(this.#bucket, node.path)
    this.#say(
      isAlike
        ? `The folders under ${where} hold alike data at different depths, so each is a table of its own.`
        : `The folders under ${where} do not hold alike data, so each is a table of its own.`,
    )
    const tables = found.flatMap(({ child, outcome }) =>
      outcome.kind === 'one' ? [this.#table(child, outcome.leaves)] : outcome.kind === 'several' ? outcome.tables : [],
    )
    return { kind: 'several', tables: [...this.#filesBesideFolders(node, own), ...tables] }
  }

  #resolveFiles({ own }: Node, likeness: Likeness): Outcome {
    if (own === undefined) return { kind: 'nothing' }
    const schemas = own.files.flatMap(({ reading }) => (reading.kind === 'schema' ? [reading.schema] : []))
    if (schemas.length === 0) return { kind: 'nothing' }
    if (areOneTable(schemas, likeness))
      return { kind: 'one', leaves: [{ levels: [], folder: own, schema: mergeSchemas(schemas) }] }
    const where = s3Url(this.#bucket, own.path)
    if (own.files.length < own.objectCount) {
      this.#say(
        `The files in ${where} are not alike and ${own.objectCount} are too many to be a table each, so none was made of them.`,
      )
      return { kind: 'nothing' }
    }
    this.#say(`The files in ${where} are not alike, so each is a table of its own.`)
    return { kind: 'several', tables: this.tablePerFile(own) }
  }

  /** Alike files both in a folder and in folders under it have no partition in common: the folder is one table without. */
  #together(node: Node, all: readonly Leaf[]): Outcome {
    if (all.every((leaf) => leaf.levels.length > 0)) return { kind: 'one', leaves: all }
    this.#say(
      `${s3Url(this.#bucket, node.path)} holds data both directly and in folders, so it is one table without partitions.`,
    )
    return { kind: 'several', tables: [{ ...this.#table(node, all), partitionKeys: [], partitions: [] }] }
  }

  /** A table over the folder would take in the folders under it, so files beside folders are a table each. */
  #filesBesideFolders(node: Node, own: Outcome): readonly ProposedTable[] {
    if (own.kind === 'several') return own.tables
    if (own.kind === 'nothing' || node.own === undefined) return []
    if (node.own.files.length === node.own.objectCount) return this.tablePerFile(node.own)
    this.#say(
      `${s3Url(this.#bucket, node.path)} holds ${node.own.objectCount} files beside folders of other data: too many to be a table each, so none was made of them.`,
    )
    return []
  }

  #table(node: Node, leaves: readonly Leaf[]): ProposedTable {
    const keys = partitionKeys(leaves.map((leaf) => leaf.levels))
    return {
      bucket: this.#bucket,
      path: node.path,
      schema: mergeSchemas(leaves.map((leaf) => leaf.schema)),
      partitionKeys: keys.map((key) => key.name),
      partitions: keys.length === 0 ? [] : this.#partitions(leaves, keys),
      objectCount: leaves.reduce((sum, leaf) => sum + leaf.folder.objectCount, 0),
      bytes: leaves.reduce((sum, leaf) => sum + leaf.folder.bytes, 0),
      isSampledWhole: leaves.every((leaf) => leaf.folder.files.length === leaf.folder.objectCount),
    }
  }

  #partitions(leaves: readonly Leaf[], keys: readonly PartitionKey[]): ProposedPartition[] {
    const partitions = new Map<string, ProposedPartition>()
    for (const { levels, folder, schema } of leaves) {
      const values = levels.map((level, index) => partitionValue(level, keys[index]?.isNamed ?? false))
      const identity = JSON.stringify(values)
      const { path, objectCount, bytes } = folder
      if (partitions.has(identity))
        this.#say(
          `${s3Url(this.#bucket, path)} was left out: another folder is the partition ${values.join('/')} already.`,
        )
      else partitions.set(identity, { values, path, schema, objectCount, bytes })
    }
    return [...partitions.values()]
  }
}

interface PartitionKey {
  readonly name: string
  /** The folders say it themselves: `key=value`. */
  readonly isNamed: boolean
}

const NAMED_LEVEL = /^([^=]+)=(.*)$/s

/** `key=value` folders name their key; other folders are `partition_<depth>`. */
function partitionKeys(paths: readonly (readonly string[])[]): PartitionKey[] {
  const depth = paths[0]?.length ?? 0
  const taken = new Set<string>()
  return Array.from({ length: depth }, (_, level) => {
    const names = new Set(paths.map((levels) => NAMED_LEVEL.exec(levels[level] ?? '')?.[1]?.toLowerCase()))
    const [name] = names
    const isNamed = names.size === 1 && name !== undefined
    const wanted = isNamed ? decoded(name) : `partition_${level}`
    const free = taken.has(wanted) ? `partition_${level}` : wanted
    taken.add(free)
    return { name: free, isNamed }
  })
}

function partitionValue(level: string, isNamed: boolean): string {
  return decoded(isNamed ? level.slice(level.indexOf('=') + 1) : level)
}

/** URL-decoded; as it stands where it is not valid URL encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function underFolder(parent: Node, child: Node, leaf: Leaf): Leaf {
  return { ...leaf, levels: [child.path.slice(parent.path.length, -1), ...leaf.levels] }
}

function rootOf(path: string, folders: readonly SampledFolder[]): Node {
  const own = folders.find((folder) => folder.path === path)
  const groups = new Map<string, SampledFolder[]>()
  for (const folder of folders) {
    if (folder.path === path) continue
    const child = folder.path.slice(0, folder.path.indexOf('/', path.length) + 1)
    const group = groups.get(child)
    if (group === undefined) groups.set(child, [folder])
    else group.push(folder)
  }
  return { path, own, children: [...groups].map(([child, group]) => rootOf(child, group)) }
}

function rootsAtLevel(target: IncludePath, folders: readonly SampledFolder[], level: number): Node[] {
  const where = s3Url(target.bucket, target.prefix)
  if (depthOf(target.prefix) > level)
    throw new Refusal('crawlFailed', `The table level ${level} lies above the include path ${where}.`)
  const shallow = folders.find((folder) => depthOf(folder.path) < level)
  if (shallow !== undefined)
    throw new Refusal('crawlFailed', `${s3Url(target.bucket, shallow.path)} holds data above the table level ${level}.`)
  const paths = new Set(
    folders.map((folder) =>
      folder.path
        .split('/')
        .slice(0, level - 1)
        .join('/'),
    ),
  )
  return [...paths].map((path) => {
    const root = path === '' ? '' : `${path}/`
    return rootOf(
      root,
      folders.filter((folder) => folder.path.startsWith(root)),
    )
  })
}

/** The bucket is 1, each folder one more. */
function depthOf(path: string): number {
  return path.split('/').length
}

function fileMessages(bucket: string, { key, reading }: SampledFile): string[] {
  const url = s3Url(bucket, key)
  if (reading.kind === 'unknown') return [`${url} was skipped: ${reading.reason}.`]
  return reading.schema.notes.map((note) => `${url}: ${note}.`)
}
