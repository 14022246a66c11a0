/**
 * Listing by skip-scan: keys in byte order straight from an index, and a jump over everything behind a common prefix
 * as soon as it is seen. A page costs its own entries, however many keys the bucket holds.
 */
import type { MetadataDatabase, Statement } from '../../platform/sqlite.ts'
import type { ListPage, ListQuery, ObjectVersion } from '../object-store.ts'
import type { BucketRow } from './bucket-table.ts'
import { toVersion, VERSION_COLUMNS, type VersionRow } from './version-table.ts'

/** Rows fetched at once: doubles while keys follow keys, and falls back to one after a jump. */
const ROWS_MAX = 256

/** No key is empty, so none comes before this one. */
const FIRST_KEY = Buffer.of(0)

export class Listing {
  readonly #visible: Statement<VersionRow>
  readonly #visibleToEnd: Statement<VersionRow>

  constructor(database: MetadataDatabase) {
    const select = `SELECT ${VERSION_COLUMNS} FROM object_version INDEXED BY object_listing
      WHERE latest = 1 AND marker = 0 AND bucket_id = ? AND key >= ?`
    this.#visible = database.prepare(`${select} AND key < ? ORDER BY key LIMIT ?`)
    this.#visibleToEnd = database.prepare(`${select} ORDER BY key LIMIT ?`)
  }

  page(bucket: BucketRow, { prefix = '', delimiter = '', startAfter = '', limit }: ListQuery): ListPage {
    const prefixBytes = Buffer.from(prefix)
    const end = successor(prefixBytes)
    let from = firstAfter(startAfter, prefix, delimiter)
    if (Buffer.compare(from, prefixBytes) < 0) from = prefixBytes

    const objects: ObjectVersion[] = []
    const commonPrefixes: string[] = []
    let last: string | undefined
    let rowsWanted = delimiter === '' ? ROWS_MAX : 1
    for (;;) {
      const wanted = Math.min(rowsWanted, limit - objects.length - commonPrefixes.length + 1)
      const rows = this.#rows(bucket.id, { from, end, limit: wanted })
      rowsWanted = Math.min(ROWS_MAX, rowsWanted * 2)
      let jumped = false
      for (const row of rows) {
        if (objects.length + commonPrefixes.length >= limit) return { objects, commonPrefixes, next: last }
        const key = row.key.toString()
        const common = commonPrefixOf(key, prefix, delimiter)
        if (common === undefined) {
          objects.push(toVersion(bucket, row))
          last = key
          from = Buffer.concat([row.key, Buffer.of(0)])
          continue
        }
        commonPrefixes.push(common)
        last = common
        const behind = successor(Buffer.from(common))
        if (behind === undefined) return { objects, commonPrefixes, next: undefined }
        from = behind
        rowsWanted = 1
        jumped = true
        break
      }
      if (!jumped && rows.length < wanted) return { objects, commonPrefixes, next: undefined }
    }
  }

  #rows(
    bucketId: number,
    { from, end, limit }: { from: Buffer; end: Buffer | undefined; limit: number },
  ): VersionRow[] {
    if (end === undefined) return this.#visibleToEnd.all(bucketId, from, limit)
    return this.#visible.all(bucketId, from, end, limit)
  }
}

/** `key` up to and including the first delimiter behind the prefix; undefined when it is an entry of its own. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** Where a page begins that follows `startAfter`: behind the key, or behind the whole of a common prefix. */
export function firstAfter(startAfter: string, prefix: string, delimiter: string): Buffer {
  if (startAfter === '') return FIRST_KEY
  const bytes = Buffer.from(startAfter)
  const isCommonPrefix = startAfter.startsWith(prefix) && commonPrefixOf(startAfter, prefix, delimiter) === startAfter
  return (isCommonPrefix ? successor(bytes) : undefined) ?? Buffer.concat([bytes, Buffer.of(0)])
}

/** The least byte string above everything that begins with `prefix`; undefined when there is none. */
export function successor(prefix: Buffer): Buffer | undefined {
  for (let length = prefix.byteLength; length > 0; length--) {
    const last = prefix[length - 1] as number
    if (last === 0xff) continue
    const next = Buffer.from(prefix.subarray(0, length))
    next[length - 1] = last + 1
    return next
  }
  return undefined
}
