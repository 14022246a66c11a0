import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  areAlike,
  array,
  bigint,
  boolean,
  double,
  type InferredType,
  int,
  parseTypeText,
  scalar,
  string,
  struct,
  typeText,
  unknown,
  widen,
} from '../../src/formats/inferred-type.ts'

const a = (type: InferredType) => struct([{ name: 'a', type }])

test.each<[InferredType, InferredType, string]>([
  [int, int, 'int'],
  [int, bigint, 'bigint'],
  [bigint, double, 'double'],
  [int, double, 'double'],
  [double, string, 'string'],
  [boolean, int, 'string'],
  [unknown, boolean, 'boolean'],
  [unknown, unknown, 'string'],
  [array(int), array(bigint), 'array<bigint>'],
  [array(int), array(unknown), 'array<int>'],
  [array(int), int, 'string'],
  [a(int), struct([{ name: 'b', type: string }]), 'struct<a:int,b:string>'],
  [a(int), a(string), 'struct<a:string>'],
  [a(int), struct([]), 'struct<a:int>'],
  [struct([]), struct([]), 'string'],
  [array(a(int)), array(a(double)), 'array<struct<a:double>>'],
  [scalar('decimal(10,2)'), scalar('decimal(12,4)'), 'decimal(12,4)'],
  [scalar('decimal(38,0)'), scalar('decimal(38,20)'), 'string'],
  [scalar('date'), scalar('timestamp'), 'string'],
])('%j and %j are %s', (left, right, text) => {
  expect(typeText(widen(left, right))).toBe(text)
  expect(typeText(widen(right, left)).length).toBe(text.length)
})

test('a member that Hive cannot write makes its struct text instead of a broken type', () => {
  expect(typeText(array(struct([{ name: 'a:b', type: int }])))).toBe('array<string>')
})

test('a type too long for the catalog is text', () => {
  const wide = struct(Array.from({ length: 20_000 }, (_, index) => ({ name: `member${index}`, type: int })))
  expect(typeText(wide)).toBe('string')
})

test.each([
  ['', false],
  ['array<', false],
  ['struct<a>', false],
  ['array<int>>', false],
  ['decimal(10,2)', true],
  ['map<string,array<int>>', true],
  ['struct<a:int,b:struct<c:string>>', true],
])('reading %j back: %s', (text, isType) => {
  const parsed = parseTypeText(text)
  expect(parsed !== undefined).toBe(isType)
  if (parsed !== undefined) expect(typeText(parsed)).toBe(text)
})

const types = fc.letrec<{ type: InferredType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(int, bigint, double, boolean, string),
    tie('type').map(array),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), tie('type')), { selector: ([name]) => name, minLength: 1 })
      .map((fields) => struct(fields.map(([name, type]) => ({ name, type })))),
  ),
})).type

test('type text reads back as the type it was printed from', () => {
  fc.assert(
    fc.property(types, (type) => {
      expect(parseTypeText(typeText(type))).toEqual(type)
    }),
  )
})

test('widening is idempotent and does not care how findings are bracketed', () => {
  fc.assert(
    fc.property(types, types, types, (x, y, z) => {
      expect(widen(x, x)).toEqual(x)
      expect(typeText(widen(widen(x, y), z))).toBe(typeText(widen(x, widen(y, z))))
      expect(areAlike(x, x)).toBe(true)
    }),
  )
})
