import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BINS_MAX, Sketch } from '../../src/telemetry/sketch.ts'

const SHARES = [0, 0.25, 0.5, 0.9, 0.99, 1]

/** What a sketch stands for, worked out the slow way. */
function exact(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch()
  for (const value of values) sketch.add(value, 1)
  return sketch
}

const value = fc.oneof(
  fc.double({ min: 0.001, max: 1000, noNaN: true }),
  fc.double({ min: -1000, max: -0.001, noNaN: true }),
  fc.constant(0),
)

test('a percentile is within two percent of the value that has its rank', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), (values) => {
      const sketch = sketchOf(values)
      for (const share of SHARES) {
        const expected = exact(values, share)
        expect(Math.abs(sketch.quantile(share) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 0.02 + 1e-12)
      }
    }),
  )
})

test('it does not matter in how many sketches values were before', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 50 }), fc.array(value, { maxLength: 50 }), (some, others) => {
      const merged = sketchOf(some)
      merged.merge(sketchOf(others))
      expect(merged.bins()).toEqual(sketchOf([...some, ...others]).bins())
    }),
  )
})

test('values over twelve powers of ten stay within the bound, and within sixteen percent', () => {
  const values = Array.from({ length: 20_000 }, (_, index) => 10 ** ((index / 20_000) * 12 - 6))
  const sketch = sketchOf(values)
  expect(sketch.bins().length).toBeLessThanOrEqual(BINS_MAX)
  for (const share of SHARES) {
    const expected = exact(values, share)
    expect(Math.abs(sketch.quantile(share) / expected - 1)).toBeLessThan(0.16)
  }
})

test('a coarse sketch and a fine one become one that is as coarse as needed', () => {
  const wide = sketchOf(Array.from({ length: 2000 }, (_, index) => 1.02 ** index))
  const fine = sketchOf([1, 2, 3])
  fine.merge(wide)
  expect(fine.level).toBe(wide.level)
  expect(fine.bins().reduce((sum, [, count]) => sum + count, 0)).toBe(2003)
})

test('a sketch of nothing has no percentile', () => {
  expect(new Sketch().quantile(0.5)).toBeNaN()
})
