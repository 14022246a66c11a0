import { expect, test } from 'vitest'
import { delimiterAppender, delimiterText } from '../../../src/delivery/processing/append-delimiter.ts'
import { processed, recordOf, sources, texts } from './support.ts'

test('every record is followed by the delimiter, one that ends in it too', async () => {
  expect(texts(await processed(delimiterAppender('\\n'), 'a', 'b\n', ''))).toEqual(['a\n', 'b\n\n', '\n'])
})

test('error output gets the record without it', async () => {
  expect(sources(await processed(delimiterAppender(''), 'a'))).toEqual(['a'])
})

test('partition keys stay with their record', async () => {
  const record = { ...recordOf('a'), partitionKeys: { fromQuery: { tenant: 'x' } } }
  const { records } = await delimiterAppender('|').process([record], new AbortController().signal)
  expect(records[0]).toMatchObject({ data: Buffer.from('a|'), partitionKeys: record.partitionKeys })
})

test.each([
  { parameter: '', text: '\n' },
  { parameter: '\n', text: '\n' },
  { parameter: '\\n', text: '\n' },
  { parameter: '\\\\n', text: '\n' },
  { parameter: '\\r\\n', text: '\r\n' },
  { parameter: '\\\\t', text: '\t' },
  { parameter: '||', text: '||' },
  { parameter: 'newline', text: 'newline' },
  { parameter: '\\x', text: '\\x' },
])('$parameter is $text', ({ parameter, text }) => {
  expect(delimiterText(parameter)).toBe(text)
})
