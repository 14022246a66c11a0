/**
 * What a decoder of a compression gives. All of them are for readers that want only a beginning: they decode as the
 * reader asks, in pieces of 32 MiB at most however far the data blows up, take input that stops in the middle for an
 * end, and throw `CorruptData` for input that is wrong. Whoever needs all of it asks `isWhole` afterwards.
 */
import { ByteReader } from './byte-reader.ts'

export interface Unpacked {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Compressed bytes decoded so far. */
  readonly consumed: () => number
}

export interface WholeUnpacked extends Unpacked {
  /** Once all bytes were read: whether the input came to its proper end. */
  readonly isWhole: () => boolean
}

/** What a decoder has taken of its input and not yet given out. */
export interface Ahead {
  storedBytes: number
}

/** A decoder that takes its input through a ByteReader, and ends with whether that came to its proper end. */
export function unpackWith(
  stored: AsyncIterable<Uint8Array>,
  decode: (reader: ByteReader, ahead: Ahead) => AsyncGenerator<Uint8Array, boolean>,
): WholeUnpacked {
  const reader = new ByteReader(stored)
  const ahead: Ahead = { storedBytes: 0 }
  let isWhole = false
  return {
    bytes: decoded(),
    consumed: () => Math.round(reader.position - ahead.storedBytes),
    isWhole: () => isWhole,
  }

  async function* noted(): AsyncGenerator<Uint8Array> {
    isWhole = yield* decode(reader, ahead)
  }

  async function* decoded(): AsyncIterable<Uint8Array> {
    try {
      yield* gathered(noted())
    } finally {
      await reader.close()
    }
  }
}

const PIECE_BYTES = 64 * 1024

/** Small pieces together: blocks may hold a byte each, and a million buffers are a hundred times their bytes. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let room = Buffer.alloc(0)
  let filled = 0
  for await (const piece of pieces) {
    if (filled + piece.length > PIECE_BYTES && filled > 0) {
      yield room.subarray(0, filled)
      filled = 0
    }
    if (piece.length > PIECE_BYTES / 2) {
      yield piece
      continue
    }
    if (filled === 0) room = Buffer.allocUnsafeSlow(PIECE_BYTES)
    room.set(piece, filled)
    filled += piece.length
  }
  if (filled > 0) yield room.subarray(0, filled)
}
