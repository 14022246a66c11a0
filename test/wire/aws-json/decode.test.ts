import { expect, test } from 'vitest'
import { decodeJson } from '../../../src/wire/aws-json/decode.ts'
import { WireError } from '../../../src/wire/error.ts'
import { athenaModel } from '../../../src/wire/model/athena.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'
import { glueModel } from '../../../src/wire/model/glue.ts'

const decode = (model: typeof glueModel, shape: string, text: string) => decodeJson(model, shape, Buffer.from(text))

test.each([
  ['{"MaxResults":"ten"}', 'STRING_VALUE can not be converted to an Integer'],
  ['{"MaxResults":true}', 'TRUE_VALUE can not be converted to an Integer'],
  ['{"MaxResults":[1]}', 'Start of list found where not expected'],
  ['{"MaxResults":{}}', 'Start of structure or map found where not expected.'],
  ['{"WorkGroup":1}', 'NUMBER_VALUE can not be converted to a String'],
  ['{"WorkGroup":true}', 'TRUE_VALUE can not be converted to a String'],
  ['{"WorkGroup":false}', 'FALSE_VALUE can not be converted to a String'],
  ['[]', 'Start of list found where not expected'],
  ['3', 'Expected null'],
  ['{not json', ''],
  ['', undefined],
  ['  \n', undefined],
  ['null', undefined],
])('ListQueryExecutions %s', (text, message) => {
  if (message === undefined) return expect(decode(athenaModel, 'ListQueryExecutionsInput', text)).toEqual({})
  expect(() => decode(athenaModel, 'ListQueryExecutionsInput', text)).toThrow(
    expect.objectContaining({ code: 'SerializationException', message }),
  )
})

test('a list where one thing is wanted, and one thing where a list is wanted', () => {
  expect(() => decode(athenaModel, 'BatchGetQueryExecutionInput', '{"QueryExecutionIds":"a"}')).toThrow(
    'Expected list or null',
  )
  expect(() => decode(athenaModel, 'StartQueryExecutionInput', '{"QueryExecutionContext":"a"}')).toThrow(
    'Expected null',
  )
})

test('unknown members are ignored, null is absent, decimals are cut to integers', () => {
  const text = '{"MaxResults":7.9,"NextToken":null,"Nonsense":{"a":[1]},"__proto__":{"x":1},"constructor":1}'
  expect(decode(athenaModel, 'ListQueryExecutionsInput', text)).toEqual({ MaxResults: 7 })
})

test('timestamps are epoch seconds with fraction, maps keep their keys', () => {
  const text =
    '{"DatabaseName":"d","TableInput":{"Name":"t","LastAccessTime":1700000000.5,"Parameters":{"__proto__":"x","b":"c"}}}'
  const input = decode(glueModel, 'CreateTableRequest', text) as { TableInput: Record<string, unknown> }
  expect(input.TableInput['LastAccessTime']).toEqual(new Date(1_700_000_000_500))
  expect(Object.entries(input.TableInput['Parameters'] as object)).toEqual([
    ['__proto__', 'x'],
    ['b', 'c'],
  ])
})

test.each(['"abc"', '"ab=c"', '"ab-_"', '"a b="', '1'])('a blob %s is refused', (data) => {
  const text = `{"DeliveryStreamName":"s","Record":{"Data":${data}}}`
  expect(() => decode(firehoseModel, 'PutRecordInput', text)).toThrow(WireError)
})
