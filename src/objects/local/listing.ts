/** The two listings of a bucket: what is there now, and every version that ever was and still is. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { ListPage, ListQuery, WalkedObject } from '../object-store.ts'
import type { VersionListQuery, VersionPage } from '../s3-object-store.ts'
import type { BucketRow } from './bucket-table.ts'
import { firstAfter, isCommonPrefix, type ScanSource, skipScan, successor } from './skip-scan.ts'
import { toVersion, VERSION_COLUMNS, type VersionRow, type VersionTable } from './version-table.ts'

/** Above every key: UTF-8 never holds this byte. */
const LAST_KEY = Buffer.of(0xff)

/** Of a walk: some milliseconds of the event loop. */
const WALK_PAGE_ROWS = 1000

interface WalkedRow {
  key: Buffer
  size: number
  storage_class: string | null
}

/** In a key, ids run from new to old; no id is greater. */
const NEWEST = Number.MAX_SAFE_INTEGER

interface VersionCursor {
  readonly key: Buffer
  /** Only older versions of that key. */
  readonly beforeId: number
}

export class Listing {
  readonly #sql: ReturnType<typeof statements>
  readonly #versions: VersionTable

  constructor(database: MetadataDatabase, versions: VersionTable) {
    this.#sql = statements(database)
    this.#versions = versions
  }

  latest(bucket: BucketRow, { prefix = '', delimiter = '', startAfter = '', limit }: ListQuery): ListPage {
    const source: ScanSource<VersionRow, Buffer> = {
      fetch: (from, end, rowsMax) => this.#sql.visible.all(bucket.id, from, end ?? LAST_KEY, rowsMax),
      keyOf: (row) => row.key,
      after: (row) => Buffer.concat([row.key, Buffer.of(0)]),
      at: (key) => key,
    }
    const from = firstAfter(startAfter, prefix, delimiter)
    const { rows, commonPrefixes, last } = skipScan(source, { prefix, delimiter, from, limit })
    const next = last && ('row' in last ? last.row.key.toString() : last.commonPrefix)
    return { objects: rows.map((row) => toVersion(bucket, row)), commonPrefixes, next }
  }

  /** See the port. A page ends its own question to the database: none stays open while others write. */
  async *walk(bucket: BucketRow, prefix: string): AsyncIterable<readonly WalkedObject[]> {
    const end = successor(Buffer.from(prefix)) ?? LAST_KEY
    let from = firstAfter('', prefix, '')
    for (;;) {
      const rows = this.#sql.walked.all(bucket.id, from, end, WALK_PAGE_ROWS)
      yield rows.map(({ key, size, storage_class }) =>
        storage_class === null
          ? { key: key.toString(), size }
          : { key: key.toString(), size, storageClass: storage_class },
      )
      const last = rows.at(-1)
      if (last === undefined || rows.length < WALK_PAGE_ROWS) return
      from = Buffer.concat([last.key, Buffer.of(0)])
      await new Promise(setImmediate)
    }
  }

  versions(bucket: BucketRow, query: VersionListQuery): VersionPage {
    const { prefix = '', delimiter = '', keyMarker = '', versionIdMarker, limit } = query
    const source: ScanSource<VersionRow, VersionCursor> = {
      fetch: ({ key, beforeId }, end, rowsMax) => {
        const older = beforeId === NEWEST ? [] : this.#sql.older.all(bucket.id, key, beforeId, rowsMax)
        if (older.length === rowsMax) return older
        const behind = beforeId === NEWEST ? key : Buffer.concat([key, Buffer.of(0)])
        return [...older, ...this.#sql.history.all(bucket.id, behind, end ?? LAST_KEY, rowsMax - older.length)]
      },
      keyOf: (row) => row.key,
      after: (row) => ({ key: row.key, beforeId: row.id }),
      at: (key) => ({ key, beforeId: NEWEST }),
    }
    const from = this.#versionCursor(bucket, { prefix, delimiter, keyMarker, versionIdMarker })
    const { rows, commonPrefixes, last } = skipScan(source, { prefix, delimiter, from, limit })
    const next =
      last &&
      ('row' in last
        ? { keyMarker: last.row.key.toString(), versionIdMarker: last.row.version_id }
        : { keyMarker: last.commonPrefix, versionIdMarker: undefined })
    return { versions: rows.map((row) => toVersion(bucket, row)), commonPrefixes, next }
  }

  #versionCursor(
    bucket: BucketRow,
    {
      prefix,
      delimiter,
      keyMarker,
      versionIdMarker,
    }: Required<Pick<VersionListQuery, 'prefix' | 'delimiter' | 'keyMarker'>> &
      Pick<VersionListQuery, 'versionIdMarker'>,
  ): VersionCursor {
    const key = firstAfter(keyMarker, prefix, delimiter)
    if (versionIdMarker === undefined || isCommonPrefix(keyMarker, prefix, delimiter)) return { key, beforeId: NEWEST }
    const marker = this.#versions.named(bucket.id, keyMarker, versionIdMarker)
    // The marked version may be gone by now; then the key counts as seen, as after a marker without a version.
    return marker === undefined ? { key, beforeId: NEWEST } : { key: marker.key, beforeId: marker.id }
  }
}

function statements(database: MetadataDatabase) {
  const select = `SELECT ${VERSION_COLUMNS} FROM object_version`
  return {
    visible: database.prepare<VersionRow>(
      `${select} INDEXED BY object_listing WHERE latest = 1 AND marker = 0 AND bucket_id = ? AND key >= ? AND key < ?
       ORDER BY key LIMIT ?`,
    ),
    walked: database.prepare<WalkedRow>(
      `SELECT key, size, CASE WHEN metadata LIKE '%"storageClass"%' THEN metadata ->> '$.storageClass' END AS storage_class
       FROM object_version INDEXED BY object_listing
       WHERE latest = 1 AND marker = 0 AND bucket_id = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
    ),
    history: database.prepare<VersionRow>(
      `${select} INDEXED BY object_history WHERE bucket_id = ? AND key >= ? AND key < ? ORDER BY key, id DESC LIMIT ?`,
    ),
    older: database.prepare<VersionRow>(
      `${select} INDEXED BY object_history WHERE bucket_id = ? AND key = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    ),
  }
}
