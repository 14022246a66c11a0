import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRefusal } from '../../src/platform/refusal.ts'
import { parseFilterPattern } from '../../src/telemetry/filter-pattern.ts'

const LINES = ['[ERROR 400] BAD REQUEST', '[ERROR 419] MISSING ARGUMENTS', '[WARN] a "quoted" word', 'ok']

/** Examples of AWS's user guide, and what they are about. */
test.each([
  ['', [0, 1, 2, 3]],
  ['   ', [0, 1, 2, 3]],
  ['ERROR', [0, 1]],
  ['error', []],
  ['ERROR ARGUMENTS', [1]],
  ['?ERROR ?WARN', [0, 1, 2]],
  ['ERROR -ARGUMENTS', [0]],
  ['-ERROR', [2, 3]],
  ['"BAD REQUEST"', [0]],
  ['-"BAD REQUEST" ERROR', [1]],
  ['?"BAD REQUEST" ?ok', [0, 3]],
  ['"\\"quoted\\""', [2]],
  ['?WARN ERROR', [0, 1]],
])('the pattern %s finds lines %j', (pattern, expected) => {
  const matches = parseFilterPattern(pattern)
  expect(LINES.flatMap((line, index) => (matches(line) ? [index] : []))).toEqual(expected)
})

test.each([
  ['{ $.a = 1 }', 'patternNotOffered', 'JSON'],
  ['[ip, user]', 'patternNotOffered', 'column'],
  ['%a.b%', 'patternNotOffered', 'regular expression'],
  ['a.b', 'invalidPattern', "Invalid character(s) in term 'a.b'"],
  ['"open', 'invalidPattern', 'Unclosed quote'],
])('the pattern %s is refused', (pattern, code, text) => {
  expect(() => parseFilterPattern(pattern)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(text) }),
  )
})

test('any text is a pattern or is refused', () => {
  fc.assert(
    fc.property(fc.string(), (pattern) => {
      try {
        parseFilterPattern(pattern)('message')
      } catch (error) {
        expect(isRefusal(error)).toBe(true)
      }
    }),
  )
})
