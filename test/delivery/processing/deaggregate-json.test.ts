import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonDeaggregator } from '../../../src/delivery/processing/deaggregate-json.ts'
import { ARRIVAL_MS, clock, failure, processed, recordOf, sources, texts } from './support.ts'

const deaggregator = () => jsonDeaggregator(clock)

test.each([
  { record: '{"a":1}{"a":2}', documents: ['{"a":1}', '{"a":2}'] },
  { record: '{"a":1}\n{"a":2}\n', documents: ['{"a":1}', '{"a":2}'] },
  { record: '\r\n {"a":1} \r\n\r\n\t{"a":2}', documents: ['{"a":1}', '{"a":2}'] },
  { record: '{"a":"}{\\"}{"}{"b":"\\\\"}', documents: ['{"a":"}{\\"}{"}', '{"b":"\\\\"}'] },
  { record: '{\n  "a": 1\n}', documents: ['{\n  "a": 1\n}'] },
  { record: '', documents: [] },
  { record: ' \n', documents: [] },
])('$record holds $documents', async ({ record, documents }) => {
  const outcome = await processed(deaggregator(), record)
  expect(texts(outcome)).toEqual(documents)
  expect(outcome.failed).toEqual([])
})

test('any objects one after the other come back as they were, whatever blanks are between them', async () => {
  const between = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n\t')
  const parts = fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), between), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { maxLength: 5 }), between, async (records, before) => {
      const written = records.map((each) => before + each.map(([object, gap]) => JSON.stringify(object) + gap).join(''))
      const outcome = await processed(deaggregator(), ...written)
      expect(texts(outcome)).toEqual(records.flat().map(([object]) => JSON.stringify(object)))
      expect(outcome.failed).toEqual([])
    }),
  )
})

test('each document is from then on a record of its own, with the arrival of the one it came in', async () => {
  const outcome = await processed(deaggregator(), '{"a":1}\n{"a":2}')
  expect(sources(outcome)).toEqual(texts(outcome))
  expect(outcome.records.map(({ source }) => source.arrivalMs)).toEqual([ARRIVAL_MS, ARRIVAL_MS])
})

test.each([
  { record: '[{"a":1},{"a":2}]', at: 0 },
  { record: '{"a":1}{"a":', at: 7 },
  { record: '{"a":1}\n{a:2}\n{"a":3}', at: 8 },
  { record: '{"a":1},{"a":2}', at: 7 },
  { record: 'plain text', at: 0 },
  { record: '17', at: 0 },
  { record: '{"a":"cut\n{"a":2}', at: 0 },
  { record: '{"a":1}x', at: 7 },
])('$record cannot be cut: it fails whole, and nothing of it is delivered', async ({ record, at }) => {
  const { records, failed } = await processed(deaggregator(), record)
  const message = `The record is not a sequence of JSON objects: there is none, or no whole one, at byte ${at}.`
  expect(records).toEqual([])
  expect(failed).toEqual([failure(record, 'processing-failed', 'RecordDeAggregation.MalformedData', message)])
})

test('a record that fails does not keep its neighbours', async () => {
  const outcome = await processed(deaggregator(), '{"a":1}', 'no', '{"a":2}')
  expect(texts(outcome)).toEqual(['{"a":1}', '{"a":2}'])
  expect(outcome.failed).toHaveLength(1)
})

test('500 documents to a record are taken apart, with 501 it stays as it is', async () => {
  const line = '{"a":1}\n'
  expect(texts(await processed(deaggregator(), line.repeat(500)))).toHaveLength(500)
  expect(texts(await processed(deaggregator(), line.repeat(501)))).toEqual([line.repeat(501)])
})

test('bytes that are no UTF-8 stay inside their document as they are', async () => {
  const record = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x7b, 0x7d])
  const { records } = await processed(deaggregator(), record)
  expect(records.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(['7b22ff223a317d', '7b7d'])
})

test('a record nested as deeply as a record can be is cut like any other', async () => {
  const deep = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`
  expect((await processed(deaggregator(), deep + deep.slice(0, 5))).records).toEqual([])
  expect(texts(await processed(deaggregator(), `${deep}{}`))).toEqual([deep, '{}'])
})

test('partition keys that a record has are those of its documents', async () => {
  const partitionKeys = { fromLambda: { tenant: 'a' } }
  const record = { ...recordOf('{}{}'), partitionKeys }
  const { records } = await deaggregator().process([record], new AbortController().signal)
  expect(records.map((each) => each.partitionKeys)).toEqual([partitionKeys, partitionKeys])
})

test('much work lets others have their turn, and ends when it is told to', async () => {
  const records = Array.from({ length: 4 }, () => recordOf('{"a":1}'.padEnd(900_000)))
  const stop = new AbortController()
  setImmediate(() => stop.abort(new Error('The stream is being closed.')))
  await expect(deaggregator().process(records, stop.signal)).rejects.toThrow('The stream is being closed.')
})
