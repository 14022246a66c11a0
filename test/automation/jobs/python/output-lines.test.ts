import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LINE_LENGTH_MAX, linesOf } from '../../../../src/automation/jobs/python/output-lines.ts'

async function linesIn(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* given() {
    yield* chunks
  }
  const lines: string[] = []
  for await (const line of linesOf(given())) lines.push(line)
  return lines
}

test.each([
  ['', []],
  ['one', ['one']],
  ['one\n', ['one']],
  ['one\n\ntwo\r\nthree', ['one', '', 'two', 'three']],
  ['a\rb\n', ['a\rb']],
])('%j', async (text, lines) => {
  expect(await linesIn([Buffer.from(text)])).toEqual(lines)
})

test('however the bytes are cut, also within a character, the lines are the same', async () => {
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), cuts, async (parts, places) => {
      const bytes = Buffer.from(parts.join('\n'))
      const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
      expect(await linesIn(chunks)).toEqual(await linesIn([bytes]))
    }),
  )
})

test('a line without end comes in pieces, so that it is never held whole', async () => {
  const chunks = Array.from({ length: 5 }, () => Buffer.from('x'.repeat(LINE_LENGTH_MAX - 1)))
  const lines = await linesIn([...chunks, Buffer.from('\nend\n')])
  expect(lines.map(({ length }) => length)).toEqual([...Array(4).fill(LINE_LENGTH_MAX), LINE_LENGTH_MAX - 5, 3])
})
