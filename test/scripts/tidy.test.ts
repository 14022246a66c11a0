import { expect, test } from 'vitest'
import { orphans, untidiness } from '../../scripts/tidy.ts'

const inFile = (text: string, path = 'delivery/stream.ts') => untidiness([{ path, text }])

test.each([
  ['the wall clock', 'const now = Date.now()', 'Clock'],
  ['a timer', 'setTimeout(flush, 10)', 'Clock'],
  ['randomness', 'const dice = Math.random()', 'Random'],
  ['the environment', 'const home = process.env.HOME', 'Settings'],
  ['a note to self', '// TODO later', 'unfinished'],
  ['a swallowed error', 'try { work() } catch {}', 'swallows'],
])('%s is found, with its line and what to use instead', (_name, line, says) => {
  const [found] = inFile(`import x from 'y'\n${line}\n`)
  expect(found).toMatch(/^src\/delivery\/stream\.ts:2 /)
  expect(found).toContain(says)
})

test('what is at home in a file, or only spoken of in a comment, is left alone', () => {
  expect(inFile('return Date.now()', 'platform/clock.ts')).toEqual([])
  expect(inFile(' * Nothing else calls Date.now()')).toEqual([])
})

test('a source that nothing imports is an orphan unless it is an entry', () => {
  expect(orphans(['a.ts', 'b.ts', 'main.ts'], new Set(['src/a.ts']), ['main.ts'])).toEqual([
    'src/b.ts is imported by nothing',
  ])
})
