import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches, patternOf } from '../../../src/identity/policy/pattern.ts'

function isMatch(text: string, value: string, facts = {}): boolean | undefined {
  const pattern = patternOf(text, { hasWildcards: true, hasVariables: true })
  return pattern && matches(pattern, value, facts)
}

/** By the definition, one character at a time. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*') return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)))
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
}

const USER = '$' + '{aws:username}'

test('wildcards mean what their definition says', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 9 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })
  fc.assert(
    fc.property(pattern, text, (given, value) => {
      expect(isMatch(given, value)).toBe(naive(given, value))
    }),
    { numRuns: 2000 },
  )
})

test('a value put in for a variable matches itself and nothing else, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '*', '?', '$', '{', '}') }), fc.string(), (value, other) => {
      const facts = { 'aws:username': [value] }
      expect(isMatch(`x/${USER}`, `x/${value}`, facts)).toBe(true)
      expect(isMatch(`x/${USER}`, `x/${other}`, facts)).toBe(other === value)
    }),
  )
})

test('a pattern of many wildcards comes to an end', () => {
  expect(isMatch('*a'.repeat(1000), `${'a'.repeat(999)}b`)).toBe(false)
})

test('a variable that is not well formed is no pattern', () => {
  for (const rest of ['{', '{}', '{aws:username', '{a b}', '{aws:username, in}']) {
    expect(patternOf(`$${rest}`, { hasWildcards: true, hasVariables: true }), rest).toBeUndefined()
  }
})

test('policies of 2008 have no variables', () => {
  const pattern = patternOf(USER, { hasWildcards: true, hasVariables: false })
  expect(pattern && matches(pattern, USER, { 'aws:username': ['ann'] })).toBe(true)
})
