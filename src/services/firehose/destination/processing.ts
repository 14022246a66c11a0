/**
 * ProcessingConfiguration: processors with their parameters, all of them texts. Off unless it says that it is on, and
 * an update replaces it whole. AWS's words for what it refuses were tried in us-east-1, 2026-09.
 *
 * Described are the processors in the order they were sent in; a Lambda's parameters in AWS's order and with its
 * defaults filled in. They run in AWS's order, whatever the order they were sent in.
 */
import { MEBIBYTE, type ProcessingStep } from '../../../delivery/destination.ts'
import type {
  ProcessingConfiguration,
  Processor,
  ProcessorParameterName,
  ProcessorType,
} from '../../../wire/model/firehose.ts'
import { invalidArgument } from '../errors.ts'

/** Empty when processing is off, and when all that is configured is not to extract messages. */
export function toSteps(config: ProcessingConfiguration | undefined): readonly ProcessingStep[] {
  if (config?.Enabled !== true) return []
  const { Processors: processors = [] } = config
  if (processors.length < 1 || processors.length > PROCESSORS_MAX)
    throw invalidArgument(
      `A maximum of ${PROCESSORS_MAX} and a minimum of 1 processor needs to be supplied when processing is enabled.`,
    )
  refuseTwins(processors)
  const steps = processors.flatMap((processor) => PROCESSORS[processor.Type].step(parametersOf(processor)) ?? [])
  return steps.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/** `roleArn`: of the destination. */
export function describeProcessing(config: ProcessingConfiguration, roleArn: string): ProcessingConfiguration {
  if (config.Enabled !== true) return config
  return {
    Enabled: true,
    Processors: config.Processors?.map((processor) =>
      processor.Type === 'Lambda' ? describeLambda(parametersOf(processor), roleArn) : processor,
    ),
  }
}

const PROCESSORS_MAX = 5

/** AWS: records are taken apart, then transformed, then sorted into partitions. Delimiters come last. */
const ORDER: readonly ProcessingStep['kind'][] = [
  'decompress',
  'extractLogMessages',
  'deaggregate',
  'lambda',
  'extractMetadata',
  'appendDelimiter',
]

type Given = ReadonlyMap<ProcessorParameterName, string>

interface ProcessorRule {
  readonly parameters: readonly ProcessorParameterName[]
  /** undefined: configured to do nothing. */
  readonly step: (parameters: Given) => ProcessingStep | undefined
}

const PROCESSORS: Readonly<Record<ProcessorType, ProcessorRule>> = {
  Decompression: { parameters: ['CompressionFormat'], step: toDecompression },
  CloudWatchLogProcessing: { parameters: ['DataMessageExtraction'], step: toMessageExtraction },
  RecordDeAggregation: { parameters: ['SubRecordType', 'Delimiter'], step: toDeaggregation },
  Lambda: {
    parameters: ['LambdaArn', 'NumberOfRetries', 'RoleArn', 'BufferSizeInMBs', 'BufferIntervalInSeconds'],
    step: toLambda,
  },
  MetadataExtraction: { parameters: ['MetadataExtractionQuery', 'JsonParsingEngine'], step: toMetadataExtraction },
  AppendDelimiterToRecord: { parameters: ['Delimiter'], step: toDelimiter },
}

function refuseTwins(processors: readonly Processor[]): void {
  const types = processors.map(({ Type }) => Type)
  const twin = types.find((type, index) => types.indexOf(type) !== index)
  if (twin !== undefined) throw invalidArgument(`Cannot have more than 1 ${twin} processor.`)
  if (types.includes('CloudWatchLogProcessing') && !types.includes('Decompression'))
    throw invalidArgument('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor')
}

function parametersOf({ Type, Parameters = [] }: Processor): Given {
  const values = new Map<ProcessorParameterName, string>()
  for (const { ParameterName: name, ParameterValue: value } of Parameters) {
    if (!PROCESSORS[Type].parameters.includes(name))
      throw invalidArgument(`${name} is not a parameter of ${Type} processor.`)
    if (values.has(name)) throw invalidArgument(`Cannot have more than 1 ${name} parameter in ${Type} processor.`)
    values.set(name, value)
  }
  return values
}

function toDecompression(parameters: Given): ProcessingStep {
  if (parameters.get('CompressionFormat') === 'GZIP') return { kind: 'decompress' }
  throw invalidArgument('Invalid parameter value for CompressionFormat. Allowed value is GZIP.')
}

function toMessageExtraction(parameters: Given): ProcessingStep | undefined {
  const value = parameters.get('DataMessageExtraction')?.toLowerCase()
  if (value === 'true') return { kind: 'extractLogMessages' }
  if (value === 'false') return undefined
  throw invalidArgument('Invalid parameter value for DataMessageExtraction. Allowed values are True and False.')
}

function toDeaggregation(parameters: Given): ProcessingStep {
  const delimiter = parameters.get('Delimiter')
  switch (parameters.get('SubRecordType')) {
    case 'JSON':
      return { kind: 'deaggregate', subRecord: { kind: 'json' } }
    case 'DELIMITED':
      if (delimiter === undefined) throw invalidArgument('Delimiter should be present for DELIMITED')
      if (!isBase64(delimiter)) throw invalidArgument('Delimiter has to be a base64 encoded string for DELIMITED')
      return { kind: 'deaggregate', subRecord: { kind: 'delimited', delimiter } }
    default:
      throw invalidArgument('SubRecordType has to be one of JSON, DELIMITED')
  }
}

function isBase64(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64').toString('base64') === text
}

const RETRIES_DEFAULT = 3
const BUFFER_MB_DEFAULT = 1
const BUFFER_SECONDS_DEFAULT = 60
/** With or without a version or an alias. */
const FUNCTION_ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$/

function toLambda(parameters: Given): ProcessingStep {
  const functionArn = parameters.get('LambdaArn')
  const roleArn = parameters.get('RoleArn')
  if (functionArn === undefined) throw invalidArgument('LambdaArn is required when Lambda processor is used.')
  if (!FUNCTION_ARN.test(functionArn))
    throw invalidArgument(`LambdaArn ${functionArn} does not name a Lambda function.`)
  if (parameters.has('BufferSizeInMBs') !== parameters.has('BufferIntervalInSeconds'))
    throw invalidArgument(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    )
  return {
    kind: 'lambda',
    functionArn,
    ...(roleArn !== undefined && { roleArn }),
    bufferBytes: Math.round(MEBIBYTE * decimal(parameters.get('BufferSizeInMBs'), BUFFER_MB)),
    bufferIntervalMs: 1000 * wholeNumber(parameters.get('BufferIntervalInSeconds'), BUFFER_SECONDS),
    retries: wholeNumber(parameters.get('NumberOfRetries'), RETRIES),
  }
}

interface NumberRule {
  readonly unset: number
  readonly min: number
  readonly max: number
  readonly refusal: string
}

const BUFFER_MB: NumberRule = {
  unset: BUFFER_MB_DEFAULT,
  min: 0.2,
  max: 3,
  refusal: 'BufferSizeInMBs for lambda processor must be between 0.2 and 3.',
}
const BUFFER_SECONDS: NumberRule = {
  unset: BUFFER_SECONDS_DEFAULT,
  min: 0,
  max: 900,
  refusal: 'BufferIntervalInSeconds for lambda processor must be between 0 and 900.',
}
const RETRIES: NumberRule = {
  unset: RETRIES_DEFAULT,
  min: 0,
  max: 300,
  refusal: 'Number of retries for lambda must be between 0 and 300.',
}

function decimal(text: string | undefined, { unset, min, max, refusal }: NumberRule): number {
  if (text === undefined) return unset
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw invalidArgument(refusal)
}

function wholeNumber(text: string | undefined, rule: NumberRule): number {
  const value = decimal(text, rule)
  if (Number.isInteger(value)) return value
  throw invalidArgument(rule.refusal)
}

function describeLambda(parameters: Given, roleArn: string): Processor {
  const filled: readonly [ProcessorParameterName, string][] = [
    ['LambdaArn', parameters.get('LambdaArn') ?? ''],
    ['NumberOfRetries', parameters.get('NumberOfRetries') ?? String(RETRIES_DEFAULT)],
    ['RoleArn', parameters.get('RoleArn') ?? roleArn],
    ['BufferSizeInMBs', parameters.get('BufferSizeInMBs') ?? String(BUFFER_MB_DEFAULT)],
    ['BufferIntervalInSeconds', parameters.get('BufferIntervalInSeconds') ?? String(BUFFER_SECONDS_DEFAULT)],
  ]
  return {
    Type: 'Lambda',
    Parameters: filled.map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })),
  }
}

function toMetadataExtraction(parameters: Given): ProcessingStep {
  const query = parameters.get('MetadataExtractionQuery')
  if (parameters.get('JsonParsingEngine') !== 'JQ-1.6')
    throw invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6')
  if (query === undefined) throw invalidArgument('MetaDataExtraction JQ Query is required when JQ-1.6 is used.')
  return { kind: 'extractMetadata', query }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }

/** A parameter cannot be blank, so that a newline is written as a backslash and an `n`. */
function toDelimiter(parameters: Given): ProcessingStep {
  const written = parameters.get('Delimiter') ?? '\\n'
  const delimiter = written.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter] as string)
  return { kind: 'appendDelimiter', delimiter }
}
