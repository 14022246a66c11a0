import { expect, test } from 'vitest'
import { EXAMPLES_MAX, listed, Sentences, shortened } from '../../src/crawl/sentences.ts'

test('of many things of one kind the first few are told, and how many more there were', () => {
  const sentences = new Sentences()
  for (let file = 1; file <= EXAMPLES_MAX + 1995; file++) sentences.sayOf('skipped', `file ${file} was skipped`)
  sentences.say('That was all.')
  expect(sentences.all()).toEqual([
    ...Array.from({ length: EXAMPLES_MAX }, (_, index) => `file ${index + 1} was skipped`),
    '… and 1995 more files were skipped.',
    'That was all.',
  ])
})

test('as many as there is room for are all told', () => {
  const sentences = new Sentences()
  for (let file = 1; file <= EXAMPLES_MAX; file++) sentences.sayOf('made', `table ${file}`)
  expect(sentences.all()).toHaveLength(EXAMPLES_MAX)
})

test('kinds keep together, in the order in which they came up', () => {
  const sentences = new Sentences()
  sentences.sayOf('skipped', 'a')
  sentences.sayOf('made', 'b')
  sentences.sayOf('skipped', 'c')
  expect(sentences.all()).toEqual(['a', 'c', 'b'])
})

test('long lists and long texts say that they were cut', () => {
  expect(listed(['a', 'b', 'c'], 3)).toBe('a, b, c')
  expect(listed(['a', 'b', 'c', 'd'], 3)).toBe('a, b, c and 1 more')
  expect(shortened('x'.repeat(81))).toBe(`${'x'.repeat(80)}…`)
  expect(shortened('x'.repeat(80))).toBe('x'.repeat(80))
})
