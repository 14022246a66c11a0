import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partitionKey } from '../../../src/catalog/embedded/schema.ts'

const values = fc.array(fc.string({ unit: fc.constantFrom('\u0000', '\u0001', '\u0002', 'a', 'é', '-', '9') }), {
  minLength: 1,
  maxLength: 3,
})

test('two lists of partition values share a key only when they are the same', () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      expect(partitionKey(left).equals(partitionKey(right))).toBe(JSON.stringify(left) === JSON.stringify(right))
    }),
  )
})

test('keys sort as the lists of values do, value by value in byte order', () => {
  const compareLists = (left: string[], right: string[]): number => {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = Buffer.compare(Buffer.from(left[index] ?? ''), Buffer.from(right[index] ?? ''))
      if (order !== 0) return order
    }
    return left.length - right.length
  }
  fc.assert(
    fc.property(values, values, (left, right) => {
      expect(Math.sign(Buffer.compare(partitionKey(left), partitionKey(right)))).toBe(
        Math.sign(compareLists(left, right)),
      )
    }),
  )
})
