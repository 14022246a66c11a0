/**
 * Files that DuckDB has no reader for, made into files that it has, in the engine process and for one query: Avro into
 * lines of JSON, text under other compressions into plain text. A file that is not whole is damaged, never shorter.
 */
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { createInflate, gunzipSync } from 'node:zlib'
import { avroJsonLines } from '../../formats/avro/json-records.ts'
import { unbzip2 } from '../../formats/compression/bzip2.ts'
import { unlz4 } from '../../formats/compression/lz4.ts'
import { unsnappy } from '../../formats/compression/snappy.ts'
import type { WholeUnpacked } from '../../formats/compression/unpacked.ts'
import type { Conversion, Converted, ConvertOrder } from './child-protocol.ts'

const CHUNK_BYTES = 1024 * 1024
const DOCUMENT_BYTES_MAX = 512 * 1024 * 1024
/** Files at a time. */
const LANES = 2

export async function convert(orders: readonly ConvertOrder[]): Promise<Converted[]> {
  const done: Converted[] = []
  const queue = orders.values()
  const lane = async () => {
    for (const order of queue) done.push(await convertOne(order))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return done
}

async function convertOne({ path, target, conversion }: ConvertOrder): Promise<Converted> {
  const copy = await open(target, 'w', 0o600)
  let plainBytes = 0
  try {
    for await (const piece of CONVERSIONS[conversion](createReadStream(path, { highWaterMark: CHUNK_BYTES }))) {
      plainBytes += Buffer.byteLength(piece)
      await copy.writeFile(piece)
    }
    return { path, plainBytes }
  } catch (error) {
    await rm(target, { force: true })
    if (isOfThisMachine(error)) throw error
    return { path, plainBytes, damage: error instanceof Error ? error.message : String(error) }
  } finally {
    await copy.close()
  }
}

type Pieces = AsyncIterable<Uint8Array | string>

const CONVERSIONS: Readonly<Record<Conversion, (stored: AsyncIterable<Uint8Array>) => Pieces>> = {
  avro: avroJsonLines,
  cloudtrail: cloudTrailLines,
  bzip2: (stored) => whole(unbzip2(stored)),
  snappy: (stored) => whole(unsnappy(stored)),
  lz4: (stored) => whole(unlz4(stored)),
  deflate: inflated,
}

/** AWS's own files hold some thousand events, and are gzip unless somebody has unpacked them. */
async function* cloudTrailLines(stored: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of stored) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const text = (isGzip ? gunzipSync(bytes, { maxOutputLength: DOCUMENT_BYTES_MAX }) : bytes).toString('utf8')
  const document: unknown = JSON.parse(text)
  const records =
    typeof document === 'object' && document !== null && 'Records' in document ? document.Records : undefined
  if (!Array.isArray(records)) throw new Error('it has no list of Records')
  for (const record of records as readonly unknown[]) yield `${JSON.stringify(record)}\n`
}

async function* whole(unpacked: WholeUnpacked): AsyncGenerator<Uint8Array> {
  yield* unpacked.bytes
  if (!unpacked.isWhole()) throw new Error('the data is cut short')
}

/** Hadoop's DeflateCodec writes zlib's format. */
async function* inflated(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const plain = createInflate({ chunkSize: CHUNK_BYTES })
  const fed = (async () => {
    for await (const chunk of stored) {
      if (!plain.write(chunk)) await new Promise((resolve) => plain.once('drain', resolve))
    }
    plain.end()
  })()
  fed.catch((error) => plain.destroy(error))
  yield* plain as AsyncIterable<Buffer>
  await fed
}

/** A full disk is no fault of the file. */
function isOfThisMachine(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['ENOSPC', 'EMFILE', 'EIO', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code))
  )
}
