/**
 * One block of LZ4.
 *
 *   block     = { sequence }
 *   sequence  = token ( literals: 4 bits, match: 4 bits ), { more length: 255… }, literals,
 *               [ offset 16 little-endian, { more length } ]                              the last one ends with its literals
 */
import { corrupt } from './corrupt-data.ts'

const MATCH_LENGTH_MIN = 4
/** A byte of a length stands for 255 bytes at most. */
const GROWTH_MAX = 255

/** `history`: what was decoded before, which blocks of a linked frame refer to. Throws CorruptData. */
export function lz4Block(block: Uint8Array, lengthMax: number, history: Uint8Array = new Uint8Array(0)): Buffer {
  const room = Math.min(lengthMax, block.length * GROWTH_MAX)
  const whole = Buffer.allocUnsafe(history.length + room)
  whole.set(history)
  let at = 0
  let end = history.length
  while (at < block.length) {
    const token = block[at++] as number
    const literals = lengthOf(token >>> 4)
    if (at + literals > block.length) throw corrupt('lz4', 'literals end behind their block')
    if (end + literals > whole.length) throw tooLong(lengthMax)
    whole.set(block.subarray(at, at + literals), end)
    at += literals
    end += literals
    if (at === block.length) return compact(whole, history.length, end)
    if (at + 2 > block.length) break
    const offset = (block[at] as number) | ((block[at + 1] as number) << 8)
    at += 2
    const length = lengthOf(token & 15) + MATCH_LENGTH_MIN
    if (offset === 0 || offset > end) throw corrupt('lz4', 'a match begins before its frame')
    if (end + length > whole.length) throw tooLong(lengthMax)
    // A match may overlap what it writes: then the bytes between are repeated.
    for (let index = 0; index < length; index++) whole[end + index] = whole[end + index - offset] as number
    end += length
  }
  throw corrupt('lz4', 'a block ends within a match')

  function lengthOf(nibble: number): number {
    let length = nibble
    if (nibble < 15) return length
    for (;;) {
      const more = block[at++]
      if (more === undefined) throw corrupt('lz4', 'a length has no end')
      length += more
      if (more < 255) return length
    }
  }
}

/** What is far smaller than the room for it must not keep that alive. */
function compact(whole: Buffer, start: number, end: number): Buffer {
  const plain = whole.subarray(start, end)
  return plain.length * 2 < whole.length ? Buffer.from(plain) : plain
}

function tooLong(lengthMax: number): Error {
  return corrupt('lz4', `a block is longer than the ${lengthMax} bytes that it may have`)
}
