/** Reads pinned blobs as one run of plain bytes, opening only the frames that hold the wanted range. */
import type { FileSystem, OpenFile } from '../../platform/file-system.ts'
import { ReusedBuffers } from '../../platform/reused-buffers.ts'
import type { ByteRange } from '../object-store.ts'
import type { PinnedBlob } from './blob-store.ts'
import {
  corrupt,
  FRAME_BYTES,
  frameCount,
  openFrameList,
  openFrames,
  SEALED_FRAME_BYTES,
  sealedBytes,
} from './frames.ts'

/** Frames read and opened at once: 512 KiB, 0.2 ms of the event loop. */
const READ_FRAMES = 8

/** Of sealed bytes, until they are opened. */
const memory = new ReusedBuffers()

/** Lets go of what readers held that were never read: a client that left before its first byte. */
const unread = new FinalizationRegistry<() => void>((release) => release())

/**
 * Holds the blobs from the moment it is made until it is read to its end, left early, or fails. Each is read once.
 * `range` must lie within the bytes.
 */
export function readBlobs(
  files: FileSystem,
  pinned: { blobs: readonly PinnedBlob[]; release(): void },
  range: ByteRange,
): AsyncIterable<Uint8Array> {
  const [first] = pinned.blobs
  if (pinned.blobs.length === 1 && first !== undefined && 'sealed' in first.source) {
    pinned.release()
    return inlineChunk(first, first.source.sealed, range)
  }
  const chunks = chunksOf(files, pinned.blobs, range)
  const settled = async <T>(step: Promise<IteratorResult<T, unknown>>) => {
    try {
      const result = await step
      if (result.done) pinned.release()
      return result
    } catch (error) {
      pinned.release()
      throw error
    }
  }
  const iterator: AsyncIterableIterator<Uint8Array> = {
    next: () => settled(chunks.next()),
    return: () => settled(chunks.return(undefined)),
    [Symbol.asyncIterator]: () => iterator,
  }
  unread.register(iterator, pinned.release)
  return iterator
}

/** A blob that came with its row: nothing is left to read. */
async function* inlineChunk(blob: PinnedBlob, sealed: Buffer, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  if (sealed.byteLength !== sealedBytes(blob.size)) throw corrupt()
  const plain = openFrames(blob.key, sealed, { firstFrame: 0, endsObject: true })
  if (blob.size > 0) yield plain.subarray(start, end + 1)
}

async function* chunksOf(
  files: FileSystem,
  blobs: readonly PinnedBlob[],
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, undefined> {
  let blobStart = 0
  for (const blob of blobs) {
    const from = Math.max(0, start - blobStart)
    const to = Math.min(blob.size - 1, end - blobStart)
    if (from <= to || (blob.size === 0 && blobs.length === 1)) yield* blobChunks(files, blob, { from, to })
    blobStart += blob.size
    if (blobStart > end) return undefined
  }
  return undefined
}

async function* blobChunks(
  files: FileSystem,
  blob: PinnedBlob,
  { from, to }: { from: number; to: number },
): AsyncGenerator<Uint8Array> {
  const firstFrame = Math.floor(from / FRAME_BYTES)
  const endFrame = Math.max(firstFrame, Math.floor(to / FRAME_BYTES)) + 1
  const source = blob.source
  const file = 'path' in source ? await openBlobFile(files, source.path) : undefined
  const read = (position: number, length: number) =>
    file !== undefined
      ? file.read(length, position, memory.take(length))
      : Promise.resolve((source as { sealed: Buffer }).sealed.subarray(position, position + length))
  let ahead = read(...extent(blob, firstFrame, endFrame))
  try {
    for (let frame = firstFrame; frame < endFrame; frame += READ_FRAMES) {
      const until = Math.min(endFrame, frame + READ_FRAMES)
      const sealed = await ahead
      if (until < endFrame) ahead = read(...extent(blob, until, endFrame))
      // When the reader leaves while it runs, nobody awaits it.
      ahead.catch(() => undefined)
      const opened = openExact(blob, sealed, { frame, until })
      memory.giveBack(sealed)
      for (const [index, plain] of opened.entries()) {
        const base = (frame + index) * FRAME_BYTES
        const slice = plain.subarray(Math.max(0, from - base), Math.min(plain.byteLength, to - base + 1))
        if (slice.byteLength > 0) yield slice
      }
    }
  } finally {
    // A read ahead must end before its file is closed. Its outcome matters only to the loop above.
    await ahead.catch(() => undefined)
    await file?.close()
  }
}

/** Position and length in the sealed blob of the frames read next. */
function extent(blob: PinnedBlob, frame: number, endFrame: number): [position: number, length: number] {
  const position = frame * SEALED_FRAME_BYTES
  const end = Math.min(Math.min(endFrame, frame + READ_FRAMES) * SEALED_FRAME_BYTES, sealedBytes(blob.size))
  return [position, end - position]
}

function openExact(blob: PinnedBlob, sealed: Buffer, { frame, until }: { frame: number; until: number }): Buffer[] {
  const [, expected] = extent(blob, frame, until)
  if (sealed.byteLength !== expected) throw corrupt()
  return openFrameList(blob.key, sealed, { firstFrame: frame, endsObject: until === frameCount(blob.size) })
}

async function openBlobFile(files: FileSystem, path: string): Promise<OpenFile> {
  try {
    return await files.open(path, 'read')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw corrupt(error)
    throw error
  }
}
