/** Reads batches back from the segments, every frame checked against its checksum. */
import type { FileSystem, OpenFile } from '../../platform/file-system.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { SourceRecord } from '../processing/record.ts'
import { decodePart, decodeRecords, type Frame, opened, sourceRecords, unwrapped } from './frame.ts'
import { soundFrames } from './replay.ts'

/** Bytes of a batch that lie together; frames of no records may lie between them. */
export interface Extent {
  readonly segment: number
  readonly start: number
  end: number
}

export interface BatchReading {
  readonly files: FileSystem
  readonly pathOf: (segment: number) => string
  readonly extents: readonly Extent[]
  /** Of encrypted records. */
  readonly keyOf: (id: number) => Uint8Array
}

type RecordsFrame = Pick<Frame, 'kind' | 'body'>

/**
 * What a delivery reads at once. The compressor asks for the next piece through the event loop, which has 10 ms of
 * other work when the lake is busy: with 1 MiB (4 ms of deflating) it waits most of the time, with 4 MiB hardly.
 */
const PIECE_BYTES = 4 * 1024 * 1024

/** The bytes of all records, about PIECE_BYTES at a time. Refuses 'journalUnreadable'. */
export async function* batchBytes(reading: BatchReading): AsyncGenerator<Buffer> {
  for await (const frames of batchFrames(reading)) {
    // Many frames become one piece, because every piece costs a round trip through the compressor.
    const pieces = frames.map(({ kind, body }) => (kind === 'part' ? decodePart(body) : decodeRecords(body)).bytes)
    const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
    if (bytes.byteLength > 0) yield bytes
  }
}

/** The records, those of about PIECE_BYTES at a time. Refuses 'journalUnreadable'. */
export async function* batchRecords(reading: BatchReading): AsyncGenerator<SourceRecord[]> {
  for await (const frames of batchFrames(reading)) yield frames.flatMap(sourceRecords)
}

/** One open file at a time: neighbouring extents mostly lie in one segment. */
async function* batchFrames({ files, pathOf, extents, keyOf }: BatchReading): AsyncGenerator<RecordsFrame[]> {
  let open: { readonly segment: number; readonly file: OpenFile } | undefined
  try {
    for (const extent of extents) {
      if (open?.segment !== extent.segment) {
        await open?.file.close()
        open = undefined
        open = { segment: extent.segment, file: await files.open(pathOf(extent.segment), 'read') }
      }
      yield* framesOf(open.file, extent, keyOf)
    }
  } finally {
    await open?.file.close()
  }
}

async function* framesOf(
  file: OpenFile,
  { start, end }: Extent,
  keyOf: BatchReading['keyOf'],
): AsyncGenerator<RecordsFrame[]> {
  const reading = soundFrames(file, start, end, PIECE_BYTES)
  for (;;) {
    const step = await reading.next()
    if (step.done) {
      if (step.value === end) return
      throw new Refusal('journalUnreadable', `The journal cannot be read at byte ${step.value}.`)
    }
    const frames = step.value.map(({ frame }) => frame).filter((frame) => holdsRecords(unwrapped(frame)))
    if (frames.length > 0) yield frames.map((frame) => opened(frame, keyOf))
  }
}

function holdsRecords({ kind }: Pick<Frame, 'kind'>): boolean {
  return kind === 'records' || kind === 'part'
}
