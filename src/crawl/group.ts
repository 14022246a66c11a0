/**
 * Third step of a crawl: which folders are tables and which are partitions of one. Pure.
 *
 * From the leaves up: folders under one parent that hold alike data make the parent one table, and the levels between
 * become its partition keys, up to the include path itself. Where they are not alike, each is a table of its own. Files
 * in one folder that are not alike are each a table. Every decision is a sentence with the figures it was made by.
 */
import type { CrawlConfiguration } from './configuration.ts'
import { type DataSchema, type Judgement, judge, type Likeness, mergeSchemas } from './data-schema.ts'
import { type Node, rootOf, rootsAtLevel } from './folder-tree.ts'
import { type IncludePath, s3Url } from './include-path.ts'
import { foldersOver } from './known-tables.ts'
import { mergeSentences } from './merge-sentences.ts'
import { type PartitionKey, partitionKeys, partitionValue } from './partition-keys.ts'
import type { SampledFolder } from './sample.ts'
import { Sentences } from './sentences.ts'
import { whyApart, whyTogether } from './why.ts'

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

export interface GroupOptions {
  /** The include path names one file. */
  readonly isFile?: boolean
  /** URLs of tables that the catalog has already: no folder above one becomes a table. */
  readonly settled?: readonly string[]
  /** URLs of tables that this crawler made before: where all else beside one is gone it stays what it is. */
  readonly own?: readonly string[]
}

type Policy = Pick<CrawlConfiguration, 'combineCompatible' | 'tableLevel'>

/** Refuses with 'crawlFailed' when the table level does not fit the folders. */
export function groupIntoTables(
  target: IncludePath,
  folders: readonly SampledFolder[],
  policy: Policy,
  { isFile = false, settled = [], own = [] }: GroupOptions = {},
): Grouping {
  const sentences = new Sentences()
  const inOrder = [...folders].sort((a, b) => (a.path < b.path ? -1 : 1))
  // A table level says where tables are; below it everything that can be put together is.
  const likeness = { combineCompatible: policy.combineCompatible || policy.tableLevel !== undefined }
  const grouper = new Grouper({
    bucket: target.bucket,
    likeness,
    settled: foldersOver(settled),
    own: new Set(own),
    sentences,
  })
  if (isFile) return { tables: inOrder.flatMap((folder) => grouper.tablePerFile(folder)), messages: sentences.all() }
  if (policy.tableLevel !== undefined)
    sentences.say(
      `Each folder at level ${policy.tableLevel} is a table, as the configuration says (the bucket is level 1).`,
    )
  const roots =
    policy.tableLevel === undefined
      ? [rootOf(target.prefix, inOrder)]
      : rootsAtLevel(target, inOrder, policy.tableLevel)
  return { tables: roots.flatMap((root) => grouper.tablesOf(root)), messages: sentences.all() }
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

interface GrouperParts {
  readonly bucket: string
  readonly likeness: Likeness
  /** Folders that no table may be made of. */
  readonly settled: ReadonlySet<string>
  readonly own: ReadonlySet<string>
  readonly sentences: Sentences
}

class Grouper {
  readonly #parts: GrouperParts

  constructor(parts: GrouperParts) {
    this.#parts = parts
  }

  tablesOf(node: Node): readonly ProposedTable[] {
    const outcome = this.#resolve(node)
    if (outcome.kind === 'one') return [this.#table(node, outcome.leaves)]
    return outcome.kind === 'several' ? outcome.tables : []
  }

  tablePerFile(folder: SampledFolder): ProposedTable[] {
    return folder.files.flatMap(({ key, size, reading }) =>
      reading.kind === 'unknown'
        ? []
        : {
            bucket: this.#parts.bucket,
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

  #resolve(node: Node): Outcome {
    const own = this.#resolveFiles(node)
    const below = node.children.map((child) => ({ child, outcome: this.#resolve(child) }))
    const found = below.filter(({ outcome }) => outcome.kind !== 'nothing')
    const isSettled =
      this.#parts.settled.has(s3Url(this.#parts.bucket, node.path)) ||
      (own.kind === 'nothing' && this.#isLeftAlone(node, found))
    if (found.length === 0 && !isSettled) return own
    const leaves = found.flatMap(({ child, outcome }) =>
      outcome.kind === 'one' ? outcome.leaves.map((leaf) => underFolder(node, child, leaf)) : [],
    )
    const all = own.kind === 'one' ? [...own.leaves, ...leaves] : leaves
    const isWhole = own.kind !== 'several' && found.every(({ outcome }) => outcome.kind === 'one')
    if (isWhole && !isSettled && this.#areTogether(node, { all, leaves })) return this.#together(node, all)
    const tables = found.flatMap(({ child, outcome }) =>
      outcome.kind === 'one' ? [this.#table(child, outcome.leaves)] : outcome.kind === 'several' ? outcome.tables : [],
    )
    return { kind: 'several', tables: [...this.#filesBesideFolders(node, own), ...tables] }
  }

  /** The one folder of data that is left is a table already: what lay beside it is gone, which makes no partition of it. */
  #isLeftAlone(node: Node, found: readonly { readonly child: Node }[]): boolean {
    const { own, bucket, sentences } = this.#parts
    const only = found.length === 1 ? found[0]?.child : undefined
    if (only === undefined) return false
    const [url, above] = [s3Url(bucket, only.path), s3Url(bucket, node.path)]
    if (!own.has(url) || own.has(above)) return false
    sentences.sayOf('single', `${url} stays the table that it is, although there is no other data under ${above}.`)
    return true
  }

  /** Whether the folders under one parent are partitions of one table; says so either way. */
  #areTogether(node: Node, { all, leaves }: { all: readonly Leaf[]; leaves: readonly Leaf[] }): boolean {
    const { bucket, likeness, sentences } = this.#parts
    const where = s3Url(bucket, node.path)
    const judgement = judge(
      all.map((leaf) => leaf.schema),
      likeness,
    )
    if (!judgement.isOne) {
      sentences.sayOf('apart', `The folders under ${where} are tables of their own: ${this.#whyApart(all, judgement)}.`)
      return false
    }
    if (!leaves.every((leaf) => leaf.levels.length === leaves[0]?.levels.length)) {
      sentences.sayOf(
        'apart',
        `The folders under ${where} hold alike data at different depths, so they are tables of their own.`,
      )
      return false
    }
    if (all.length === 1) {
      sentences.sayOf(
        'single',
        `Under ${where} there is one folder of data, so the levels down to it are partition keys.`,
      )
      return true
    }
    sentences.sayOf(
      'together',
      `The folders under ${where} were taken together (data folders: ${all.length}): ${whyTogether(judgement, likeness)}.`,
    )
    return true
  }

  #whyApart(all: readonly Leaf[], judgement: Extract<Judgement, { isOne: false }>): string {
    return whyApart(
      judgement,
      all.map(({ folder, schema }) => ({ url: s3Url(this.#parts.bucket, folder.path), schema })),
    )
  }

  #resolveFiles({ own }: Node): Outcome {
    if (own === undefined) return { kind: 'nothing' }
    const { bucket, likeness, sentences } = this.#parts
    const known = own.files.flatMap(({ key, reading }) =>
      reading.kind === 'schema' ? [{ url: s3Url(bucket, key), schema: reading.schema }] : [],
    )
    if (known.length === 0) return { kind: 'nothing' }
    const schemas = known.map(({ schema }) => schema)
    const judgement = judge(schemas, likeness)
    if (judgement.isOne) return { kind: 'one', leaves: [{ levels: [], folder: own, schema: mergeSchemas(schemas) }] }
    const where = s3Url(bucket, own.path)
    const why = whyApart(judgement, known)
    if (own.files.length < own.objectCount) {
      sentences.sayOf(
        'leftOut',
        `The files in ${where} are not alike (${why}) and ${own.objectCount} are too many to be a table each, so none was made of them.`,
      )
      return { kind: 'nothing' }
    }
    sentences.sayOf('filesApart', `The files in ${where} are tables of their own: ${why}.`)
    return { kind: 'several', tables: this.tablePerFile(own) }
  }

  /** Alike files both in a folder and in folders under it have no partition in common: the folder is one table without. */
  #together(node: Node, all: readonly Leaf[]): Outcome {
    if (all.every((leaf) => leaf.levels.length > 0)) return { kind: 'one', leaves: all }
    this.#parts.sentences.sayOf(
      'beside',
      `${s3Url(this.#parts.bucket, node.path)} holds data both directly and in folders, so it is one table without partitions.`,
    )
    return { kind: 'several', tables: [{ ...this.#table(node, all), partitionKeys: [], partitions: [] }] }
  }

  /** A table over the folder would take in the folders under it, so files beside folders are a table each. */
  #filesBesideFolders(node: Node, own: Outcome): readonly ProposedTable[] {
    if (own.kind === 'several') return own.tables
    if (own.kind === 'nothing' || node.own === undefined) return []
    if (node.own.files.length === node.own.objectCount) return this.tablePerFile(node.own)
    this.#parts.sentences.sayOf(
      'leftOut',
      `${s3Url(this.#parts.bucket, node.path)} holds ${node.own.objectCount} files beside folders of other data: too many to be a table each, so none was made of them.`,
    )
    return []
  }

  #table(node: Node, leaves: readonly Leaf[]): ProposedTable {
    const { bucket, sentences } = this.#parts
    const keys = partitionKeys(leaves.map((leaf) => leaf.levels))
    for (const sentence of mergeSentences(s3Url(bucket, node.path), filesOf(bucket, leaves)))
      sentences.sayOf('merged', sentence)
    return {
      bucket,
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
        this.#parts.sentences.sayOf(
          'leftOut',
          `${s3Url(this.#parts.bucket, path)} was left out: another folder is the partition ${values.join('/')} already.`,
        )
      else partitions.set(identity, { values, path, schema, objectCount, bytes })
    }
    return [...partitions.values()]
  }
}

function underFolder(parent: Node, child: Node, leaf: Leaf): Leaf {
  return {
    levels: [child.path.slice(parent.path.length, -1), ...leaf.levels],
    folder: leaf.folder,
    schema: leaf.schema,
  }
}

function filesOf(bucket: string, leaves: readonly Leaf[]) {
  return leaves.flatMap(({ folder }) =>
    folder.files.flatMap(({ key, reading }) =>
      reading.kind === 'schema' ? [{ url: s3Url(bucket, key), columns: reading.schema.columns }] : [],
    ),
  )
}
