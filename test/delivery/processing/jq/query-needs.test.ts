import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { JqThreads } from '../../../../src/delivery/processing/jq/jq-threads.ts'
import { type Needs, neededPart, queryNeeds } from '../../../../src/delivery/processing/jq/query-needs.ts'
import { systemClock } from '../../../../src/platform/clock.ts'

/** As nested objects. */
function plain(needs: Needs): unknown {
  return Object.fromEntries([...needs].map(([name, inside]) => [name, plain(inside)]))
}

const TOLD: readonly (readonly [query: string, needs: unknown])[] = [
  ['{a:.b, c:.d|strftime("%Y")}', { b: {}, d: {} }],
  ['{a, "b c"}', { a: {}, 'b c': {} }],
  ['{a:.b.c, d:.b.e, f:.["g"]["h"], i:."j"."k"?}', { b: { c: {}, e: {} }, g: { h: {} }, j: { k: {} } }],
  ['{a:.b.c, d:.b}', { b: {} }],
  ['{d:.b, a:.b.c}', { b: {} }],
  ['{a:(if .b == null then "x" elif .c > 2 then .d else .e end)}', { b: {}, c: {}, d: {}, e: {} }],
  ['{a:(.b // .c // "none"), d:"\\(.e)-\\(.f|tostring)"}', { b: {}, c: {}, e: {}, f: {} }],
  ['{a:([.b,.c]|join("-")), d:({e:.f}|tojson)}', { b: {}, c: {}, f: {} }],
  ['{a:(.b|. as $x|keys|length)}', { b: {} }],
  ['{a:"constant"}', {}],
]

describe('what a query needs of a record', () => {
  test.each(TOLD)('%s', (query, needs) => {
    const found = queryNeeds(query)
    expect(found && plain(found)).toEqual(needs)
  })

  test.each([
    '.',
    '{a:.}',
    '{a:..}',
    '{a:tostring}',
    '{a:keys}',
    '{a:(.b as $x | keys)}',
    '{a:(.b | $ENV), c:$ENV}',
    '{a:.b[0]}',
    '{a:.b[.c]}',
    '{a:.[]}',
    '{a:(def f: keys; .b)}',
    '{a:"\\(.)"}',
    '{a:@base64}',
    '{a:(.b|now)}',
    '{(.a):.b}',
    '{$x}',
    '.a|{b:.c}',
    '{a:.b}|keys',
    '{a:(reduce .b as $x (.; keys))}',
    '{a:(try .b catch keys)}',
    '{a:(.b, keys)}',
    '{a:(.b |= 1)}',
  ])('may be everything: %s', (query) => {
    expect(queryNeeds(query)).toBeUndefined()
  })

  test.each([
    ['{"x":1,"b":{"c":"é","y":[1]},"d":1.50}', '{"b":{"c":"é"},"d":1.5}'],
    ['{"b":"text"}', '{"b":"text"}'],
    ['{"b":null,"b":{"c":1}}', '{"b":{"c":1}}'],
    ['{}', '{}'],
    // What only the whole record gives the same answer for.
    ['{"d":-0}', undefined],
    ['{"d":1e999}', undefined],
    ['{"d":[1]}', undefined],
    ['{"b":{"c":{}}}', undefined],
    ['{"b":[]}', undefined],
    ['[1]', undefined],
    ['"text"', undefined],
    ['null', undefined],
  ])('of %s it is %s', (record, part) => {
    expect(neededPart(JSON.parse(record), queryNeeds('{a:.b.c,d:.d}') as Needs)).toBe(part)
  })
})

describe('jq with the needed part of a record', () => {
  const threads = new JqThreads({ clock: systemClock, threadsMax: 2, recordMsMax: 10_000 })
  afterAll(() => threads.close())

  /** The same query, of which it cannot be told any more what it needs. */
  const whole = (query: string) => `. as $whole | ${query}`

  test.each([
    '{k:.a,l:(.b.c // "none")}',
    '{k:(if .a == .b then "same" else .a end),l:"\\(.a)/\\(.b.c?)"}',
    '{k:(.a|tostring),l:([.b,.a]|tojson)}',
  ])('answers as with all of it: %s', async (query) => {
    expect(queryNeeds(query)).toBeDefined()
    expect(queryNeeds(whole(query))).toBeUndefined()
    const value = fc.oneof(
      fc.constantFrom(
        '1',
        '-0',
        '1.50',
        '1e2',
        '1e400',
        '12345678901234567890',
        '""',
        'true',
        'null',
        '[1]',
        '{}',
        '{"c":7}',
      ),
      fc.string().map((text) => JSON.stringify(text)),
    )
    const record = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__'), value), { maxLength: 5 })
      .map((members) => `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(record, value), { minLength: 1, maxLength: 60 }), async (texts) => {
        const records = texts.map((text) => Buffer.from(text))
        expect(await threads.extract(query, records)).toEqual(await threads.extract(whole(query), records))
      }),
      { numRuns: 4 },
    )
  })
})
