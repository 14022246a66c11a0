import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsFor, encodeHybrid } from '../../../../src/formats/parquet/write/hybrid.ts'

/** By the rules of the format, slowly. */
function decode(bytes: Uint8Array, count: number, bitWidth: number): number[] {
  const values: number[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (values.length < count) {
    const header = varint()
    if (header % 2 === 0) {
      let value = 0
      for (let shift = 0; shift < bitWidth; shift += 8) value += (bytes[at++] as number) * 2 ** shift
      for (let left = header / 2; left > 0; left--) values.push(value)
      continue
    }
    const groups = (header - 1) / 2
    for (let index = 0; index < groups * 8; index++) {
      let value = 0
      for (let bit = 0; bit < bitWidth; bit++) {
        const position = index * bitWidth + bit
        value += (((bytes[at + (position >> 3)] as number) >> (position & 7)) & 1) * 2 ** bit
      }
      values.push(value)
    }
    at += groups * bitWidth
  }
  expect(at).toBe(bytes.length)
  return values.slice(0, count)
}

const runs = (max: number) =>
  fc
    .array(fc.tuple(fc.nat(max), fc.oneof(fc.nat(3), fc.nat(40))), { maxLength: 40 })
    .map((pairs) => pairs.flatMap(([value, times]) => Array<number>(times).fill(value)))

test('any runs of any width are read back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }).chain((width) => runs(2 ** width - 1).map((values) => ({ width, values }))),
      ({ width, values }) => {
        expect(decode(encodeHybrid(values, values.length, width), values.length, width)).toEqual(values)
      },
    ),
  )
})

test('a million equal values take a handful of bytes', () => {
  expect(encodeHybrid(new Uint8Array(1_000_000).fill(1), 1_000_000, 1)).toHaveLength(4)
})

test.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 2],
  [255, 8],
  [256, 9],
])('numbers up to %i take %i bits', (max, bits) => {
  expect(bitsFor(max)).toBe(bits)
})
