import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LambdaFunctions } from '../../../../src/delivery/processing/lambda/functions.ts'
import { type InvocationFigures, type LambdaStep, lambda } from '../../../../src/delivery/processing/lambda/lambda.ts'
import type { StreamRecord } from '../../../../src/delivery/processing/record.ts'
import { Ids } from '../../../../src/platform/ids.ts'
import { type LogFields, silentLog } from '../../../../src/platform/log.ts'
import { seededRandom } from '../../../../src/platform/random.ts'
import { FakeClock, settle } from '../../../support/fake-clock.ts'
import {
  answers,
  answersForEver,
  type Behaviour,
  dataOf,
  dripsOnce,
  echo,
  exception,
  FakeFunctions,
  type FunctionEvent,
  functionError,
  hangsUp,
  hangsUpMidway,
  never,
  returns,
  says,
} from './fake-functions.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:clean'
const STREAM_ARN = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks'
const ARRIVAL_MS = Date.UTC(2026, 0, 15, 11, 59, 0)

let functions: FakeFunctions
beforeAll(async () => {
  functions = await FakeFunctions.start()
})
afterAll(() => functions.close())

/** Waiting for the next attempt takes no time, and is remembered. */
class ImpatientClock extends FakeClock {
  readonly slept: number[] = []

  override sleep(delayMs: number): Promise<void> {
    this.slept.push(delayMs)
    this.jumpTo(this.nowMs() + delayMs)
    return Promise.resolve()
  }
}

function processor<Time extends FakeClock>(
  clock: Time,
  step: Partial<LambdaStep> = {},
  urls: Readonly<Record<string, string>> = { clean: functions.url },
) {
  const logged: LogFields[] = []
  const figures: InvocationFigures[] = []
  const random = seededRandom(1)
  const made = lambda(
    { kind: 'lambda', functionArn: ARN, bufferBytes: 1_048_576, bufferIntervalMs: 60_000, retries: 3, ...step },
    {
      functions: new LambdaFunctions(urls, clock),
      stream: { name: 'clicks', arn: STREAM_ARN },
      region: 'us-east-1',
      clock,
      random,
      ids: new Ids(random),
      log: { ...silentLog, warn: (_event, fields = {}) => void logged.push(fields) },
      observe: (invocation) => void figures.push(invocation),
    },
  )
  const run = (records: readonly StreamRecord[], signal = new AbortController().signal) => made.process(records, signal)
  return { clock, logged, figures, run }
}

function record(text: string, more: Partial<StreamRecord> = {}): StreamRecord {
  const data = Buffer.from(text)
  return { data, source: { data, arrivalMs: ARRIVAL_MS }, ...more }
}

const texts = (records: readonly StreamRecord[]) => records.map(({ data }) => Buffer.from(data).toString('utf8'))
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('the function gets the event that AWS sends it, and its records become the stream’s', async () => {
  functions.behave(
    answers(({ recordId, data }) => ({ recordId, result: 'Ok', data: base64(`<${Buffer.from(data, 'base64')}>`) })),
  )
  const { run } = processor(new ImpatientClock(), { functionArn: `${ARN}:prod` })
  const outcome = await run([record('a'), record('ü\u0000')])

  expect(texts(outcome.records)).toEqual(['<a>', '<ü\u0000>'])
  expect(outcome.failed).toEqual([])
  const [received] = functions.received
  expect(received?.path).toBe('/2015-03-31/functions/clean/invocations?Qualifier=prod')
  expect(received?.headers).toMatchObject({
    'x-amz-invocation-type': 'RequestResponse',
    'content-type': 'application/json',
  })
  const id = expect.stringMatching(/^\d{62}$/)
  expect(received?.event).toEqual({
    invocationId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    deliveryStreamArn: STREAM_ARN,
    region: 'us-east-1',
    records: [
      { recordId: id, approximateArrivalTimestamp: ARRIVAL_MS, data: base64('a') },
      { recordId: id, approximateArrivalTimestamp: ARRIVAL_MS, data: base64('ü\u0000') },
    ],
  })
  expect(new Set(received?.event.records.map(({ recordId }) => recordId)).size).toBe(2)
})

test('what the function drops is gone, what it fails is kept as the producer put it', async () => {
  functions.behave(
    answers(({ recordId, data }, index) => ({ recordId, data, result: ['Ok', 'Dropped', 'ProcessingFailed'][index] })),
  )
  const { clock, run } = processor(new ImpatientClock())
  const source = { data: Buffer.from('as it was put'), arrivalMs: ARRIVAL_MS }
  const outcome = await run([record('kept'), record('dropped'), record('failed', { source })])

  expect(texts(outcome.records)).toEqual(['kept'])
  expect(outcome.failed).toEqual([
    {
      outputType: 'processing-failed',
      entry: {
        attemptsMade: 1,
        arrivalTimestamp: ARRIVAL_MS,
        errorCode: 'Lambda.ProcessingFailedStatus',
        errorMessage: 'ProcessingFailed status set for record',
        attemptEndingTimestamp: clock.nowMs(),
        rawData: base64('as it was put'),
        lambdaArn: ARN,
      },
    },
  ])
  expect(Object.keys(outcome.failed[0]?.entry ?? {})).toEqual([
    'attemptsMade',
    'arrivalTimestamp',
    'errorCode',
    'errorMessage',
    'attemptEndingTimestamp',
    'rawData',
    'lambdaArn',
  ])
})

test('partition keys of the function join those of the query', async () => {
  functions.behave(
    answers(({ recordId, data }) => ({
      recordId,
      data,
      result: 'Ok',
      metadata: { partitionKeys: { customer: dataOf({ recordId, data, approximateArrivalTimestamp: 0 }) } },
    })),
  )
  const { run } = processor(new ImpatientClock())
  const outcome = await run([record('a'), record('b', { partitionKeys: { fromQuery: { year: '2026' } } })])
  expect(outcome.records.map(({ partitionKeys }) => partitionKeys)).toEqual([
    { fromLambda: { customer: 'a' } },
    { fromLambda: { customer: 'b' }, fromQuery: { year: '2026' } },
  ])
})

test('partition keys found before stay when the function gives none', async () => {
  functions.behave(echo)
  const partitionKeys = { fromQuery: { year: '2026' } }
  const { records } = await processor(new ImpatientClock()).run([record('a', { partitionKeys })])
  expect(records[0]?.partitionKeys).toEqual(partitionKeys)
})

const TIMED_OUT = 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.'
const ERROR_RESULT = 'The Lambda function was successfully invoked but it returned an error result.'
const DENIED = 'Access was denied. Ensure that the access policy allows access to the Lambda function.'
const LIMIT = 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.'
const NO_FUNCTION = 'The specified Lambda function does not exist. Use a different function that does exist.'
const PARSING =
  'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Amazon Data Firehose.'
const MISSING =
  'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.'

/** A failure of the invocation: AWS makes it again, four attempts as a rule. */
const MADE_AGAIN: readonly [string, Behaviour, string, string][] = [
  ['throws', functionError('boom', 'ValueError'), 'FunctionError', ERROR_RESULT],
  ['runs into its own limit', functionError('2026 x Task timed out after 3.00 seconds'), 'FunctionTimedOut', TIMED_OUT],
  ['may not be invoked', exception(403, 'AccessDeniedException'), 'InvokeAccessDenied', DENIED],
  ['wants a signature', exception(401), 'InvokeAccessDenied', DENIED],
  ['is not there', exception(404, 'ResourceNotFoundException'), 'ResourceNotFound', NO_FUNCTION],
  ['is throttled', exception(429, 'TooManyRequestsException'), 'InvokeLimitExceeded', LIMIT],
  [
    'meets a fault',
    exception(500, 'ServiceException'),
    'ServiceException',
    'The AWS Lambda service encountered an internal error.',
  ],
  ['meets a gateway’s limit', says(504, ''), 'FunctionTimedOut', TIMED_OUT],
  ['meets another refusal', exception(409, 'ResourceConflictException', 'Busy.'), 'ResourceConflictException', 'Busy.'],
  [
    'is no Lambda at all',
    says(418, 'teapot'),
    'ServiceException',
    'The address of the Lambda function answered HTTP status 418.',
  ],
]

test.each(MADE_AGAIN)(
  'a function that %s is invoked again, then its records fail',
  async (_what, behaviour, code, text) => {
    functions.behave(behaviour)
    const { clock, logged, figures, run } = processor(new ImpatientClock())
    const { records, failed } = await run([record('a'), record('b')])

    expect(records).toEqual([])
    expect(failed.map(({ entry }) => entry)).toEqual(
      ['a', 'b'].map((raw) => ({
        attemptsMade: 4,
        arrivalTimestamp: ARRIVAL_MS,
        errorCode: `Lambda.${code}`,
        errorMessage: text,
        attemptEndingTimestamp: clock.nowMs(),
        rawData: base64(raw),
        lambdaArn: ARN,
      })),
    )
    expect(functions.received).toHaveLength(4)
    expect(new Set(functions.received.map(({ body }) => body)).size).toBe(1)
    expect(clock.slept).toHaveLength(3)
    expect(logged.map((fields) => [fields['attemptsMade'], fields['code']])).toEqual(
      [1, 2, 3, 4].map((made) => [made, `Lambda.${code}`]),
    )
    expect(figures.map(({ isSuccess, records: count }) => [isSuccess, count])).toEqual(new Array(4).fill([false, 2]))
    expect(clock.waiting).toBe(0)
  },
)

test.each([
  ['hangs up', hangsUp],
  ['hangs up in the middle of its answer', hangsUpMidway],
] as const)(
  'a function that %s is invoked again, then its records fail by a name of ours',
  async (_what, behaviour) => {
    functions.behave(behaviour)
    const { failed } = await processor(new ImpatientClock()).run([record('a')])
    const where = `${functions.url}/2015-03-31/functions/clean/invocations`
    expect(failed[0]?.entry).toMatchObject({
      attemptsMade: 4,
      errorCode: 'Lambda.ConnectionFailed',
      errorMessage: expect.stringContaining(`The connection to the Lambda function at ${where} failed: `),
    })
  },
)

test('nobody listening is a failed connection that says where', async () => {
  const closed = await FakeFunctions.start()
  const { url } = closed
  await closed.close()
  const { clock, run } = processor(new ImpatientClock(), { retries: 1 }, { clean: `${url}/here?secret=1` })
  const { entry } = (await run([record('a')])).failed[0] ?? {}
  expect(entry).toMatchObject({ attemptsMade: 2, errorCode: 'Lambda.ConnectionFailed' })
  expect(entry?.['errorMessage']).toContain(`${url}/here failed: connect ECONNREFUSED`)
  expect(entry?.['errorMessage']).not.toContain('secret')
  expect(clock.slept).toHaveLength(1)
})

/** An answer that has come is final. */
const FINAL: readonly [string, Behaviour, string, string][] = [
  ['no JSON', says(200, '<html>'), 'JsonProcessingException', PARSING],
  ['nothing', says(200, ''), 'JsonProcessingException', PARSING],
  ['a text', returns(() => 'Ok'), 'JsonProcessingException', PARSING],
  ['a list', returns(({ records }) => records), 'JsonProcessingException', PARSING],
  ['records that are none', returns(() => ({ records: [1] })), 'JsonProcessingException', PARSING],
  ['null', returns(() => null), 'MissingRecordId', MISSING],
  ['no records', returns(() => ({ status: 'done' })), 'MissingRecordId', MISSING],
  [
    'strange ids',
    answers(({ data }, index) => ({ recordId: `${index}`, result: 'Ok', data })),
    'MissingRecordId',
    MISSING,
  ],
  ['no ids', answers(({ data }) => ({ result: 'Ok', data })), 'MissingRecordId', MISSING],
  [
    'ids twice',
    returns(({ records }) => ({ records: [...records, ...records].map((all) => ({ ...all, result: 'Ok' })) })),
    'DuplicatedRecordId',
    'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
  ],
  [
    'a word that is no result',
    answers((all) => ({ ...all, result: 'ok' })),
    'FunctionError',
    'Invalid output structure. Check your function and make sure the output is in the required format. Also, make sure the processed records contain a valid result status of Dropped, Ok, or ProcessingFailed.',
  ],
  [
    'Ok without data',
    answers(({ recordId }) => ({ recordId, result: 'Ok' })),
    'InvalidReturnFormat',
    'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource and processing result is Ok.',
  ],
  [
    'data that is not base64',
    answers(({ recordId }) => ({ recordId, result: 'Ok', data: 'né' })),
    'JsonProcessingException',
    PARSING,
  ],
]

test.each(FINAL)('a function that returns %s is not invoked again', async (_what, behaviour, code, text) => {
  functions.behave(behaviour)
  const { figures, run } = processor(new ImpatientClock())
  const { records, failed } = await run([record('a')])
  expect(records).toEqual([])
  expect(failed[0]?.entry).toMatchObject({
    attemptsMade: 1,
    errorCode: `Lambda.${code}`,
    errorMessage: text,
    rawData: base64('a'),
  })
  expect(functions.received).toHaveLength(1)
  expect(figures).toMatchObject([{ isSuccess: true }])
})

test('one bad entry does not take its neighbours with it', async () => {
  functions.behave(
    returns(({ records: [a, b, c, d] }: FunctionEvent) => ({
      records: [
        { ...d, result: 'Ok' },
        { ...c, result: 'Maybe' },
        { ...a, result: 'Ok' },
        { recordId: 'never sent', result: 'Ok', data: '' },
        { ...b, recordId: undefined, result: 'Ok' },
      ],
    })),
  )
  const { records, failed } = await processor(new ImpatientClock()).run(
    ['a', 'b', 'c', 'd'].map((text) => record(text)),
  )
  expect(texts(records)).toEqual(['a', 'd'])
  expect(failed.map(({ entry }) => [entry['errorCode'], entry['rawData']])).toEqual([
    ['Lambda.MissingRecordId', base64('b')],
    ['Lambda.FunctionError', base64('c')],
  ])
})

test('an attempt that succeeds ends the trouble', async () => {
  functions.behave(exception(429), hangsUpMidway, functionError('boom'), echo)
  const { figures, run } = processor(new ImpatientClock())
  const { records, failed } = await run([record('a')])
  expect([texts(records), failed]).toEqual([['a'], []])
  expect(figures.map(({ isSuccess }) => isSuccess)).toEqual([false, false, false, true])
})

test('no more than 6 MB is read of an answer: the function returned an error', async () => {
  functions.behave(answersForEver)
  const { logged, run } = processor(new ImpatientClock(), { retries: 0 })
  expect((await run([record('a')])).failed[0]?.entry).toMatchObject({
    errorCode: 'Lambda.FunctionError',
    errorMessage: ERROR_RESULT,
  })
  expect(logged[0]?.['detail']).toBe('The answer is larger than 6291556 bytes.')
})

test('with no retries there is one attempt', async () => {
  functions.behave(functionError('boom'))
  const { clock, run } = processor(new ImpatientClock(), { retries: 0 })
  expect((await run([record('a')])).failed[0]?.entry['attemptsMade']).toBe(1)
  expect(clock.slept).toEqual([])
})

test('a function that no setting knows is named with the setting to use, and nothing is sent', async () => {
  const { clock, run } = processor(new ImpatientClock(), {}, { other: functions.url })
  functions.behave(echo)
  const { failed } = await run([record('a')])
  expect(failed[0]?.entry).toEqual({
    attemptsMade: 0,
    arrivalTimestamp: ARRIVAL_MS,
    errorCode: 'Lambda.ResourceNotFound',
    errorMessage: `${NO_FUNCTION} No address is set for ${ARN}: start the lake with --lambda clean=URL, or with LAKELET_LAMBDA.`,
    attemptEndingTimestamp: clock.nowMs(),
    rawData: base64('a'),
    lambdaArn: ARN,
  })
  expect(functions.received).toEqual([])
})

test.each([
  ['says nothing', never],
  ['drips its answer', dripsOnce],
] as const)('a function that %s is given up after five minutes', async (_what, behaviour) => {
  functions.behave(behaviour)
  const { clock, run } = processor(new FakeClock(), { retries: 0 })
  const outcome = run([record('a')])
  await functions.hasReceived(1)
  await clock.advance(299_999)
  expect(clock.waiting).toBe(1)
  await clock.advance(1)
  expect((await outcome).failed[0]?.entry).toMatchObject({
    attemptsMade: 1,
    errorCode: 'Lambda.FunctionTimedOut',
    errorMessage:
      'Firehose encountered timeout errors when calling AWS Lambda. The maximum supported function timeout is 5 minutes.',
    attemptEndingTimestamp: clock.nowMs(),
  })
})

test.each([
  ['an answer', never],
  ['the rest of an answer', dripsOnce],
] as const)('a lake that is shutting down does not wait for %s', async (_what, behaviour) => {
  functions.behave(behaviour)
  const ending = new AbortController()
  const { clock, run } = processor(new FakeClock())
  const outcome = run([record('a')], ending.signal)
  await functions.hasReceived(1)
  ending.abort(new Error('The lake is shutting down.'))
  await expect(outcome).rejects.toBe(ending.signal.reason)
  expect(clock.waiting).toBe(0)
  await expect(run([record('a')], ending.signal)).rejects.toBe(ending.signal.reason)
})

test('nor for the next attempt', async () => {
  functions.behave(functionError('boom'))
  const ending = new AbortController()
  const { clock, logged, run } = processor(new FakeClock())
  const outcome = run([record('a')], ending.signal)
  while (logged.length === 0) await settle()
  expect(clock.waiting).toBe(1)
  ending.abort(new Error('The lake is shutting down.'))
  await expect(outcome).rejects.toBe(ending.signal.reason)
  expect(clock.waiting).toBe(0)
})

test('when one invocation meets a fault of the lake, the others are over before that is told', async () => {
  functions.behave(echo, never)
  const { clock, figures, run } = processor(new FakeClock(), { bufferBytes: 1 })
  figures.push = () => {
    throw new Error('a bug')
  }
  await expect(run(['a', 'b', 'c'].map((text) => record(text)))).rejects.toThrow('a bug')
  expect(clock.waiting).toBe(0)
})

test('a signal that outlives an invocation keeps nothing of it', async () => {
  functions.behave(functionError('boom'), echo)
  const { signal } = new AbortController()
  await processor(new ImpatientClock()).run([record('a')], signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('records keep their order, however batches are answered, and five batches at most are under way', async () => {
  const held: (() => void)[] = []
  functions.behave((received, response) => held.push(() => void echo(received, response)))
  const { run } = processor(new FakeClock(), { bufferBytes: 10 })
  const names = Array.from({ length: 16 }, (_, index) => `record ${index}`.padEnd(10, ' '))
  // Two calls share the bound of the stream.
  const both = Promise.all([
    run(names.slice(0, 8).map((text) => record(text))),
    run(names.slice(8).map((text) => record(text))),
  ])
  for (let expected = 5, answered = 0; answered < 16; expected = Math.min(expected + 1, 16)) {
    await functions.hasReceived(expected)
    await settle()
    expect(functions.received.length).toBe(expected)
    // The last that came is answered first.
    held.pop()?.()
    answered += 1
  }
  const [first, second] = await both
  expect(texts([...first.records, ...second.records])).toEqual(names)
  expect(functions.received).toHaveLength(16)
})

test('a record that alone is larger than Lambda takes fails without being sent', async () => {
  functions.behave(echo)
  const { run } = processor(new ImpatientClock(), { bufferBytes: 3_145_728 })
  const { records, failed } = await run([record('a'), record('x'.repeat(4_800_000)), record('b')])
  expect(texts(records)).toEqual(['a', 'b'])
  expect(failed.map(({ entry }) => [entry['errorCode'], entry['attemptsMade']])).toEqual([
    ['Lambda.RequestTooLargeException', 0],
  ])
  expect(functions.received).toHaveLength(2)
})

test('nothing to do is nothing to ask', async () => {
  functions.behave(echo)
  expect(await processor(new ImpatientClock()).run([])).toEqual({ records: [], failed: [] })
  expect(functions.received).toEqual([])
})
