import { expect, test } from 'vitest'
import { jsonCodec } from '../../../src/wire/aws-json/index.ts'
import { WireError } from '../../../src/wire/error.ts'
import { athenaModel } from '../../../src/wire/model/athena.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'
import { glueModel } from '../../../src/wire/model/glue.ts'

test('outputs: absent members stay away, instants are epoch seconds with milliseconds', () => {
  const { body, headers } = jsonCodec(glueModel).encode('GetDatabase', {
    Database: { Name: 'd', Description: undefined, CreateTime: new Date(1_700_000_000_123), Parameters: {} },
  })
  expect(body).toBe('{"Database":{"Name":"d","Parameters":{},"CreateTime":1700000000.123}}')
  expect(headers).toEqual({ 'content-type': 'application/x-amz-json-1.1' })
})

test('an operation without output answers an empty object', () => {
  expect(jsonCodec(glueModel).encode('DeleteDatabase', {}).body).toBe('{}')
})

test.each([
  [
    firehoseModel,
    new WireError('ResourceNotFoundException', 'gone'),
    '{"__type":"ResourceNotFoundException","message":"gone"}',
  ],
  [
    glueModel,
    new WireError('EntityNotFoundException', 'gone'),
    '{"__type":"EntityNotFoundException","Message":"gone"}',
  ],
  [
    athenaModel,
    new WireError('InvalidRequestException', 'bad', { extra: { AthenaErrorCode: 'MALFORMED_QUERY' } }),
    '{"__type":"InvalidRequestException","AthenaErrorCode":"MALFORMED_QUERY","ErrorCode":"MALFORMED_QUERY","Message":"bad"}',
  ],
  [athenaModel, new WireError('SerializationException', ''), '{"__type":"SerializationException"}'],
])('errors spell their text as each service does (%#)', (model, error, expected) => {
  const answer = jsonCodec(model).encodeError(error)
  expect(answer.body).toBe(expected)
  expect(answer.status).toBe(400)
})

test('Athena calls a broken constraint an invalid request', () => {
  expect(() => jsonCodec(athenaModel).decode('GetQueryExecution', Buffer.from('{}'))).toThrow(
    expect.objectContaining({ code: 'InvalidRequestException', extra: { AthenaErrorCode: 'INVALID_INPUT' } }),
  )
  expect(() => jsonCodec(glueModel).decode('GetDatabase', Buffer.from('{}'))).toThrow(
    expect.objectContaining({ code: 'ValidationException' }),
  )
})

test('texts are escaped as JSON wants, in values and in keys of maps', () => {
  const description = 'a "quoted" \\ back\nline \u0001 é 😀'
  const output = { Database: { Name: 'd', Description: description, Parameters: { 'a"b': 'c\td', plain: '' } } }
  expect(JSON.parse(jsonCodec(glueModel).encode('GetDatabase', output).body as string)).toEqual(output)
})

test('an answer to a batch spells ids and refusals as they are', () => {
  const output = {
    FailedPutCount: 1,
    Encrypted: false,
    RequestResponses: [
      { RecordId: 'Abc0123' },
      { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow "down".' },
    ],
  }
  expect(jsonCodec(firehoseModel).encode('PutRecordBatch', output).body).toBe(JSON.stringify(output))
  expect(jsonCodec(firehoseModel).encode('PutRecordBatch', { ...output, RequestResponses: [] }).body).toBe(
    '{"FailedPutCount":1,"Encrypted":false,"RequestResponses":[]}',
  )
})
