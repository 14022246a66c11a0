/** What several files or folders hold together, and when they may be taken together. Pure. */
import { areAlike, type InferredField, mergeFields } from '../formats/inferred-type.ts'
import type { FileSchema } from '../formats/read-file-schema.ts'

export type DataSchema = Omit<FileSchema, 'notes'>

/** AWS: schemas are similar when more than 70 % of them agrees. */
export const SIMILARITY_ABOVE = 0.7
/** AWS: a parent with more distinct kinds of schema under it is not one table. */
export const CLUSTERS_MAX = 5

export interface Likeness {
  /** Only the format has to agree (TableGroupingPolicy CombineCompatibleSchemas). */
  readonly combineCompatible: boolean
}

/**
 * Whether all of these can be one table. Each joins the first kind whose founder it resembles; kinds must hang
 * together, since data that drifts resembles its neighbour in time more than its beginning.
 */
export function areOneTable(schemas: readonly DataSchema[], { combineCompatible }: Likeness): boolean {
  const [first, ...rest] = schemas
  if (first === undefined) return false
  if (!rest.every((schema) => haveSameLayout(first, schema))) return false
  if (combineCompatible) return true
  const clusters = clustersOf(schemas)
  return clusters.length <= CLUSTERS_MAX && hangTogether(clusters)
}

interface Cluster {
  readonly founder: readonly InferredField[]
  /** The one that joined last. */
  readonly latest: readonly InferredField[]
}

function clustersOf(schemas: readonly DataSchema[]): Cluster[] {
  const clusters: Cluster[] = []
  for (const { columns } of schemas) {
    const index = clusters.findIndex(({ founder }) => isSimilar(founder, columns))
    const joined = clusters[index]
    if (joined !== undefined) clusters[index] = { ...joined, latest: columns }
    else clusters.push({ founder: columns, latest: columns })
    if (clusters.length > CLUSTERS_MAX) break
  }
  return clusters
}

function hangTogether([first, ...rest]: readonly Cluster[]): boolean {
  const linked = first === undefined ? [] : [first]
  let waiting = rest
  for (;;) {
    const near = waiting.filter((cluster) => linked.some((other) => areNear(other, cluster)))
    if (near.length === 0) return waiting.length === 0
    linked.push(...near)
    waiting = waiting.filter((cluster) => !near.includes(cluster))
  }
}

function areNear(a: Cluster, b: Cluster): boolean {
  return [a.founder, a.latest].some((one) => isSimilar(one, b.founder) || isSimilar(one, b.latest))
}

function isSimilar(a: readonly InferredField[], b: readonly InferredField[]): boolean {
  return similarity(a, b) > SIMILARITY_ABOVE
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
    a.format === b.format &&
    a.compression === b.compression &&
    a.csv?.delimiter === b.csv?.delimiter &&
    a.csv?.hasHeader === b.csv?.hasHeader
  )
}

/** The first one's columns first. All must have the same layout. */
export function mergeSchemas(schemas: readonly DataSchema[]): DataSchema {
  const [first] = schemas
  if (first === undefined) throw new Error('nothing to merge')
  let columns = first.columns
  for (const schema of schemas) columns = mergeFields(columns, schema.columns)
  return {
    format: first.format,
    compression: first.compression,
    columns,
    ...(first.paths && { paths: [...new Set(schemas.flatMap((schema) => schema.paths ?? []))] }),
    ...(first.csv && { csv: first.csv }),
    records: schemas.reduce((sum, schema) => sum + schema.records, 0),
    storedBytes: schemas.reduce((sum, schema) => sum + schema.storedBytes, 0),
  }
}
