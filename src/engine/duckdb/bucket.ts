/**
 * Prints which bucket a row belongs to: Hive's first bucketing scheme, which Athena's tables have and by which other
 * readers leave files unread (Hive's ObjectInspectorUtils.hashCode; texts of refusals and names of types as Trino 476).
 *
 * Hashes are Java's of 32 bits, kept as numbers from 0 to 2^32 - 1.
 */
import type { SqlType } from '../../sql/types.ts'
import { literal, type SqlText } from './print/text.ts'

/** `columns` must be cheap to write several times. */
export function bucketNumber(
  columns: readonly { readonly value: SqlText; readonly type: SqlType }[],
  count: number,
): SqlText {
  const combined = columns.reduce((hash, { value, type }) => added(hash, hashOf(value, type, 0)), '0::BIGINT')
  return `CAST((${combined} & 2147483647) % ${count} AS INTEGER)`
}

const MASK = '4294967295'
const low32 = (value: SqlText): SqlText => `(${value} & ${MASK})`
const added = (hash: SqlText, next: SqlText): SqlText => low32(`(${hash} * 31 + ${next})`)
/** A long's halves, one over the other. */
const folded = (long: SqlText): SqlText => low32(`xor(${long} >> 32, ${long})`)

const DOUBLE_NAN = '9221120237041090560'
const REAL_NAN = '2143289344'

function hashOf(value: SqlText, type: SqlType, depth: number): SqlText {
  return `coalesce(${hashOfPresent(value, type, depth)}, 0)`
}

function hashOfPresent(value: SqlText, type: SqlType, depth: number): SqlText {
  switch (type.kind) {
    case 'boolean':
      return `CAST(${value} AS BIGINT)`
    case 'tinyint':
    case 'smallint':
    case 'integer':
      return low32(`CAST(${value} AS BIGINT)`)
    case 'bigint':
      return folded(value)
    case 'real':
      return low32(`CASE WHEN isnan(${value}) THEN ${REAL_NAN} ELSE CAST(CAST(${value} AS BIT) AS INTEGER) END::BIGINT`)
    case 'double':
      return folded(`CASE WHEN isnan(${value}) THEN ${DOUBLE_NAN} ELSE CAST(CAST(${value} AS BIT) AS BIGINT) END`)
    case 'date':
      return low32(`CAST(${value} - DATE '1970-01-01' AS BIGINT)`)
    case 'varchar':
      // A varchar(n) begins at 1, a string at 0.
      return `CAST(lake_text_hash(${value}, ${literal(type.length === undefined ? '0' : '1')}) AS BIGINT)`
    case 'array': {
      const item = `e${depth}`
      const hashes = `list_transform(${value}, lambda ${item}: ${hashOf(item, type.element, depth + 1)})`
      return `list_reduce(${hashes}, lambda sum${depth}, next${depth}: ${added(`sum${depth}`, `next${depth}`)}, 0::BIGINT)`
    }
    case 'map': {
      const entry = `e${depth}`
      const both = `xor(${hashOf(`${entry}."key"`, type.key, depth + 1)}, ${hashOf(`${entry}."value"`, type.value, depth + 1)})`
      return low32(`CAST(list_sum(list_transform(map_entries(${value}), lambda ${entry}: ${both})) AS BIGINT)`)
    }
    default:
      throw new Error(`Tables have no buckets of ${type.kind}.`)
  }
}

/** Hash of a text's bytes, as `lake_text_hash` gives it. */
export function textHash(text: string, start: number): number {
  let hash = start
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 31) + ((byte << 24) >> 24)) | 0
  return hash >>> 0
}
