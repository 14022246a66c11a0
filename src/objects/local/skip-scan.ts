/**
 * Listing by skip-scan: entries in byte order straight from an index, and a jump over everything behind a common prefix
 * as soon as it is seen. A page costs its own entries, however many keys the bucket holds.
 */

/** Entries fetched at once: doubles while entries follow entries, and falls back to one after a jump. */
const ROWS_MAX = 256

export interface ScanSource<Row, Cursor> {
  /** The next rows at or behind the cursor, before `end`. */
  fetch(cursor: Cursor, end: Buffer | undefined, limit: number): Row[]
  keyOf(row: Row): Buffer
  /** Behind this row. */
  after(row: Row): Cursor
  /** At the first row with this key or a greater one. */
  at(key: Buffer): Cursor
}

export interface ScanQuery<Cursor> {
  readonly prefix: string
  readonly delimiter: string
  readonly from: Cursor
  /** Rows plus common prefixes. */
  readonly limit: number
}

export interface ScanPage<Row> {
  readonly rows: Row[]
  readonly commonPrefixes: string[]
  /** The entry that ends the page, when there are more behind it. */
  readonly last: { readonly row: Row } | { readonly commonPrefix: string } | undefined
}

export function skipScan<Row, Cursor>(
  source: ScanSource<Row, Cursor>,
  { prefix, delimiter, from, limit }: ScanQuery<Cursor>,
): ScanPage<Row> {
  const end = successor(Buffer.from(prefix))
  const rows: Row[] = []
  const commonPrefixes: string[] = []
  let last: ScanPage<Row>['last']
  let cursor = from
  let rowsWanted = delimiter === '' ? ROWS_MAX : 1
  for (;;) {
    const wanted = Math.min(rowsWanted, limit - rows.length - commonPrefixes.length + 1)
    const fetched = source.fetch(cursor, end, wanted)
    rowsWanted = Math.min(ROWS_MAX, rowsWanted * 2)
    let jumped = false
    for (const row of fetched) {
      if (rows.length + commonPrefixes.length >= limit) return { rows, commonPrefixes, last }
      const common = commonPrefixOf(source.keyOf(row).toString(), prefix, delimiter)
      if (common === undefined) {
        rows.push(row)
        last = { row }
        cursor = source.after(row)
        continue
      }
      commonPrefixes.push(common)
      last = { commonPrefix: common }
      const behind = successor(Buffer.from(common))
      if (behind === undefined) return { rows, commonPrefixes, last: undefined }
      cursor = source.at(behind)
      rowsWanted = 1
      jumped = true
      break
    }
    if (!jumped && fetched.length < wanted) return { rows, commonPrefixes, last: undefined }
  }
}

/** `key` up to and including the first delimiter behind the prefix; undefined when it is an entry of its own. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** No key is empty, so none comes before this one. */
const FIRST_KEY = Buffer.of(0)

/** Where keys greater than `marker` begin, and not before the prefix: behind the key, or behind the whole of a common prefix. */
export function firstAfter(marker: string, prefix: string, delimiter: string): Buffer {
  const prefixBytes = prefix === '' ? FIRST_KEY : Buffer.from(prefix)
  if (marker === '') return prefixBytes
  const bytes = Buffer.from(marker)
  const behind = isCommonPrefix(marker, prefix, delimiter) ? successor(bytes) : undefined
  const first = behind ?? Buffer.concat([bytes, Buffer.of(0)])
  return Buffer.compare(first, prefixBytes) < 0 ? prefixBytes : first
}

export function isCommonPrefix(marker: string, prefix: string, delimiter: string): boolean {
  return marker.startsWith(prefix) && commonPrefixOf(marker, prefix, delimiter) === marker
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
