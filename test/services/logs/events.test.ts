/** Putting, reading and searching events. */
import { expect, test } from 'vitest'
import { logsModel } from '../../../src/wire/model/logs.ts'
import { rootCaller } from '../../support/callers.ts'
import { ARN, GROUP, LogsWorld, NOW_MS, STREAM } from './logs-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface Read {
  readonly messages: readonly (string | undefined)[]
  readonly forward: string
  readonly backward: string
}

async function read(logs: LogsWorld, asked: object = {}): Promise<Read> {
  const answer = await logs.call('GetLogEvents', { ...STREAM, ...asked })
  return {
    messages: answer.events?.map(({ message }) => message) ?? [],
    forward: answer.nextForwardToken ?? '',
    backward: answer.nextBackwardToken ?? '',
  }
}

test('events are read with their times, the newest ones when there are more', async () => {
  const logs = new LogsWorld()
  await logs.fill('a', 'b', 'c')
  expect((await logs.call('GetLogEvents', { ...STREAM, limit: 2 })).events).toEqual([
    { timestamp: NOW_MS + 1, message: 'b', ingestionTime: NOW_MS },
    { timestamp: NOW_MS + 2, message: 'c', ingestionTime: NOW_MS },
  ])
})

test('tokens lead forth to the end and back to the beginning, and stay the same there', async () => {
  const logs = new LogsWorld()
  await logs.fill('a', 'b', 'c', 'd', 'e')
  const first = await read(logs, { startFromHead: true, limit: 2 })
  const second = await read(logs, { nextToken: first.forward, limit: 2 })
  const third = await read(logs, { nextToken: second.forward, limit: 2 })
  const end = await read(logs, { nextToken: third.forward, limit: 2 })
  expect([first, second, third, end].map(({ messages }) => messages)).toEqual([['a', 'b'], ['c', 'd'], ['e'], []])
  expect(end.forward).toBe(third.forward)
  const back = await read(logs, { nextToken: end.backward, limit: 4 })
  expect(back.messages).toEqual(['b', 'c', 'd', 'e'])
  const beginning = await read(logs, { nextToken: back.backward, limit: 4 })
  expect(beginning.messages).toEqual(['a'])
  const before = await read(logs, { nextToken: beginning.backward, limit: 4 })
  expect(before).toMatchObject({ messages: [], backward: beginning.backward })
})

test('a token of the end finds what comes later, also of an empty stream', async () => {
  const logs = new LogsWorld()
  await logs.fill()
  const empty = await read(logs)
  await logs.call('PutLogEvents', { ...STREAM, logEvents: [{ timestamp: NOW_MS, message: 'new' }] })
  expect((await read(logs, { nextToken: empty.forward })).messages).toEqual(['new'])
  const before = await read(logs, { nextToken: empty.backward })
  expect(before.messages).toEqual([])
  expect((await read(logs, { nextToken: before.forward })).messages).toEqual(['new'])
})

test('the beginning of a time is in it, its end is not', async () => {
  const logs = new LogsWorld()
  await logs.fill('a', 'b', 'c')
  expect((await read(logs, { startTime: NOW_MS + 1, endTime: NOW_MS + 2 })).messages).toEqual(['b'])
})

test('what the lake said just now is read', async () => {
  const logs = new LogsWorld()
  logs.store.append('/aws/kinesisfirehose/clicks', 'DestinationDelivery', 'S3.NoSuchBucket')
  const stream = { logGroupName: '/aws/kinesisfirehose/clicks', logStreamName: 'DestinationDelivery' }
  expect((await logs.call('GetLogEvents', stream)).events).toMatchObject([{ message: 'S3.NoSuchBucket' }])
})

test('events that are too old, expired or too new are named, the others are kept', async () => {
  const logs = new LogsWorld()
  await logs.fill()
  await logs.call('PutRetentionPolicy', { ...GROUP, retentionInDays: 1 })
  const logEvents = [
    { timestamp: NOW_MS - 15 * DAY_MS, message: 'too old' },
    { timestamp: NOW_MS - 2 * DAY_MS, message: 'expired' },
    { timestamp: NOW_MS - HOUR_MS, message: 'kept' },
    { timestamp: NOW_MS + 2 * HOUR_MS, message: 'kept too' },
    { timestamp: NOW_MS + 2 * HOUR_MS + 1, message: 'too new' },
  ]
  expect(await logs.call('PutLogEvents', { ...STREAM, logEvents })).toMatchObject({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 },
  })
  expect((await read(logs)).messages).toEqual(['kept', 'kept too'])
})

test('an entity is not kept, which is said without refusing the events', async () => {
  const logs = new LogsWorld()
  await logs.fill()
  const answer = await logs.call('PutLogEvents', {
    ...STREAM,
    logEvents: [{ timestamp: NOW_MS, message: 'm' }],
    entity: { keyAttributes: { Type: 'Service' } },
  })
  expect(answer).toMatchObject({ rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' } })
  expect((await read(logs)).messages).toEqual(['m'])
})

const large = (bytes: number) => [{ timestamp: NOW_MS, message: 'é'.repeat((bytes - 26) / 2) }]

test('a batch of exactly the bytes that are allowed is taken', async () => {
  const logs = new LogsWorld()
  await logs.fill()
  await expect(logs.call('PutLogEvents', { ...STREAM, logEvents: large(1_048_576) })).resolves.toBeDefined()
})

test.each([
  ['two bytes more', large(1_048_578), 'Upload too large: 1048578 bytes exceeds limit of 1048576'],
  [
    'events out of order',
    [
      { timestamp: NOW_MS, message: 'b' },
      { timestamp: NOW_MS - 1, message: 'a' },
    ],
    'Log events in a single PutLogEvents request must be in chronological order.',
  ],
  [
    'events of more than a day',
    [
      { timestamp: NOW_MS - DAY_MS - 1, message: 'a' },
      { timestamp: NOW_MS, message: 'b' },
    ],
    'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  ],
])('%s are refused', async (_what, logEvents, text) => {
  const logs = new LogsWorld()
  await logs.fill()
  await expect(logs.call('PutLogEvents', { ...STREAM, logEvents })).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: expect.stringContaining(text),
  })
  expect((await read(logs)).messages).toEqual([])
})

async function searched(logs: LogsWorld, asked: object): Promise<string[]> {
  const found: string[] = []
  let nextToken: string | undefined
  do {
    const answer = await logs.call('FilterLogEvents', { ...GROUP, ...asked, ...(nextToken && { nextToken }) })
    found.push(...(answer.events ?? []).map(({ logStreamName, message }) => `${logStreamName}: ${message}`))
    nextToken = answer.nextToken
  } while (nextToken !== undefined)
  return found
}

async function twoStreams(): Promise<LogsWorld> {
  const logs = new LogsWorld()
  await logs.fill('ERROR a', 'ok b', 'ERROR c')
  await logs.call('CreateLogStream', { ...GROUP, logStreamName: 't' })
  const logEvents = [
    { timestamp: NOW_MS, message: 'ERROR d' },
    { timestamp: NOW_MS + 5, message: 'ok e' },
  ]
  await logs.call('PutLogEvents', { ...GROUP, logStreamName: 't', logEvents })
  return logs
}

test.each([
  [{}, ['s: ERROR a', 't: ERROR d', 's: ok b', 's: ERROR c', 't: ok e']],
  [{ filterPattern: 'ERROR' }, ['s: ERROR a', 't: ERROR d', 's: ERROR c']],
  [{ filterPattern: 'ERROR -d' }, ['s: ERROR a', 's: ERROR c']],
  [{ logStreamNames: ['t'] }, ['t: ERROR d', 't: ok e']],
  [{ logStreamNamePrefix: 's', filterPattern: 'ok' }, ['s: ok b']],
  [{ logStreamNames: ['s', 't'], startTime: NOW_MS + 2 }, ['s: ERROR c', 't: ok e']],
  [{ endTime: NOW_MS + 1, limit: 1 }, ['s: ERROR a', 't: ERROR d']],
  [{ limit: 2 }, ['s: ERROR a', 't: ERROR d', 's: ok b', 's: ERROR c', 't: ok e']],
  [{ logStreamNames: ['none'] }, []],
])('a search for %j finds %j', async (asked, expected) => {
  expect(await searched(await twoStreams(), asked)).toEqual(expected)
})

test('a search through more events than are looked at for one answer finds them all the same', async () => {
  const logs = new LogsWorld()
  for (let index = 0; index < 10_500; index++) logs.store.append('/lake/g', 's', index % 5250 === 0 ? 'ERROR' : 'ok')
  await logs.store.flush()
  expect(await searched(logs, { filterPattern: 'ERROR' })).toHaveLength(2)
})

test.each([
  [{ filterPattern: '{ $.a = 1 }' }, 'A JSON filter pattern is not offered by lakelet.'],
  [{ filterPattern: 'a.b' }, "Invalid character(s) in term 'a.b'"],
  [{ logStreamNames: ['s'], logStreamNamePrefix: 's' }, 'mutually exclusive'],
  [{ nextToken: 'x' }, 'The specified nextToken is invalid.'],
])('a search for %j is refused', async (asked, text) => {
  const logs = await twoStreams()
  await expect(logs.call('FilterLogEvents', { ...GROUP, ...asked })).rejects.toMatchObject({
    code: 'InvalidParameterException',
    message: expect.stringContaining(text),
  })
})

test('a token of another sort is refused', async () => {
  const logs = await twoStreams()
  for (const nextToken of ['x', 'f/1/s', `f/${'9'.repeat(56)}/s`]) {
    await expect(logs.call('GetLogEvents', { ...STREAM, nextToken })).rejects.toMatchObject({
      message: 'The specified nextToken is invalid.',
    })
  }
})

test('every operation of the model is in the table, with the permission AWS names', () => {
  const { service } = new LogsWorld()
  expect(Object.keys(service.operations).sort()).toEqual(Object.keys(logsModel.operations).sort())
  expect(Object.keys(service.permissions).sort()).toEqual(Object.keys(service.operations).sort())
  const asked = (name: string, input: object) =>
    service.permissions[name]?.(input as never, service.context, rootCaller())
  expect(asked('PutLogEvents', STREAM)).toEqual([
    { action: 'logs:PutLogEvents', resource: `${ARN}:/lake/g:log-stream:s` },
  ])
  expect(asked('FilterLogEvents', { logGroupIdentifier: `${ARN}:/lake/g:*` })).toEqual([
    { action: 'logs:FilterLogEvents', resource: `${ARN}:/lake/g:log-stream:` },
  ])
  expect(asked('CreateLogGroup', { ...GROUP, tags: { a: '1' } })).toEqual([
    { action: 'logs:CreateLogGroup', resource: `${ARN}:/lake/g:log-stream:`, facts: expect.anything() },
    {
      action: 'logs:TagResource',
      resource: `${ARN}:/lake/g`,
      facts: { 'aws:requesttag/a': ['1'], 'aws:tagkeys': ['a'] },
    },
  ])
})
