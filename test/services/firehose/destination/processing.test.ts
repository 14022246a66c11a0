import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProcessingStep } from '../../../../src/delivery/destination.ts'
import { describeProcessing, toSteps } from '../../../../src/services/firehose/destination/processing.ts'
import type { Processor, ProcessorParameterName, ProcessorType } from '../../../../src/wire/model/firehose.ts'

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:f'
const ROLE = 'arn:aws:iam::000000000000:role/r'

function processor(Type: ProcessorType, given: Partial<Record<ProcessorParameterName, string>> = {}): Processor {
  const entries = Object.entries(given) as [ProcessorParameterName, string][]
  return { Type, Parameters: entries.map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })) }
}

const lambda = (given: Partial<Record<ProcessorParameterName, string>>) =>
  processor('Lambda', { LambdaArn: ARN, ...given })
const buffered = (BufferSizeInMBs: string, BufferIntervalInSeconds: string) =>
  lambda({ BufferSizeInMBs, BufferIntervalInSeconds })
const steps = (...Processors: Processor[]) => toSteps({ Enabled: true, Processors })

const decompression = processor('Decompression', { CompressionFormat: 'GZIP' })
const messages = processor('CloudWatchLogProcessing', { DataMessageExtraction: 'true' })
const query = processor('MetadataExtraction', { MetadataExtractionQuery: '{a:.a}', JsonParsingEngine: 'JQ-1.6' })
const json = processor('RecordDeAggregation', { SubRecordType: 'JSON' })
const lines = processor('AppendDelimiterToRecord')

const DEFAULT_LAMBDA = {
  kind: 'lambda',
  functionArn: ARN,
  bufferBytes: 1_048_576,
  bufferIntervalMs: 60_000,
  retries: 3,
} as const

/** [what, processors, what is done with records] */
const meant: [string, Processor[], ProcessingStep[]][] = [
  ['a function by its name alone', [lambda({})], [DEFAULT_LAMBDA]],
  [
    'a function in full',
    [
      lambda({
        LambdaArn: `${ARN}:$LATEST`,
        RoleArn: ROLE,
        NumberOfRetries: '0',
        BufferSizeInMBs: '0.2',
        BufferIntervalInSeconds: '0',
      }),
    ],
    [
      {
        kind: 'lambda',
        functionArn: `${ARN}:$LATEST`,
        roleArn: ROLE,
        bufferBytes: 209_715,
        bufferIntervalMs: 0,
        retries: 0,
      },
    ],
  ],
  [
    'a function at its upper bounds',
    [lambda({ NumberOfRetries: '300', BufferSizeInMBs: '3', BufferIntervalInSeconds: '900' })],
    [{ ...DEFAULT_LAMBDA, retries: 300, bufferBytes: 3_145_728, bufferIntervalMs: 900_000 }],
  ],
  ['a query', [query], [{ kind: 'extractMetadata', query: '{a:.a}' }]],
  ['JSON taken apart', [json], [{ kind: 'deaggregate', subRecord: { kind: 'json' } }]],
  [
    'delimited records taken apart',
    [processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: 'IyMjIw==' })],
    [{ kind: 'deaggregate', subRecord: { kind: 'delimited', delimiter: 'IyMjIw==' } }],
  ],
  ['a newline after each record', [lines], [{ kind: 'appendDelimiter', delimiter: '\n' }]],
  [
    'a newline written as the CLI sends it',
    [processor('AppendDelimiterToRecord', { Delimiter: '\\n' })],
    [{ kind: 'appendDelimiter', delimiter: '\n' }],
  ],
  [
    'any other delimiter',
    [processor('AppendDelimiterToRecord', { Delimiter: '|\\r\\t\\\\n' })],
    [{ kind: 'appendDelimiter', delimiter: '|\r\t\\n' }],
  ],
  [
    'CloudWatch logs',
    [decompression, processor('CloudWatchLogProcessing', { DataMessageExtraction: 'True' })],
    [{ kind: 'decompress' }, { kind: 'extractLogMessages' }],
  ],
  [
    'CloudWatch logs whose messages stay where they are',
    [decompression, processor('CloudWatchLogProcessing', { DataMessageExtraction: 'false' })],
    [{ kind: 'decompress' }],
  ],
  [
    "five processors, sent in no order, run in AWS's",
    [lines, query, lambda({}), json, decompression],
    [
      { kind: 'decompress' },
      { kind: 'deaggregate', subRecord: { kind: 'json' } },
      DEFAULT_LAMBDA,
      { kind: 'extractMetadata', query: '{a:.a}' },
      { kind: 'appendDelimiter', delimiter: '\n' },
    ],
  ],
]

for (const [what, processors, expected] of meant)
  test(`${what}: understood`, () => expect(steps(...processors)).toEqual(expected))

test('processing that is not said to be on is off, whatever is in it', () => {
  for (const config of [undefined, {}, { Processors: [processor('Lambda')] }, { Enabled: false, Processors: [] }])
    expect(toSteps(config)).toEqual([])
})

const COUNT = 'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.'
const BOTH =
  'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.'
const SIZE = 'BufferSizeInMBs for lambda processor must be between 0.2 and 3.'
const INTERVAL = 'BufferIntervalInSeconds for lambda processor must be between 0 and 900.'
const RETRIES = 'Number of retries for lambda must be between 0 and 300.'
const ENGINE = 'MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6'
const EXTRACTION = 'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.'

/** [what, processors, AWS's words] */
const refused: [string, Processor[], string][] = [
  ['no processor', [], COUNT],
  ['six processors', [lines, query, lambda({}), json, decompression, messages], COUNT],
  ['two functions', [lambda({}), lambda({})], 'Cannot have more than 1 Lambda processor.'],
  ['two delimiters', [lines, lines], 'Cannot have more than 1 AppendDelimiterToRecord processor.'],
  ['no function', [processor('Lambda')], 'LambdaArn is required when Lambda processor is used.'],
  ['what is no function', [lambda({ LambdaArn: 'f' })], 'LambdaArn f does not name a Lambda function.'],
  ['a size without an interval', [lambda({ BufferSizeInMBs: '1' })], BOTH],
  ['an interval without a size', [lambda({ BufferIntervalInSeconds: '60' })], BOTH],
  ['0.19 MB', [buffered('0.19', '60')], SIZE],
  ['3.1 MB', [buffered('3.1', '60')], SIZE],
  ['a size that is no number', [buffered('1e0', '60')], SIZE],
  ['901 s', [buffered('1', '901')], INTERVAL],
  ['-1 s', [buffered('1', '-1')], INTERVAL],
  ['half a second', [buffered('1', '0.5')], INTERVAL],
  ['301 retries', [lambda({ NumberOfRetries: '301' })], RETRIES],
  ['-1 retries', [lambda({ NumberOfRetries: '-1' })], RETRIES],
  ['a retry and a half', [lambda({ NumberOfRetries: '1.5' })], RETRIES],
  ['another engine', [processor('MetadataExtraction', { JsonParsingEngine: 'JQ-1.7' })], ENGINE],
  ['no engine', [processor('MetadataExtraction', { MetadataExtractionQuery: '{}' })], ENGINE],
  [
    'no query',
    [processor('MetadataExtraction', { JsonParsingEngine: 'JQ-1.6' })],
    'MetaDataExtraction JQ Query is required when JQ-1.6 is used.',
  ],
  [
    'another way to take records apart',
    [processor('RecordDeAggregation', { SubRecordType: 'XML' })],
    'SubRecordType has to be one of JSON, DELIMITED',
  ],
  [
    'no delimiter to take records apart by',
    [processor('RecordDeAggregation', { SubRecordType: 'DELIMITED' })],
    'Delimiter should be present for DELIMITED',
  ],
  [
    'a delimiter that is not base64',
    [processor('RecordDeAggregation', { SubRecordType: 'DELIMITED', Delimiter: '####' })],
    'Delimiter has to be a base64 encoded string for DELIMITED',
  ],
  [
    'messages of what is still compressed',
    [messages],
    'CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor',
  ],
  ['messages, perhaps', [decompression, processor('CloudWatchLogProcessing')], EXTRACTION],
  [
    'another word for yes',
    [decompression, processor('CloudWatchLogProcessing', { DataMessageExtraction: 'yes' })],
    EXTRACTION,
  ],
  [
    'another codec',
    [processor('Decompression', { CompressionFormat: 'ZIP' })],
    'Invalid parameter value for CompressionFormat. Allowed value is GZIP.',
  ],
  [
    'a parameter of another processor',
    [processor('Decompression', { CompressionFormat: 'GZIP', RoleArn: ROLE })],
    'RoleArn is not a parameter of Decompression processor.',
  ],
  [
    'a parameter twice',
    [{ Type: 'Decompression', Parameters: [...(decompression.Parameters ?? []), ...(decompression.Parameters ?? [])] }],
    'Cannot have more than 1 CompressionFormat parameter in Decompression processor.',
  ],
]

for (const [what, processors, message] of refused)
  test(`${what}: refused`, () =>
    expect(() => steps(...processors)).toThrow(expect.objectContaining({ code: 'InvalidArgumentException', message })))

test("a function is described with AWS's defaults and in AWS's order, the others as they were sent", () => {
  const sent = {
    Enabled: true,
    Processors: [lines, json, lambda({ BufferSizeInMBs: '2', BufferIntervalInSeconds: '61' })],
  }
  expect(describeProcessing(sent, ROLE)).toEqual({
    Enabled: true,
    Processors: [
      lines,
      json,
      {
        Type: 'Lambda',
        Parameters: [
          { ParameterName: 'LambdaArn', ParameterValue: ARN },
          { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
          { ParameterName: 'RoleArn', ParameterValue: ROLE },
          { ParameterName: 'BufferSizeInMBs', ParameterValue: '2' },
          { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '61' },
        ],
      },
    ],
  })
})

test('what a description says means what was sent', () => {
  const whole = (max: number) => fc.integer({ min: 0, max }).map(String)
  const given = fc.record(
    { NumberOfRetries: whole(300), RoleArn: fc.constant(ROLE) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<Record<ProcessorParameterName, string>>>
  const hints = fc.option(fc.tuple(fc.constantFrom('0.2', '1', '2.5', '3'), whole(900)), { nil: undefined })
  fc.assert(
    fc.property(given, hints, (parameters, buffering) => {
      const [BufferSizeInMBs = '1', BufferIntervalInSeconds = '60'] = buffering ?? []
      const sent = {
        Enabled: true,
        Processors: [lambda(buffering ? { ...parameters, BufferSizeInMBs, BufferIntervalInSeconds } : parameters)],
      }
      const [step] = toSteps(sent)
      expect(toSteps(describeProcessing(sent, ROLE))).toEqual([{ ...step, roleArn: ROLE }])
    }),
  )
})
