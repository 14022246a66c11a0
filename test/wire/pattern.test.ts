import { expect, test } from 'vitest'
import { compilePattern } from '../../src/wire/pattern.ts'

test.each([
  ['[a-zA-Z0-9_.-]+', 'a.b-c_1', 'a b'],
  ['[a-zA-Z0-9\\.\\_]+', 'a_b.c', 'a-b'],
  ['vpce\\-svc\\-[a-z]{2}', 'vpce-svc-ab', 'vpce_svc_ab'],
  ['[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', 'Größe 1-2', 'a&b'],
  ['[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*', 'emoji 🦆\tok', 'line\nbreak'],
  ["^(|\\.[0-9a-z!\\-_.*'()]+)$", '', 'nodot'],
])('%s takes the whole of a matching value and refuses the rest', (pattern, matching, other) => {
  expect(compilePattern(pattern).test(matching)).toBe(true)
  expect(compilePattern(pattern).test(other)).toBe(false)
})
