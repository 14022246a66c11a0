import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abortOf, dueAction, expiryOf, prefixesOf, type VersionPlace } from '../../../src/objects/lifecycle/due.ts'
import type { LifecycleRule } from '../../../src/objects/lifecycle/rules.ts'
import type { ObjectVersion } from '../../../src/objects/object-store.ts'

const DAY_MS = 24 * 3600 * 1000
const at = (text: string) => Date.parse(text)
const WRITTEN = at('2026-01-15T10:30:00Z')

function rule(given: Partial<LifecycleRule>): LifecycleRule {
  return { id: 'r', isEnabled: true, filter: {}, form: 'one', ...given }
}

function version(given: Partial<ObjectVersion> = {}): ObjectVersion {
  return {
    bucket: 'b',
    key: 'logs/a',
    versionId: 'null',
    isLatest: true,
    isDeleteMarker: false,
    size: 100,
    etag: 'e',
    lastModifiedMs: WRITTEN,
    encryption: 'AES256',
    checksum: undefined,
    metadata: {},
    ...given,
  }
}

function place(given: Partial<VersionPlace> = {}, of: Partial<ObjectVersion> = {}): VersionPlace {
  return { version: version(of), noncurrentSinceMs: undefined, noncurrentAbove: 0, isOnly: true, ...given }
}

const expires3 = rule({ expiration: { afterDays: 3 } })
const noncurrent3 = rule({ noncurrent: { afterDays: 3 } })
const keeps2 = rule({ noncurrent: { afterDays: 3, newestKept: 2 } })
const markers = rule({ expiresMarkers: true })
const old = (noncurrentAbove = 0) => place({ noncurrentSinceMs: WRITTEN, noncurrentAbove, isOnly: false })
const marker = (isOnly: boolean) => place({ isOnly }, { isDeleteMarker: true, size: 0 })

test.each<[string, LifecycleRule, VersionPlace, string, string | undefined]>([
  ['an age ends at the midnight after it', expires3, place(), '2026-01-18T23:59:59.999Z', undefined],
  ['and not a moment later', expires3, place(), '2026-01-19T00:00:00Z', 'expire'],
  [
    'what was written at midnight ends at a midnight',
    expires3,
    place({}, { lastModifiedMs: at('2026-01-15T00:00:00Z') }),
    '2026-01-18T00:00:00Z',
    'expire',
  ],
  ['a date has come', rule({ expiration: { onMs: WRITTEN } }), place(), '2026-01-15T10:30:00Z', 'expire'],
  ['a date has not come', rule({ expiration: { onMs: WRITTEN + 1 } }), place(), '2026-01-15T10:30:00Z', undefined],
  ['a disabled rule does nothing', { ...expires3, isEnabled: false }, place(), '2027-01-01T00:00:00Z', undefined],
  ['a current version does not age as a noncurrent one', noncurrent3, place(), '2027-01-01T00:00:00Z', undefined],
  ['a noncurrent version does not age as the current one', expires3, old(), '2027-01-01T00:00:00Z', undefined],
  ['a noncurrent version ages from its replacement', noncurrent3, old(), '2026-01-18T23:59:59Z', undefined],
  ['and then goes for good', noncurrent3, old(), '2026-01-19T00:00:00Z', 'remove'],
  ['the second newest noncurrent version is kept', keeps2, old(1), '2027-01-01T00:00:00Z', undefined],
  ['the third is not', keeps2, old(2), '2027-01-01T00:00:00Z', 'remove'],
  ['a marker above a version stays', markers, marker(false), '2027-01-01T00:00:00Z', undefined],
  ['a marker alone goes', markers, marker(true), '2026-01-15T10:30:00Z', 'remove'],
  ['a marker alone goes by age, too', expires3, marker(true), '2026-01-19T00:00:00Z', 'remove'],
  ['and no earlier', expires3, marker(true), '2026-01-18T23:00:00Z', undefined],
  ['a marker is not expired again', expires3, marker(false), '2027-01-01T00:00:00Z', undefined],
])('%s', (_, given, where, now, action) => {
  expect(dueAction([given], where, at(now))?.action).toBe(action)
})

describe('a filter', () => {
  const speaksOf = (filter: LifecycleRule['filter'], of: Partial<ObjectVersion>) =>
    expiryOf([rule({ filter, expiration: { afterDays: 1 } })], version(of)) !== undefined

  test.each<[LifecycleRule['filter'], Partial<ObjectVersion>, boolean]>([
    [{}, {}, true],
    [{ prefix: '' }, {}, true],
    [{ prefix: 'logs/' }, {}, true],
    [{ prefix: 'log/' }, {}, false],
    [{ tags: { a: '1' } }, { metadata: { tags: { a: '1', b: '2' } } }, true],
    [{ tags: { a: '1', c: '3' } }, { metadata: { tags: { a: '1', b: '2' } } }, false],
    [{ tags: { toString: '1' } }, {}, false],
    [{ sizeAbove: 99 }, {}, true],
    [{ sizeAbove: 100 }, {}, false],
    [{ sizeBelow: 101 }, {}, true],
    [{ sizeBelow: 100 }, {}, false],
  ])('%j speaks of %j: %s', (filter, of, expected) => {
    expect(speaksOf(filter, of)).toBe(expected)
  })

  test.each<LifecycleRule['filter']>([{ tags: { a: '1' } }, { sizeAbove: 0 }, { sizeBelow: 1 }])(
    '%j speaks of no delete marker',
    (filter) => {
      const given = rule({ filter, expiration: { afterDays: 1 }, expiresMarkers: true })
      expect(dueAction([given], marker(true), at('2027-01-01T00:00:00Z'))).toBeUndefined()
    },
  )
})

test('the earliest expiry is shown, by the first rule that says it', () => {
  const rules = [
    rule({ id: 'late', expiration: { afterDays: 9 } }),
    rule({ id: 'first', expiration: { afterDays: 3 } }),
    rule({ id: 'second', expiration: { afterDays: 3 } }),
  ]
  expect(expiryOf(rules, version())).toEqual({ atMs: at('2026-01-19T00:00:00Z'), ruleId: 'first' })
})

test('an upload is aborted by the first rule that reaches it', () => {
  const rules = [
    rule({ id: 'a', abortsUploadsAfterDays: 7 }),
    rule({ id: 'b', filter: { prefix: 'logs/' }, abortsUploadsAfterDays: 2 }),
  ]
  expect(abortOf(rules, { key: 'logs/x', startedAtMs: WRITTEN })).toEqual({
    atMs: at('2026-01-18T00:00:00Z'),
    ruleId: 'b',
  })
  expect(abortOf(rules, { key: 'other', startedAtMs: WRITTEN })?.ruleId).toBe('a')
})

test('a bucket is read once however its prefixes overlap', () => {
  const of = (...prefixes: string[]) => prefixesOf(prefixes.map((prefix) => rule({ filter: { prefix } })))
  expect(of('a/', 'a/b/', 'b/')).toEqual(['a/', 'b/'])
  expect(of('a/', '', 'a/')).toEqual([''])
  expect(prefixesOf([rule({ isEnabled: false })])).toEqual([])
})

test('nothing goes before it is as old as a rule says, and what is due stays due', () => {
  const aRule = fc.record({
    id: fc.constant('r'),
    isEnabled: fc.boolean(),
    filter: fc.constant({}),
    form: fc.constant('one' as const),
    expiration: fc.option(fc.record({ afterDays: fc.integer({ min: 1, max: 400 }) }), { nil: undefined }),
    noncurrent: fc.option(fc.record({ afterDays: fc.integer({ min: 1, max: 400 }) }), { nil: undefined }),
  })
  fc.assert(
    fc.property(
      fc.array(aRule, { maxLength: 4 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 500 * DAY_MS }),
      fc.integer({ min: 0, max: 500 * DAY_MS }),
      (rules, isCurrent, ageMs, moreMs) => {
        const where = isCurrent ? place() : old()
        const due = dueAction(rules as LifecycleRule[], where, WRITTEN + ageMs)
        if (due === undefined) return
        const ages = rules
          .filter((one) => one.isEnabled)
          .flatMap((one) => (isCurrent ? one.expiration : one.noncurrent)?.afterDays ?? [])
        expect(ageMs).toBeGreaterThanOrEqual(Math.min(...ages) * DAY_MS)
        expect(dueAction(rules as LifecycleRule[], where, WRITTEN + ageMs + moreMs)).toBeDefined()
      },
    ),
  )
})
