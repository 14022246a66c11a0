import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryDelayMs } from '../../src/delivery/retry-delay.ts'

test('delays double up to a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
  ])
})

test('half of every delay is chance, and none is zero or over a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, unit) => {
      const delay = retryDelayMs(attempt, unit)
      expect(delay).toBeGreaterThanOrEqual(retryDelayMs(attempt, 1) / 2)
      expect(delay).toBeGreaterThanOrEqual(500)
      expect(delay).toBeLessThanOrEqual(60_000)
    }),
  )
})
