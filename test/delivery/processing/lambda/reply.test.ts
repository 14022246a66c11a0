import { expect, test } from 'vitest'
import { type Reading, type Reply, readReply } from '../../../../src/delivery/processing/lambda/reply.ts'

function reply(status: number, body: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: Buffer.from(body) }
}

const said = (reading: Reading) => (reading.kind === 'answer' ? reading.document : reading.failure.code)

/** What the emulator of 2026-10-30 sends, with the Python runtime client 4.2.2 behind it. */
const EMULATOR: readonly [string, Reply, unknown][] = [
  ['a function that answers', reply(200, '{"records": []}'), { records: [] }],
  [
    'a function that throws',
    reply(200, '{"errorMessage": "boom", "errorType": "ValueError", "requestId": "ba6a", "stackTrace": ["  File"]}'),
    'Lambda.FunctionError',
  ],
  ['a function past its time', reply(200, 'Task timed out after 3.00 seconds'), 'Lambda.FunctionTimedOut'],
  [
    'a function whose process ends',
    reply(
      502,
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 098b Error: Runtime exited with error: exit status 1"}',
    ),
    'Lambda.FunctionError',
  ],
  [
    'a function that returns too much',
    reply(
      502,
      '{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}',
    ),
    'Lambda.FunctionError',
  ],
  ['another path than its own', reply(404, '404 page not found\n'), 'Lambda.ResourceNotFound'],
]

test.each(EMULATOR)('AWS’s emulator is understood: %s', (_what, given, expected) => {
  expect(said(readReply(given))).toEqual(expected)
})

const UNHANDLED = { 'x-amz-function-error': 'Unhandled' }

test.each<[string, Reply, string]>([
  ['handled or not', reply(200, '{}', { 'x-amz-function-error': 'Handled' }), 'Lambda.FunctionError'],
  ['even with records', reply(200, '{"records":[]}', UNHANDLED), 'Lambda.FunctionError'],
  [
    'a time-out',
    reply(200, '{"errorMessage":"x 2f8 Task timed out after 3.00 seconds"}', UNHANDLED),
    'Lambda.FunctionTimedOut',
  ],
  [
    'an exception of the API',
    reply(502, '{"Message":"No."}', { 'x-amzn-errortype': 'ENILimitReachedException:http://x' }),
    'Lambda.ENILimitReachedException',
  ],
  ['a name that is none', reply(500, '', { 'x-amzn-errortype': 'a b' }), 'Lambda.ServiceException'],
])('Lambda is understood: %s', (_what, given, expected) => {
  expect(said(readReply(given))).toBe(expected)
})

test('a text of AWS’s own goes before what the server says', () => {
  const reading = readReply(reply(502, '{"Message":"No."}', { 'x-amzn-errortype': 'InvalidSubnetIDException' }))
  expect(reading).toMatchObject({
    failure: {
      message:
        'The specified subnet ID in the Lambda function VPC configuration is invalid. Ensure that the subnet ID is valid.',
    },
  })
})

test('records that hold an errorMessage and an errorType are an answer', () => {
  const document = { records: [], errorMessage: 'a', errorType: 'b' }
  expect(readReply(reply(200, JSON.stringify(document)))).toEqual({ kind: 'answer', document })
})

test('the largest answer is read, one byte more is an error of the function', () => {
  const largest = `"${'x'.repeat(6_291_554)}"`
  expect(readReply(reply(200, largest)).kind).toBe('answer')
  expect(said(readReply(reply(200, `${largest} `)))).toBe('Lambda.FunctionError')
})

test('what the function said goes to the log, shortened', () => {
  const reading = readReply(reply(200, `{"errorMessage":"${'x'.repeat(5_000)}","errorType":"E"}`))
  expect(reading.kind === 'failure' && reading.detail.length).toBe(1_000)
})
