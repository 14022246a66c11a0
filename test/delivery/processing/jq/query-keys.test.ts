import { describe, expect, test } from 'vitest'
import { queryKeys } from '../../../../src/delivery/processing/jq/query-keys.ts'

const TOLD: readonly (readonly [query: string, keys: readonly string[]])[] = [
  [
    '{customer_id:.customer_id,device:.type.device,year:.event_timestamp|strftime("%Y")}',
    ['customer_id', 'device', 'year'],
  ],
  [
    '{ "quoted": .a, short, "also short", $bound, if: .b, end: 1 }',
    ['quoted', 'short', 'also short', 'bound', 'if', 'end'],
  ],
  ['{("literal"): .a}', ['literal']],
  ['{a: (.x, .y | {b: 1}), c: [1, 2], d: {e: 1, f: 2}}', ['a', 'c', 'd']],
  ['{a: (if .x then {y: 1} else {z: 1, w: 2} end), b: 1}', ['a', 'b']],
  ['{a: "text, with: {signs} \\(.x | {y: "z, }"})", b: 1}', ['a', 'b']],
  ['{a: 1} # and, {no: more}', ['a']],
  ['# first\n{a: 1,\n b: 2}', ['a', 'b']],
  ['def f: .x | {y: 1}; {a: f}', ['a']],
  ['def f(g): def h: g; h; def i: 1; {a: f(i)}', ['a']],
  ['.payload | {a: .x}', ['a']],
  ['.x as [$y, $z] | {$y, z: $z}', ['y', 'z']],
  ['({a: 1})', ['a']],
  ['{a: 1, a: 2}', ['a']],
  ['{"sch\\u006cüssel": .a}', ['schlüssel']],
  ['{}', []],
]

describe('the keys of a query', () => {
  test.each(TOLD)('%s', (query, keys) => {
    expect(queryKeys(query)).toEqual(keys)
  })

  test.each([
    '.',
    '.keys',
    '{(.name): .value}',
    '{"key \\(.n)": 1}',
    '{@base64 "x": 1}',
    '{a: 1} + {b: 2}',
    '{a: 1}, {b: 2}',
    '{a: 1} | .a',
    'if .x then {a: 1} else {b: 2} end',
    '[{a: 1}]',
    '{a: 1}[0]',
    '{a: 1',
    '{a: 1}}',
    '{a: "',
    '{a: ~}',
    '',
  ])('cannot be told without running it: %s', (query) => {
    expect(queryKeys(query)).toBeUndefined()
  })
})
