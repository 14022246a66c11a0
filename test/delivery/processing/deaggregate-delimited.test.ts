import fc from 'fast-check'
import { expect, test } from 'vitest'
import { delimitedDeaggregator, delimiterOf } from '../../../src/delivery/processing/deaggregate-delimited.ts'
import { processed, sources, texts } from './support.ts'

test.each([
  { delimiter: '####', record: 'one####two####three', parts: ['one', 'two', 'three'] },
  { delimiter: '####', record: 'one####two####', parts: ['one', 'two'] },
  { delimiter: '####', record: '####one########two', parts: ['one', 'two'] },
  { delimiter: '####', record: 'one###two', parts: ['one###two'] },
  { delimiter: '\n', record: 'a,1\nb,2\n', parts: ['a,1', 'b,2'] },
  { delimiter: 'ü', record: '1ü2', parts: ['1', '2'] },
  { delimiter: '####', record: '####', parts: [] },
  { delimiter: '####', record: '', parts: [] },
])('$record cut at $delimiter gives $parts', async ({ delimiter, record, parts }) => {
  const outcome = await processed(delimitedDeaggregator(Buffer.from(delimiter).toString('base64')), record)
  expect(texts(outcome)).toEqual(parts)
  expect(sources(outcome)).toEqual(parts)
  expect(outcome.failed).toEqual([])
})

test('parts put together with any delimiter that is not in them come back', async () => {
  const part = fc.array(fc.integer({ min: 97, max: 122 }), { minLength: 1 }).map((bytes) => Buffer.from(bytes))
  const delimiter = fc.array(fc.constantFrom(0, 10, 35, 255), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 20 }), delimiter, async (parts, between) => {
      const record = Buffer.concat(parts.flatMap((each) => [each, Buffer.from(between)]))
      const { records } = await processed(delimitedDeaggregator(Buffer.from(between).toString('base64')), record)
      expect(records.map(({ data }) => Buffer.from(data))).toEqual(parts)
    }),
  )
})

test('500 parts to a record are taken apart, with 501 it stays as it is', async () => {
  expect(texts(await processed(delimitedDeaggregator('Cg=='), 'a\n'.repeat(500)))).toHaveLength(500)
  expect(texts(await processed(delimitedDeaggregator('Cg=='), 'a\n'.repeat(501)))).toEqual(['a\n'.repeat(501)])
})

test.each([
  { base64: 'IyMjIw==', delimiter: '####' },
  { base64: 'IyMjIw', delimiter: '####' },
  { base64: 'Cg==', delimiter: '\n' },
])('$base64 is a delimiter', ({ base64, delimiter }) => {
  expect(delimiterOf(base64).toString()).toBe(delimiter)
})

test.each(['', '#', '####', '\n', 'Cg==!'])('%j is refused: no base64 of anything', (text) => {
  expect(() => delimiterOf(text)).toThrow('is not a base64-encoded string.')
})
