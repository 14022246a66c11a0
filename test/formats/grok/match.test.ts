import { expect, test } from 'vitest'
import { compileGrok } from '../../../src/formats/grok/compile.ts'
import { LINE_LENGTH_MAX, matchLines } from '../../../src/formats/grok/match.ts'

const word = compileGrok('^%{WORD:a}$')

test('lines that match are counted', () => {
  expect(matchLines(word, ['a', 'b c', 'd'])).toEqual({ matched: 2, tooLong: 0, isStopped: false })
})

test('matching gives up when too many lines miss', () => {
  expect(matchLines(word, ['a', 'b c', 'd e', 'f'], 1).matched).toBe(0)
})

test('a pattern that would take for ever is stopped', () => {
  const forever = compileGrok('^(?:(?:a+)+)+$')
  expect(matchLines(forever, [`${'a'.repeat(60)}b`])).toMatchObject({ matched: 0, isStopped: true })
})

test('a line at the bound of length is matched, one past it is not', () => {
  const lines = ['a'.repeat(LINE_LENGTH_MAX), 'a'.repeat(LINE_LENGTH_MAX + 1)]
  expect(matchLines(word, lines)).toEqual({ matched: 1, tooLong: 1, isStopped: false })
})
