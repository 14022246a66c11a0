/** Reads the bytes of versions and of parts, and judges them by what was kept of them when they came. */
import { isRefusal } from '../../../platform/refusal.ts'
import type { MetadataDatabase } from '../../../platform/sqlite.ts'
import type { ChecksumAlgorithm, ObjectChecksum } from '../../object-store.ts'
import type { BlobStore, PinnedBlob } from '../blob-store.ts'
import type { BucketRow } from '../bucket-table.ts'
import type { Verified } from '../byte-thread-protocol.ts'
import type { ByteThreads } from '../byte-threads.ts'
import { DEFAULT_ALGORITHM } from '../checks.ts'
import { blobsOf, partsOf, VERSION_COLUMNS, type VersionRow } from '../version-table.ts'
import { type Expected, judge, judgeLocked } from './judge.ts'
import type { Finding } from './scrub.ts'

export interface ReadParts {
  readonly database: MetadataDatabase
  readonly blobs: BlobStore
  readonly threads: ByteThreads
  readonly signal: AbortSignal
}

/** Looked up and pinned in one turn of the event loop: little enough that no request waits for it. */
const PAGE_ROWS = 32
/** One order to the thread: worth the message, and soon over when the scrub is called off. */
const ORDER_BYTES = 16 * 1024 * 1024
const ORDER_PIECES = 64

interface Page {
  readonly expected: readonly Expected[]
  /** Where the next page begins; undefined after the last. */
  readonly next: { readonly key: Buffer; readonly id: number } | undefined
}

export async function* readVersions(bucket: BucketRow, parts: ReadParts): AsyncGenerator<Finding> {
  const page = parts.database.prepare<VersionRow>(
    `SELECT ${VERSION_COLUMNS} FROM object_version INDEXED BY object_history
     WHERE bucket_id = ? AND key >= ? AND (key > ? OR id < ?) AND marker = 0 ORDER BY key, id DESC LIMIT ${PAGE_ROWS}`,
  )
  yield* readPages(parts, 'versions', ({ key, id }) => {
    const rows = page.all(bucket.id, key, key, id)
    const last = rows.at(-1)
    return { expected: rows.map((row) => expectedOf(bucket, row)), next: last && { key: last.key, id: last.id } }
  })
}

function expectedOf(bucket: BucketRow, row: VersionRow): Expected {
  return {
    name: { bucket: bucket.name, key: row.key.toString(), versionId: row.version_id },
    size: row.size,
    etag: row.etag,
    hasRandomEtag: row.encryption !== null,
    checksum: row.checksum === null ? undefined : (JSON.parse(row.checksum) as ObjectChecksum),
    blobIds: blobsOf(row),
    parts: row.parts === null ? undefined : partsOf(row),
  }
}

interface UploadedPartRow {
  readonly key: Buffer
  readonly upload: number
  readonly number: number
  readonly blob_id: number
  readonly size: number
  readonly etag: string
  readonly checksum: string
  readonly wanted: string | null
  readonly encryption: string | null
}

/** Parts whose upload was not completed yet. */
export async function* readParts(bucket: BucketRow, parts: ReadParts): AsyncGenerator<Finding> {
  const uploads = parts.database
    .prepare<{ id: number }>('SELECT id FROM upload WHERE bucket_id = ? AND completed_version IS NULL ORDER BY id')
    .all(bucket.id)
  const page = parts.database.prepare<UploadedPartRow>(
    `SELECT upload.key, upload, number, blob_id, size, etag, upload_part.checksum, upload.checksum AS wanted, upload.encryption
     FROM upload_part JOIN upload ON upload.id = upload WHERE upload = ? AND number > ? ORDER BY number LIMIT ${PAGE_ROWS}`,
  )
  for (const { id: upload } of uploads) {
    yield* readPages(parts, 'parts', ({ id }) => {
      const rows = page.all(upload, id === FIRST.id ? 0 : id)
      const last = rows.at(-1)
      return {
        expected: rows.map((row) => expectedOfPart(bucket, row)),
        next: last && { key: last.key, id: last.number },
      }
    })
  }
}

function expectedOfPart(bucket: BucketRow, row: UploadedPartRow): Expected {
  const algorithm =
    row.wanted === null ? DEFAULT_ALGORITHM : (JSON.parse(row.wanted) as { algorithm: ChecksumAlgorithm }).algorithm
  return {
    name: { bucket: bucket.name, key: row.key.toString(), part: row.number },
    size: row.size,
    etag: row.etag,
    hasRandomEtag: row.encryption !== null,
    checksum: { algorithm, value: row.checksum, type: 'FULL_OBJECT' },
    blobIds: [row.blob_id],
    parts: undefined,
  }
}

/** Before every key, and newer than every version. */
const FIRST = { key: Buffer.alloc(0), id: Number.MAX_SAFE_INTEGER }

async function* readPages(
  parts: ReadParts,
  counted: 'versions' | 'parts',
  pageAfter: (after: { key: Buffer; id: number }) => Page,
): AsyncGenerator<Finding> {
  for (let from: Page['next'] = FIRST; from !== undefined; ) {
    const { expected, next }: Page = pageAfter(from)
    const pinned = expected.map((one) => ({ expected: one, ...pin(parts.blobs, one) }))
    try {
      const pieces = pinned.flatMap(({ blobs, expected: { checksum } }) =>
        blobs.map((blob) => ({ blob, algorithms: checksum === undefined ? [] : [checksum.algorithm] })),
      )
      const outcomes: Verified[] = []
      for (const order of orders(pieces)) {
        parts.signal.throwIfAborted()
        outcomes.push(...(await parts.threads.verify(order.map(pieceOf))))
        yield { counted: { bytes: order.reduce((sum, { blob }) => sum + blob.size, 0) } }
      }
      for (const { expected: one, blobs, failure } of pinned) {
        const isLocked = isRefusal(failure) && LOCKED.has(failure.code)
        const problem = isLocked
          ? judgeLocked(one, await parts.blobs.sealedSizes(one.blobIds))
          : judge(one, failure ?? outcomes.splice(0, blobs.length), blobs)
        if (isLocked) yield { counted: { locked: 1 } }
        if (problem !== undefined) yield { problem }
      }
      yield { counted: { [counted]: expected.length } }
    } finally {
      for (const { release } of pinned) release()
    }
    from = next
  }
}

/** Refusals of a key that another holds, or that KMS does not give now. */
const LOCKED: ReadonlySet<string> = new Set(['customerKeyNeeded', 'keyDisabled', 'keyPendingDeletion', 'keyNotFound'])

interface Piece {
  readonly blob: PinnedBlob
  readonly algorithms: readonly ChecksumAlgorithm[]
}

function pieceOf({ blob, algorithms }: Piece) {
  return { source: blob.source, key: blob.key, blobBytes: blob.size, algorithms }
}

/** `failure`: what keeps the bytes from even being looked for. */
function pin(
  blobs: BlobStore,
  { blobIds }: Expected,
): { blobs: readonly PinnedBlob[]; release(): void; failure?: Error | 'noRow' } {
  try {
    const pinned = blobs.pin(blobIds)
    if (pinned !== undefined) return pinned
    return { blobs: [], release: () => undefined, failure: 'noRow' }
  } catch (failure) {
    return { blobs: [], release: () => undefined, failure: failure as Error }
  }
}

function* orders(pieces: readonly Piece[]): Generator<Piece[]> {
  let order: Piece[] = []
  let bytes = 0
  for (const piece of pieces) {
    order.push(piece)
    bytes += piece.blob.size
    if (bytes < ORDER_BYTES && order.length < ORDER_PIECES) continue
    yield order
    order = []
    bytes = 0
  }
  if (order.length > 0) yield order
}
