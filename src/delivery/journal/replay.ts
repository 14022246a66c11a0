/**
 * Reads a segment back: frame by frame with every checksum checked, in bounded memory, and with a verdict about bytes
 * that cannot be read: the torn tail of a write that was never acknowledged, or damage to something that was.
 */
import type { OpenFile } from '../../platform/file-system.ts'
import {
  decodeFrame,
  FRAME_BODY_BYTES_MAX,
  FRAME_HEADER_BYTES,
  type Frame,
  nextMarker,
  SEGMENT_HEADER,
} from './frame.ts'

const CHUNK_BYTES = 1024 * 1024

/** A frame and where it lies. Its body is a view into the chunk it was read with. */
export interface PlacedFrame {
  readonly frame: Frame
  readonly start: number
  readonly end: number
}

export interface DamagedRange {
  readonly start: number
  readonly end: number
}

export interface SegmentReading {
  /** Everything before this is readable or damaged; everything after it is a torn tail. */
  readonly end: number
  readonly damaged: readonly DamagedRange[]
}

/**
 * The sound frames from `start` on, all those of one chunk at a time, of `chunkBytes` or of one frame that is larger. Ends at `end`, or where a frame is unreadable;
 * its return value says where that was.
 */
export async function* soundFrames(
  file: OpenFile,
  start: number,
  end: number,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<PlacedFrame[], number, void> {
  let offset = start
  let wanted = chunkBytes
  while (offset < end) {
    const requested = Math.min(wanted, end - offset)
    const chunk = await file.read(requested, offset)
    const frames: PlacedFrame[] = []
    let at = 0
    let needed = 0
    while (at < chunk.byteLength) {
      const decoded = decodeFrame(chunk, at)
      if (decoded.outcome !== 'frame') {
        needed = decoded.outcome === 'short' ? decoded.needed : Number.POSITIVE_INFINITY
        break
      }
      frames.push({ frame: decoded.frame, start: offset + at, end: offset + decoded.end })
      at = decoded.end
    }
    offset += at
    if (frames.length > 0) yield frames
    if (offset + needed > end || chunk.byteLength < requested) return offset
    wanted = Math.max(chunkBytes, needed)
  }
  return offset
}

/**
 * Reads a whole segment and hands each sound frame to `visit`. `isLast`: only the newest segment can have a torn tail,
 * because the next one is begun after its predecessor is on stable storage.
 */
export async function readSegment(
  file: OpenFile,
  isLast: boolean,
  visit: (placed: PlacedFrame) => void,
): Promise<SegmentReading> {
  const size = await file.size()
  const header = await file.read(SEGMENT_HEADER.byteLength, 0)
  const damaged: DamagedRange[] = []
  let offset = header.equals(SEGMENT_HEADER) ? SEGMENT_HEADER.byteLength : 0
  for (;;) {
    const soundEnd = offset === 0 ? 0 : await visitSoundFrames(file, offset, size, visit)
    if (soundEnd === size) return { end: size, damaged }
    const next = await findFrameAfter(file, soundEnd, size)
    const isPromised = !isLast || (next !== undefined && (await isDurable(file, soundEnd, next, size)))
    if (!isPromised) return { end: soundEnd, damaged }
    damaged.push({ start: soundEnd, end: next ?? size })
    if (next === undefined) return { end: size, damaged }
    offset = next
  }
}

async function visitSoundFrames(
  file: OpenFile,
  start: number,
  end: number,
  visit: (placed: PlacedFrame) => void,
): Promise<number> {
  const reading = soundFrames(file, start, end)
  for (;;) {
    const step = await reading.next()
    if (step.done) return step.value
    for (const placed of step.value) visit(placed)
  }
}

/** Where the first sound frame after `offset` begins, however long the unreadable stretch is. */
async function findFrameAfter(file: OpenFile, offset: number, size: number): Promise<number | undefined> {
  const overlap = FRAME_HEADER_BYTES + FRAME_BODY_BYTES_MAX
  for (let from = offset + 1; from < size; from += CHUNK_BYTES) {
    const chunk = await file.read(Math.min(CHUNK_BYTES + overlap, size - from), from)
    for (let at = nextMarker(chunk, 0); at !== undefined && at < CHUNK_BYTES; at = nextMarker(chunk, at + 1)) {
      if (decodeFrame(chunk, at).outcome === 'frame') return from + at
    }
  }
  return undefined
}

/** Does any frame from `start` on say that the byte at `offset` had reached stable storage? */
async function isDurable(file: OpenFile, offset: number, start: number, size: number): Promise<boolean> {
  let from: number | undefined = start
  while (from !== undefined) {
    const reading = soundFrames(file, from, size)
    let step = await reading.next()
    for (; !step.done; step = await reading.next()) {
      if (step.value.some(({ frame }) => frame.durable > offset)) return true
    }
    from = step.value < size ? await findFrameAfter(file, step.value, size) : undefined
  }
  return false
}
