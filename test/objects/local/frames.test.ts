import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  FRAME_BYTES,
  frameCount,
  openFrames,
  SEALED_FRAME_BYTES,
  sealedBytes,
  sealFrames,
} from '../../../src/objects/local/frames.ts'
import { patterned } from '../../contracts/object-store.ts'

const key = Buffer.alloc(32, 7)
const whole = { firstFrame: 0, endsObject: true }
/** Around every boundary of up to three frames. */
const sizes = fc.oneof(
  fc.integer({ min: 0, max: 3 * FRAME_BYTES }),
  fc.constantFrom(0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 3 * FRAME_BYTES),
)

const corrupt = expect.objectContaining({ code: 'corruptObject' })
const failure = (action: () => unknown) => {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}

test('what is sealed opens to the same bytes, whole or from any frame on', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const plain = patterned(size)
      const sealed = sealFrames(key, plain, whole)
      expect(sealed.byteLength).toBe(sealedBytes(size))
      expect(openFrames(key, sealed, whole).equals(plain)).toBe(true)
      for (let firstFrame = 0; firstFrame < frameCount(size); firstFrame++) {
        const rest = openFrames(key, sealed.subarray(firstFrame * SEALED_FRAME_BYTES), { firstFrame, endsObject: true })
        expect(rest.equals(plain.subarray(firstFrame * FRAME_BYTES))).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('sealing piece by piece gives the same bytes as sealing at once', () => {
  const plain = patterned(5 * FRAME_BYTES + 123)
  const cut = 2 * FRAME_BYTES
  const pieces = [
    sealFrames(key, plain.subarray(0, cut), { firstFrame: 0, endsObject: false }),
    sealFrames(key, plain.subarray(cut), { firstFrame: 2, endsObject: true }),
  ]
  expect(Buffer.concat(pieces).equals(sealFrames(key, plain, whole))).toBe(true)
})

test('one changed bit anywhere is noticed', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.integer({ min: 0, max: 7 }), (size, place, bit) => {
      const sealed = sealFrames(key, patterned(size), whole)
      const at = place % sealed.byteLength
      sealed[at] = (sealed[at] as number) ^ (1 << bit)
      expect(failure(() => openFrames(key, sealed, whole))).toEqual(corrupt)
    }),
    { numRuns: 60 },
  )
})

test('bytes that were cut off, at a frame or within one, are missed', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, place) => {
      const sealed = sealFrames(key, patterned(size), whole)
      expect(failure(() => openFrames(key, sealed.subarray(0, place % sealed.byteLength), whole))).toEqual(corrupt)
    }),
    { numRuns: 60 },
  )
  const sealed = sealFrames(key, patterned(3 * FRAME_BYTES), whole)
  expect(failure(() => openFrames(key, sealed.subarray(0, 2 * SEALED_FRAME_BYTES), whole))).toEqual(corrupt)
})

test('frames that change places, repeat, or come from another object are noticed', () => {
  const sealed = sealFrames(key, patterned(3 * FRAME_BYTES), whole)
  const [a, b, c] = [0, 1, 2].map((n) => sealed.subarray(n * SEALED_FRAME_BYTES, (n + 1) * SEALED_FRAME_BYTES)) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  const other = sealFrames(Buffer.alloc(32, 8), patterned(3 * FRAME_BYTES), whole).subarray(0, SEALED_FRAME_BYTES)
  for (const frames of [
    [b, a, c],
    [a, a, c],
    [a, b, c, c],
    [a, c],
    [other, b, c],
    [a, b],
  ]) {
    expect(failure(() => openFrames(key, Buffer.concat(frames), whole))).toEqual(corrupt)
  }
})
