/**
 * Tables whose rows lie in a fixed number of files by the hash of some columns: what statements say of them, and which
 * file is which bucket. Texts and names of files are Trino's.
 */
import type { Table } from '../catalog/types.ts'
import { EngineFailure } from '../engine/engine.ts'
import { SqlFailure } from '../sql/failure.ts'
import type { Position } from '../sql/tree.ts'
import type { SqlType } from '../sql/types.ts'
import type { Properties } from './writes/properties.ts'

export interface Buckets {
  /** Lower-case. */
  readonly columns: readonly string[]
  readonly count: number
}

const COUNT_MAX = 1_000_000

/** `bucketed_by` and `bucket_count` of CREATE TABLE AS. */
export function bucketsOf(properties: Properties, at: Position): Buckets | undefined {
  const columns = properties.texts('bucketed_by') ?? []
  const count = properties.integer('bucket_count') ?? 0
  const refuse = (why: string) => new SqlFailure('INVALID_TABLE_PROPERTY', why, at)
  if (count < 0) throw refuse('bucket_count must be greater than zero')
  if (columns.length === 0 && count === 0) return undefined
  if (columns.length === 0 || count === 0) throw refuse('bucketed_by and bucket_count must be specified together')
  if (count > COUNT_MAX) throw refuse(`bucket_count should be no more than ${COUNT_MAX}`)
  return { columns, count }
}

/** The buckets' columns must be among those in the files, and of types that Hive has hashes of. */
export function checkBuckets(
  { columns }: Buckets,
  output: readonly { readonly name: string; readonly type: SqlType }[],
  partitionedBy: readonly string[],
  at: Position,
): void {
  const listed = (names: readonly string[]) => `[${names.join(', ')}]`
  const unknown = columns.filter((column) => !output.some(({ name }) => name === column))
  if (unknown.length > 0)
    throw new SqlFailure('INVALID_TABLE_PROPERTY', `Bucketing columns ${listed(unknown)} not present in schema`, at)
  const both = columns.filter((column) => partitionedBy.includes(column))
  if (both.length > 0)
    throw new SqlFailure(
      'INVALID_TABLE_PROPERTY',
      `Bucketing columns ${listed(both)} are also used as partitioning columns`,
      at,
    )
  for (const { name, type } of output)
    if (columns.includes(name) && !isHashed(type))
      throw new SqlFailure('NOT_SUPPORTED', 'Cannot create a table bucketed on an unsupported type', at)
}

function isHashed(type: SqlType): boolean {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'date':
    case 'varchar':
      return true
    case 'array':
      return isHashed(type.element)
    case 'map':
      return isHashed(type.key) && isHashed(type.value)
    default:
      return false
  }
}

/** Those of a table in the catalog. */
export function tableBuckets({ storage }: Table): Buckets | undefined {
  if (storage === undefined || storage.bucketColumns.length === 0 || storage.numberOfBuckets <= 0) return undefined
  return { columns: storage.bucketColumns, count: storage.numberOfBuckets }
}

/** How the name of a bucket's file begins. */
export function bucketFilePrefix(bucket: number): string {
  return `0${String(bucket).padStart(5, '0')}_0_`
}

/** Hive's `000001_0…`, and `20260102_030405_00001_abcde_bucket-00001…`. */
const FILE_NAMES = [/^(0\d+)_\d+/, /^\d{8}_\d{6}_\d{5}_[a-z0-9]{5}_bucket-(\d+)(?:[-_.].*)?$/]

/**
 * The bucket of each file of one folder, in the files' order. Where names do not say it, one file for each bucket is
 * wanted, and the order of their names is that of the buckets. Throws EngineFailure HIVE_INVALID_BUCKET_FILES.
 */
export function bucketsOfFiles(
  keys: readonly string[],
  count: number,
  of: { readonly table: string; readonly partition: string | undefined },
): readonly number[] {
  const corrupt = (why: string) =>
    new EngineFailure(
      'HIVE_INVALID_BUCKET_FILES',
      `Hive table '${of.table}' is corrupt. ${why} for partition: ${of.partition ?? '<UNPARTITIONED>'}`,
    )
  const names = keys.map((key) => key.slice(key.lastIndexOf('/') + 1))
  const buckets = names.map(bucketOfName)
  const unnamed = buckets.indexOf(undefined)
  if (unnamed >= 0) {
    if (keys.length !== count)
      throw corrupt(
        `File '${names[unnamed]}' does not match the standard naming pattern, and the number of files in the directory (${keys.length}) does not match the declared bucket count (${count})`,
      )
    const order = [...keys].sort()
    return keys.map((key) => order.indexOf(key))
  }
  const known = buckets as readonly number[]
  const highest = known.reduce((most, bucket) => Math.max(most, bucket), -1)
  if (highest >= count)
    throw corrupt(
      `The highest bucket number in the directory (${highest}) exceeds the bucket number range defined by the declared bucket count (${count})`,
    )
  return known
}

function bucketOfName(name: string): number | undefined {
  for (const pattern of FILE_NAMES) {
    const digits = pattern.exec(name)?.[1]
    if (digits !== undefined) return Number(digits)
  }
  return undefined
}
