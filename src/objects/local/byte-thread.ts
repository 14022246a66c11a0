/**
 * Entry of a byte thread: the work on bytes that would hold up the event loop. It hashes and seals bodies that come in
 * (the main thread writes what comes back, through the injected FileSystem), opens sealed blobs into plain files for
 * engines, and reads blobs only to see whether they are whole.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync, writevSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { isRefusal } from '../../platform/refusal.ts'
import { giveWayToOthers } from '../../platform/spawn.ts'
import { type Digests, RunningDigests } from '../digests.ts'
import type { FromThread, OpenPiece, ThreadFailure, ToThread, Verified, VerifyPiece } from './byte-thread-protocol.ts'
import {
  corrupt,
  FRAME_BYTES,
  frameCount,
  openFrameList,
  SEALED_FRAME_BYTES,
  sealedBytes,
  sealFrames,
} from './frames.ts'

interface Sealing {
  readonly key: Uint8Array
  readonly digests: RunningDigests
  nextFrame: number
}

/** How many frames are read and written at once when opening: 1 MiB. */
const OPEN_FRAMES = 16

const readBuffer = Buffer.allocUnsafe(OPEN_FRAMES * SEALED_FRAME_BYTES)
const sealings = new Map<number, Sealing>()
const port = parentPort
if (port === null) throw new Error('byte-thread.ts is the entry of a worker thread.')
if (!(workerData as { isUrgent: boolean }).isUrgent) giveWayToOthers()

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'beginSealing':
      sealings.set(message.stream, {
        key: message.key,
        digests: new RunningDigests(message.algorithms),
        nextFrame: 0,
      })
      return
    case 'seal':
      return seal(message)
    case 'abandonSealing':
      sealings.delete(message.stream)
      return
    case 'open':
      return open(message)
    case 'verify':
      return answer({ kind: 'verified', job: message.job, outcomes: message.pieces.map(verify) })
  }
})

function answer(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

function seal({ stream, plain, plainBytes, spare, endsObject }: Extract<ToThread, { kind: 'seal' }>): void {
  const sealing = sealings.get(stream)
  if (sealing === undefined) return
  try {
    const bytes = new Uint8Array(plain, 0, plainBytes)
    sealing.digests.update(bytes)
    const needed = sealedBytes(plainBytes)
    const into = spare !== undefined && spare.byteLength >= needed ? spare : new ArrayBuffer(needed)
    sealFrames(sealing.key, bytes, { firstFrame: sealing.nextFrame, endsObject }, Buffer.from(into))
    sealing.nextFrame += frameCount(plainBytes)
    if (endsObject) sealings.delete(stream)
    const digests = endsObject ? sealing.digests.finish() : undefined
    answer({ kind: 'sealed', stream, plain, sealed: into, sealedBytes: needed, digests }, [plain, into])
  } catch (error) {
    sealings.delete(stream)
    answer({ kind: 'sealFailed', stream, error: asFailure(error) })
  }
}

function open({ job, pieces }: Extract<ToThread, { kind: 'open' }>): void {
  try {
    for (const piece of pieces) openPiece(piece)
    answer({ kind: 'opened', job })
  } catch (error) {
    answer({ kind: 'openFailed', job, error: asFailure(error) })
  }
}

function openPiece(piece: OpenPiece): void {
  const target = openSync(piece.target, constants.O_CREAT | constants.O_WRONLY, 0o600)
  try {
    withSource(piece, (source) =>
      eachOpened(piece, source, (plain, frame) =>
        writeFully(target, plain, piece.targetPosition + (frame - piece.firstFrame) * FRAME_BYTES),
      ),
    )
  } finally {
    closeSync(target)
  }
}

function verify(piece: VerifyPiece): Verified {
  try {
    return withSource(piece, (source) => ({ digests: digestsOfBlob(piece, source) }))
  } catch (error) {
    return { error: asFailure(error) }
  }
}

function digestsOfBlob({ key, blobBytes, algorithms }: VerifyPiece, source: Source): Digests {
  if (source.bytes !== sealedBytes(blobBytes)) throw corrupt()
  const digests = new RunningDigests(algorithms)
  eachOpened({ key, blobBytes, firstFrame: 0, frames: frameCount(blobBytes) }, source, (plain) => {
    for (const bytes of plain) digests.update(bytes)
  })
  return digests.finish()
}

interface Source {
  readonly bytes: number
  read(length: number, position: number): Uint8Array
}

function withSource<Result>({ source }: Pick<OpenPiece, 'source'>, use: (source: Source) => Result): Result {
  if ('sealed' in source) {
    const { sealed } = source
    return use({ bytes: sealed.byteLength, read: (length, from) => sealed.subarray(from, from + length) })
  }
  const file = openSync(source.path, 'r')
  try {
    return use({
      bytes: fstatSync(file).size,
      read: (length, from) => readFully(file, readBuffer.subarray(0, length), from),
    })
  } finally {
    closeSync(file)
  }
}

function eachOpened(
  piece: Pick<OpenPiece, 'key' | 'blobBytes' | 'firstFrame' | 'frames'>,
  source: Source,
  take: (plain: readonly Buffer[], frame: number) => void,
): void {
  const blobFrames = frameCount(piece.blobBytes)
  const blobSealedBytes = sealedBytes(piece.blobBytes)
  const end = piece.firstFrame + piece.frames
  for (let frame = piece.firstFrame; frame < end; frame += OPEN_FRAMES) {
    const until = Math.min(end, frame + OPEN_FRAMES)
    const from = frame * SEALED_FRAME_BYTES
    const length = Math.min(until * SEALED_FRAME_BYTES, blobSealedBytes) - from
    const sealed = source.read(length, from)
    if (sealed.byteLength !== length) throw corrupt()
    take(openFrameList(piece.key, sealed, { firstFrame: frame, endsObject: until === blobFrames }), frame)
  }
}

function readFully(file: number, buffer: Buffer, position: number): Buffer {
  let filled = 0
  while (filled < buffer.byteLength) {
    const count = readSync(file, buffer, filled, buffer.byteLength - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}

function writeFully(file: number, frames: readonly Buffer[], position: number): void {
  const total = frames.reduce((sum, frame) => sum + frame.byteLength, 0)
  let written = writevSync(file, frames, position)
  if (written === total) return
  const bytes = Buffer.concat(frames)
  while (written < total) written += writeSync(file, bytes, written, total - written, position + written)
}

function asFailure(error: unknown): ThreadFailure {
  const { code, message } = error as NodeJS.ErrnoException
  const isOurs = isRefusal(error)
  return { refusalCode: isOurs ? code : undefined, systemCode: isOurs ? undefined : code, message }
}
