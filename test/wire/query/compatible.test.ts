import { expect, test } from 'vitest'
import { WireError } from '../../../src/wire/error.ts'
import { cloudwatchModel } from '../../../src/wire/model/cloudwatch.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'
import { queryErrorHeader } from '../../../src/wire/query/compatible.ts'
import { queryCodec } from '../../../src/wire/query/index.ts'

test.each([
  ['InvalidParameterCombinationException', 400, 'InvalidParameterCombination;Sender'],
  ['MissingRequiredParameterException', 400, 'MissingParameter;Sender'],
  ['ValidationException', 400, 'ValidationError;Sender'],
  ['AccessDeniedException', 403, 'AccessDenied;Sender'],
  ['InternalFailure', 500, 'InternalFailure;Receiver'],
])('clients are told the old name of %s', (code, status, expected) => {
  const header = queryErrorHeader(cloudwatchModel, new WireError(code, '', { status }))
  expect(header).toEqual({ 'x-amzn-query-error': expected })
})

test('a service that never spoke query has no old names', () => {
  expect(queryErrorHeader(firehoseModel, new WireError('ValidationException', ''))).toEqual({})
})

test('in the query protocol itself the old name is the name', () => {
  const { body } = queryCodec(cloudwatchModel).encodeError(new WireError('InvalidParameterValueException', 'No.'), 'id')
  expect(body).toContain('<Code>InvalidParameterValue</Code><Message>No.</Message>')
})
