import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type JsonLineRules, MalformedLine, readJsonLine } from '../../../src/engine/duckdb/json-line.ts'

const openx: JsonLineRules = { serde: 'openx', foldCase: true, dotsInKeys: false }

test.each([
  ['{"A":1}', '{"a":1}'],
  ['  {"A" : [1, 2 ,{"B":null}] }  ', '{"a":[1,2,{"b":null}]}'],
  ['{"a":1}{"a":2}', '{"a":1}'],
  ['{"a":1} trailing', '{"a":1}'],
  [`{a: 'x'; b => TRUE}`, '{"a":"x","b":true}'],
  ['{"a":1,}', '{"a":1}'],
  ['{"a":[1,]}', '{"a":[1]}'],
  ['{"a":12345678901234567890}', '{"a":12345678901234567890}'],
  ['{"a":bare}', '{"a":"bare"}'],
  ['{"a":"\\u00e4\\n\\/"}', '{"a":"ä\\n/"}'],
  ['{}', '{}'],
])('%s is read as %s', (line, json) => {
  expect(readJsonLine(line, openx)).toBe(json)
})

test.each(['', 'nonsense', '"text"', '42'])('%j is a row of NULLs to OpenX', (line) => {
  expect(readJsonLine(line, openx)).toBeUndefined()
})

test.each([
  ['{"a":1', "Expected a ',' or '}'"],
  ['{"a"}', "Expected a ':' after a key"],
  ['{"a":"x', 'Unterminated string'],
  ['{"a":}', 'Missing value'],
  ['{"a":1 "b":2}', "Expected a ',' or '}'"],
  ['{', "A JSONObject text must end with '}'"],
  ['[1]', "A JSONObject text must begin with '{'"],
  ['{"a":1,"A":2}', 'Duplicate key "a"'],
])('%s is malformed: %s', (line, reason) => {
  expect(() => readJsonLine(line, openx)).toThrow(MalformedLine)
  expect(() => readJsonLine(line, openx)).toThrow(reason)
})

test('any JSON object comes back as itself', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const line = JSON.stringify(value)
      const kept = readJsonLine(line, { ...openx, foldCase: false })
      expect(JSON.parse(kept ?? '')).toEqual(JSON.parse(line))
    }),
  )
})

test('any text gives a record, a row of NULLs or a reason, never another error', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', 'a', '1', '\\', ' ') }),
      (line) => {
        try {
          const json = readJsonLine(line, openx)
          if (json !== undefined) JSON.parse(json)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedLine)
        }
      },
    ),
  )
})
