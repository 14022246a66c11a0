import { expect, test } from 'vitest'
import { connectionFailed, failedRecord, failure } from '../../../../src/delivery/processing/lambda/failure.ts'

test('a host of several addresses is told with all of them', () => {
  const error = new AggregateError([
    new Error('connect ECONNREFUSED ::1:9'),
    new Error('connect ECONNREFUSED 127.0.0.1:9'),
  ])
  expect(connectionFailed(new URL('http://localhost:9/x?secret=1'), error)).toEqual({
    code: 'Lambda.ConnectionFailed',
    message:
      'The connection to the Lambda function at http://localhost:9/x failed: connect ECONNREFUSED ::1:9, connect ECONNREFUSED 127.0.0.1:9. Check that it runs there, or give another address with --lambda.',
  })
})

/** As AWS wrote it into an error object (2022), but for the names in it. */
const AWS_LINE =
  '{"attemptsMade":4,"arrivalTimestamp":1654710150135,"errorCode":"Lambda.FunctionTimedOut","errorMessage":"The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.","attemptEndingTimestamp":1654710238263,"rawData":"eyJhIjoxfQ==","lambdaArn":"arn"}'

test('a line is what AWS writes, byte for byte', () => {
  // A view into a larger buffer, as records are.
  const data = new Uint8Array(Buffer.from('..{"a":1}..')).subarray(2, 9)
  const source = { data, arrivalMs: 1654710150135 }
  const attempts = { functionArn: 'arn', made: 4, endedAtMs: 1654710238263 }
  const { outputType, entry } = failedRecord(source, failure('FunctionTimedOut'), attempts)
  expect(JSON.stringify(entry)).toBe(AWS_LINE)
  expect(outputType).toBe('processing-failed')
})
