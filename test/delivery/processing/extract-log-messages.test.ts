import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logMessageExtractor } from '../../../src/delivery/processing/extract-log-messages.ts'
import { clock, failure, processed, recordOf, sources, texts } from './support.ts'

const subscription = (messageType: string, messages: readonly string[]) => ({
  messageType,
  owner: '123456789012',
  logGroup: '/aws/lambda/shop',
  logStream: '2026/11/26/[$LATEST]0123456789abcdef',
  subscriptionFilters: ['all'],
  logEvents: messages.map((message, index) => ({
    id: `${index}`.padStart(56, '0'),
    timestamp: 1510109208016,
    message,
  })),
})
const dataMessage = (...messages: readonly string[]) => JSON.stringify(subscription('DATA_MESSAGE', messages))

test('each message is a record, without anything about it', async () => {
  const outcome = await processed(logMessageExtractor(clock), dataMessage('one', 'two'), dataMessage('{"three":3}'))
  expect(texts(outcome)).toEqual(['one', 'two', '{"three":3}'])
})

test('any messages come out as they were logged, however the JSON around them is written', async () => {
  const written = fc.record({
    messages: fc.array(fc.string({ unit: 'grapheme' })),
    indent: fc.constantFrom(0, 2),
    isAscii: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 4 }), async (all) => {
      const records = all.map(({ messages, indent, isAscii }) => {
        const text = JSON.stringify(subscription('DATA_MESSAGE', messages), undefined, indent)
        return isAscii ? text.replace(/[^\x20-\x7e\n]/g, escaped) : text
      })
      const expected = all.flatMap(({ messages }) => messages)
      expect(texts(await processed(logMessageExtractor(clock), ...records))).toEqual(expected)
      expect(texts(await processed(logMessageExtractor(clock), records.join('\n')))).toEqual(expected)
    }),
  )
})

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

test('a control message is dropped: it only asks whether anybody is there', async () => {
  const control = JSON.stringify(
    subscription('CONTROL_MESSAGE', ['CWL CONTROL MESSAGE: Checking health of destination Firehose.']),
  )
  const outcome = await processed(logMessageExtractor(clock), dataMessage('one'), control, dataMessage('two'))
  expect(texts(outcome)).toEqual(['one', 'two'])
  expect(outcome.failed).toEqual([])
})

test('members may come in any order, and what is unknown is passed over', async () => {
  const record =
    '{"logEvents":[{"message":"one","extra":{"message":"no"},"tags":[[{}]]}],"x":[1,{}],"messageType":"DATA_MESSAGE"}'
  expect(texts(await processed(logMessageExtractor(clock), record))).toEqual(['one'])
})

test("every message's source is the whole record, as it was put", async () => {
  const record = dataMessage('one', 'two')
  expect(sources(await processed(logMessageExtractor(clock), record))).toEqual([record, record])
})

test.each([
  { record: '{"a":1}', why: notOne('it has no messageType that is known.') },
  { record: '{"messageType":"OTHER","logEvents":[]}', why: notOne('it has no messageType that is known.') },
  { record: '{"messageType":"DATA_MESSAGE"}', why: notOne('the DATA_MESSAGE has no logEvents.') },
  { record: '{"messageType":7}', why: notOne('a text was expected at byte 15, there is something else.') },
  { record: 'plain text', why: notOne('an object was expected at byte 0, there is something else.') },
  { record: '"text"', why: notOne('an object was expected at byte 0, there is a text.') },
  { record: '', why: notOne('an object was expected at byte 0, there is something else.') },
  { record: '{"logEvents":{}}', why: notOne('an array was expected at byte 13, there is something else.') },
  { record: '{"logEvents":["x"]}', why: notOne('an object was expected at byte 14, there is a text.') },
  { record: '{"logEvents":[{"id":"1"}]}', why: notOne('a log event has no message.') },
  { record: '{"logEvents":[{"message":"1"}', why: notOne('a comma was expected at byte 29, there is something else.') },
  { record: '{"logEvents":[],', why: notOne('a member was expected at byte 16, there is something else.') },
  { record: '{"owner":tru}', why: notOne('a value was expected at byte 9, there is something else.') },
  {
    record: '{"messageType":"CONTROL_MESSAGE"}{',
    why: notOne('a member was expected at byte 34, there is something else.'),
  },
])('$record fails whole', async ({ record, why }) => {
  const { records, failed } = await processed(logMessageExtractor(clock), record)
  expect(records).toEqual([])
  expect(failed).toEqual([failure(record, 'processing-failed', 'CloudWatchLogProcessing.MalformedData', why)])
})

function notOne(why: string): string {
  return `The record is not a message of CloudWatch Logs: ${why}`
}

test('a large batch of messages lets others have their turn, and ends when it is told to', async () => {
  const stop = new AbortController()
  setImmediate(() => stop.abort(new Error('The stream is being closed.')))
  const record = recordOf(dataMessage(...Array.from({ length: 900 }, () => 'x'.repeat(1_000))))
  await expect(logMessageExtractor(clock).process([record], stop.signal)).rejects.toThrow('is being closed.')
})

test('more messages than there is room for fail with their record; those of other records go on', async () => {
  const six = dataMessage('1', '2', '3') + dataMessage('4', '5', '6')
  const outcome = await processed(logMessageExtractor(clock, 8), six, dataMessage('7', '8', '9'), dataMessage('a', 'b'))
  expect(texts(outcome)).toEqual(['1', '2', '3', '4', '5', '6', 'a', 'b'])
  expect(outcome.failed.map(({ entry }) => entry['errorCode'])).toEqual(['CloudWatchLogProcessing.OutputTooLarge'])
  expect((await processed(logMessageExtractor(clock, 5), six)).records).toEqual([])
})
