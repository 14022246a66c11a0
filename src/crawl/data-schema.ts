/** What several files or folders hold together, and when they may be taken together. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { FileSchema, Layout } from '../formats/file-schema.ts'
import { areAlike, type InferredField, mergeFields } from '../formats/inferred-type.ts'

export type DataSchema = Omit<FileSchema, 'notes' | 'classifier'>

/** AWS: schemas are similar when more than 70 % of them agrees. */
export const SIMILARITY_ABOVE = 0.7
/** AWS: a parent with more distinct kinds of schema under it is not one table. */
export const CLUSTERS_MAX = 5

export interface Likeness {
  /** Only the format has to agree (TableGroupingPolicy CombineCompatibleSchemas). */
  readonly combineCompatible: boolean
}

/** Whether several schemas can be one table, and by what figures. Indexes are into the schemas that were judged. */
export type Judgement =
  | { readonly isOne: true; readonly kinds: number; readonly leastSimilarity: number }
  | { readonly isOne: false; readonly because: 'layout'; readonly first: 0; readonly other: number }
  | { readonly isOne: false; readonly because: 'kinds'; readonly first: 0; readonly other: number }
  | {
      readonly isOne: false
      readonly because: 'unlike'
      readonly first: number
      readonly other: number
      /** The most that anything on one side has in common with anything on the other. */
      readonly similarity: number
    }

export function areOneTable(schemas: readonly DataSchema[], likeness: Likeness): boolean {
  return schemas.length > 0 && judge(schemas, likeness).isOne
}

/**
 * Each schema joins the first kind whose founder it resembles; kinds must hang together, since data that drifts
 * resembles its neighbour in time more than its beginning.
 */
export function judge(schemas: readonly DataSchema[], { combineCompatible }: Likeness): Judgement {
  const [first] = schemas
  if (first === undefined) throw new Error('nothing to judge')
  const other = schemas.findIndex((schema) => !haveSameLayout(first, schema))
  if (other >= 0) return { isOne: false, because: 'layout', first: 0, other }
  if (combineCompatible) return { isOne: true, kinds: 1, leastSimilarity: 1 }
  const clusters = clustersOf(schemas)
  const last = clusters.at(-1)
  if (last !== undefined && clusters.length > CLUSTERS_MAX)
    return { isOne: false, because: 'kinds', first: 0, other: last.index }
  return judgeLinks(clusters)
}

interface Cluster {
  readonly founder: readonly InferredField[]
  /** The one that joined last. */
  latest: readonly InferredField[]
  /** Of the founder. */
  readonly index: number
  leastSimilarity: number
}

function clustersOf(schemas: readonly DataSchema[]): Cluster[] {
  const clusters: Cluster[] = []
  const seen = new Set<readonly InferredField[]>()
  for (const [index, { columns }] of schemas.entries()) {
    if (seen.has(columns)) continue
    seen.add(columns)
    const [joined, agreement] = firstAlike(clusters, columns)
    if (joined === undefined) {
      clusters.push({ founder: columns, latest: columns, index, leastSimilarity: 1 })
      if (clusters.length > CLUSTERS_MAX) break
    } else {
      joined.latest = columns
      joined.leastSimilarity = Math.min(joined.leastSimilarity, agreement)
    }
  }
  return clusters
}

function firstAlike(clusters: readonly Cluster[], columns: readonly InferredField[]): [Cluster | undefined, number] {
  for (const cluster of clusters) {
    const agreement = similarity(cluster.founder, columns)
    if (agreement > SIMILARITY_ABOVE) return [cluster, agreement]
  }
  return [undefined, 0]
}

/** From the first kind on: a kind is linked that resembles, by its founder or its latest, one that is linked already. */
function judgeLinks(clusters: readonly Cluster[]): Judgement {
  const linked = clusters.slice(0, 1)
  let waiting = clusters.slice(1)
  let leastSimilarity = Math.min(1, ...clusters.map((cluster) => cluster.leastSimilarity))
  while (waiting.length > 0) {
    const links = waiting.flatMap((cluster) =>
      linked.map((other) => ({ cluster, other, similarity: nearness(cluster, other) })),
    )
    const best = links.reduce((a, b) => (b.similarity > a.similarity ? b : a))
    if (best.similarity <= SIMILARITY_ABOVE)
      return {
        isOne: false,
        because: 'unlike',
        first: best.other.index,
        other: best.cluster.index,
        similarity: best.similarity,
      }
    leastSimilarity = Math.min(leastSimilarity, best.similarity)
    linked.push(best.cluster)
    waiting = waiting.filter((cluster) => cluster !== best.cluster)
  }
  return { isOne: true, kinds: clusters.length, leastSimilarity }
}

function nearness(a: Cluster, b: Cluster): number {
  return Math.max(...[a.founder, a.latest].flatMap((one) => [similarity(one, b.founder), similarity(one, b.latest)]))
}

/** The share of columns that both have, by name and sort of type: twice the common ones over the sum of both. 0 to 1. */
export function similarity(a: readonly InferredField[], b: readonly InferredField[]): number {
  if (a === b || (a.length === 0 && b.length === 0)) return 1
  const types = new Map(a.map((field) => [field.name, field.type]))
  const common = b.filter((field) => {
    const type = types.get(field.name)
    return type !== undefined && areAlike(type, field.type)
  })
  return (2 * common.length) / (a.length + b.length)
}

/** Same format, compression and, for CSV, the same delimiter and header: one SerDe can read both. */
export function haveSameLayout(a: DataSchema, b: DataSchema): boolean {
  return (
    a.classification === b.classification &&
    a.compression === b.compression &&
    (a.layout === b.layout || isDeepStrictEqual(withoutNames(a.layout), withoutNames(b.layout)))
  )
}

/** What may differ from file to file without another SerDe being needed. */
function withoutNames(layout: Layout): unknown {
  if (layout.kind === 'json') return { ...layout, paths: [] }
  return layout.kind === 'avro' ? { ...layout, schemaText: '' } : layout
}

/** The first one's columns first. All must have the same layout. */
export function mergeSchemas(schemas: readonly DataSchema[]): DataSchema {
  const [first] = schemas
  if (first === undefined) throw new Error('nothing to merge')
  let columns = first.columns
  for (const distinct of new Set(schemas.map((schema) => schema.columns))) columns = mergeFields(columns, distinct)
  return {
    classification: first.classification,
    layout: mergeLayouts([...new Set(schemas.map((schema) => schema.layout))]),
    compression: first.compression,
    columns,
    records: schemas.reduce((sum, schema) => sum + schema.records, 0),
    storedBytes: schemas.reduce((sum, schema) => sum + schema.storedBytes, 0),
  }
}

function mergeLayouts(layouts: readonly Layout[]): Layout {
  const [first] = layouts as readonly [Layout]
  if (layouts.length === 1) return first
  if (first.kind === 'json')
    return { ...first, paths: [...new Set(layouts.flatMap((layout) => (layout.kind === 'json' ? layout.paths : [])))] }
  return first.kind === 'avro' ? fullest(layouts) : first
}

/** Readers resolve older files against one schema, so it is the one that names the most; of those the newest. */
function fullest(layouts: readonly Layout[]): Layout {
  return layouts.reduce((best, layout) => (fieldsIn(layout) >= fieldsIn(best) ? layout : best))
}

function fieldsIn(layout: Layout): number {
  if (layout.kind !== 'avro') return 0
  const { fields } = JSON.parse(layout.schemaText) as { fields?: readonly unknown[] }
  return fields?.length ?? 0
}
