import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isProtected, lockOfNew, mayBecome, type Retention } from '../../src/objects/object-lock.ts'

const NOW = Date.UTC(2026, 0, 15)
const DAY_MS = 24 * 3600 * 1000

test.each<[string, Parameters<typeof isProtected>[0], boolean, boolean]>([
  ['nothing', {}, false, false],
  ['a legal hold', { isHeld: true }, true, true],
  ['a lifted hold', { isHeld: false }, false, false],
  ['governance', { retention: { mode: 'governance', untilMs: NOW + 1 } }, true, false],
  ['compliance', { retention: { mode: 'compliance', untilMs: NOW + 1 } }, true, true],
  ['compliance that has ended', { retention: { mode: 'compliance', untilMs: NOW } }, false, false],
])('%s protects', (_, lock, ordinarily, whenBypassed) => {
  expect(isProtected(lock, { nowMs: NOW, bypassesGovernance: false })).toBe(ordinarily)
  expect(isProtected(lock, { nowMs: NOW, bypassesGovernance: true })).toBe(whenBypassed)
})

test('a default retention is for versions that bring none', () => {
  const settings = { defaultRetention: { mode: 'governance' as const, days: 2 } }
  expect(lockOfNew(undefined, settings, NOW)).toEqual({ retention: { mode: 'governance', untilMs: NOW + 2 * DAY_MS } })
  const own = { retention: { mode: 'compliance' as const, untilMs: NOW + 1 } }
  expect(lockOfNew(own, settings, NOW)).toEqual(own)
  expect(lockOfNew({ isHeld: true }, settings, NOW)).toMatchObject({ isHeld: true, retention: { mode: 'governance' } })
  expect(lockOfNew(undefined, {}, NOW)).toBeUndefined()
  expect(lockOfNew(undefined, { defaultRetention: { mode: 'compliance', years: 1 } }, NOW)?.retention?.untilMs).toBe(
    Date.UTC(2027, 0, 15),
  )
})

test('without a right to bypass no change ends a protection earlier; compliance is never ended earlier', () => {
  const retention: fc.Arbitrary<Retention> = fc.record({
    mode: fc.constantFrom('governance' as const, 'compliance' as const),
    untilMs: fc.integer({ min: NOW - DAY_MS, max: NOW + DAY_MS }),
  })
  fc.assert(
    fc.property(retention, fc.option(retention, { nil: undefined }), fc.boolean(), (from, to, bypassesGovernance) => {
      if (!mayBecome(from, to, { nowMs: NOW, bypassesGovernance })) return
      if (from.untilMs <= NOW || (bypassesGovernance && from.mode === 'governance')) return
      expect(to?.untilMs ?? 0).toBeGreaterThanOrEqual(from.untilMs)
      if (from.mode === 'compliance') expect(to?.mode).toBe('compliance')
    }),
  )
})
