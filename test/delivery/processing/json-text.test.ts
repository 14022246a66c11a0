import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textEnd, unescaped, valueEnd } from '../../../src/delivery/processing/json-text.ts'

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Not JSON: that is what was asked.
    return false
  }
}

test.each([
  '{}',
  '[]',
  '{"a":1}',
  '{ "a" : [ 1 , -0 , 1.5e+10 , true , false , null , "x" , {} , [] ] }',
  '{"a":{"b":{"c":[[[]]]}}}',
  '"\\u00fc\\n\\"\\\\\\/\\b\\f\\r\\t"',
  '-12.5E-3',
  '0',
])('%s is a value to its end', (text) => {
  expect(valueEnd(Buffer.from(`${text} {"next":1}`), 0)).toBe(text.length)
})

test.each([
  '',
  '{',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,}',
  '{,}',
  '{a:1}',
  "{'a':1}",
  '{"a":1]',
  '[1,]',
  '[1}',
  '[,1]',
  '"open',
  '"\\x"',
  '"\\u12g4"',
  '"\\',
  '"line\nbreak"',
  '"\u0001"',
  'tru',
  'nul',
  '-',
  '+1',
  '.5',
  '1.',
  '1e',
  'NaN',
  '}',
])('%j is not a value', (text) => {
  expect(valueEnd(Buffer.from(text), 0)).toBe(-1)
})

test('every value ends where it was written to end, whatever blanks are in it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = Buffer.from(JSON.stringify(value, undefined, indent))
      expect(valueEnd(Buffer.concat([text, Buffer.from(',')]), 0)).toBe(text.byteLength)
    }),
  )
})

test('a value with one byte changed is taken exactly when JSON.parse takes it', () => {
  const byte = fc.constantFrom(...Buffer.from('{}[]",:\\ue01.-+ \n\ttfnx'))
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), byte, (value, place, changed) => {
      const bytes = Buffer.from(JSON.stringify([value]))
      bytes[place % bytes.byteLength] = changed
      const text = bytes.toString().trim()
      const whole = Buffer.from(text)
      fc.pre(whole.equals(Buffer.from(bytes.toString('latin1').trim(), 'latin1')))
      expect(valueEnd(whole, 0) === whole.byteLength).toBe(isJson(text))
    }),
    { numRuns: 500 },
  )
})

test('a million open brackets are a long list, not a deep stack', () => {
  const deep = Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000))
  expect(valueEnd(deep, 0)).toBe(2_000_000)
  expect(valueEnd(deep.subarray(0, 1_999_999), 0)).toBe(-1)
})

test('a text means what JSON.parse says, halves of surrogate pairs aside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, isAscii) => {
      const quoted = JSON.stringify(text)
      const written = Buffer.from(isAscii ? quoted.replace(/[^\x20-\x7e]/g, escaped) : quoted)
      expect(textEnd(written, 0)).toBe(written.byteLength)
      expect(unescaped(written, 0, written.byteLength).toString()).toBe(text)
    }),
  )
})

test.each([
  { written: '"\\ud83d\\ude00 \\u00FC"', meant: '😀 ü' },
  { written: '"\\ud83d!"', meant: '\ufffd!' },
  { written: '"\\ude00\\ud83d"', meant: '\ufffd\ufffd' },
  { written: '"\\ud83d\\n"', meant: '\ufffd\n' },
])('$written means $meant', ({ written, meant }) => {
  const bytes = Buffer.from(written)
  expect(unescaped(bytes, 0, bytes.byteLength).toString()).toBe(meant)
})

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
