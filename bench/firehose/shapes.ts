/** How fast records go through jq into partitions, and into Parquet: what reaches objects under a load that never ends. */
import { call, json, load, type Target } from '../support/load.ts'
import { type Row, row } from '../support/report.ts'
import { startLake } from '../support/servers.ts'
import { BUCKET, batchRequests, createStream, figuresOf } from './streams.ts'

const CONNECTIONS = 8
/** The least that AWS allows; nothing is delivered before it is over. */
const INTERVAL_SECONDS = 60

const PARTITIONED = {
  Prefix: 'partitioned/os=!{partitionKeyFromQuery:os}/',
  ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
  CompressionFormat: 'GZIP',
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction',
        Parameters: [
          { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{os: .os_name}' },
          { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
        ],
      },
    ],
  },
}

const CONVERTED = {
  Prefix: 'converted/',
  ErrorOutputPrefix: 'failed/',
  DataFormatConversionConfiguration: {
    Enabled: true,
    SchemaConfiguration: {
      RoleARN: 'arn:aws:iam::000000000000:role/bench',
      DatabaseName: 'bench',
      TableName: 'events',
      Region: 'us-east-1',
    },
    InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
    OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
  },
}

export async function shapes(seconds: number): Promise<Row[]> {
  return [
    ...(await shape('jq partitioning', PARTITIONED, seconds)),
    ...(await shape('Parquet conversion', CONVERTED, seconds)),
  ]
}

async function shape(what: string, destination: object, seconds: number): Promise<Row[]> {
  // Role and table are known by name only where keys are not asked for.
  const lake = await startLake({ args: ['--auth', 'open'] })
  const { target } = lake
  await createTable(target)
  const refusal = await createStream(target, 'shape', destination)
  if (refusal !== undefined) {
    await lake.stop()
    return [row(what, 'missing', '', refusal)]
  }
  const batches = await batchRequests(target, 'shape')
  await load(target, batches, { connections: CONNECTIONS, seconds: INTERVAL_SECONDS + 5 })
  const before = await figuresOf(target, 'shape')
  const startedAt = performance.now()
  const { p99Ms, perSecond, errors } = await load(target, batches, { connections: CONNECTIONS, seconds })
  const after = await figuresOf(target, 'shape')
  const delivered = (after.deliveredBytes - before.deliveredBytes) / ((performance.now() - startedAt) / 1000)
  await lake.stop()
  const load_ = `while ${Math.round(perSecond)} calls/s are accepted, ${errors} told to slow down, p99 ${p99Ms.toFixed(0)} ms`
  return [row(`${what}: records reaching objects`, delivered / 1e6, 'MB/s', load_)]
}

const COLUMNS = [
  'event_id string',
  'event_timestamp timestamp',
  'event_type string',
  'page_url string',
  'page_url_path string',
  'referer_url string',
  'referer_url_port int',
  'referer_medium string',
  'utm_source string',
  'utm_campaign string',
  'click_id string',
  'geo_latitude double',
  'geo_longitude double',
  'geo_country string',
  'geo_timezone string',
  'geo_region_name string',
  'ip_address string',
  'browser_name string',
  'browser_user_agent string',
  'browser_language string',
  'os string',
  'os_name string',
  'device_type string',
  'device_is_mobile boolean',
  'user_custom_id string',
  'user_domain_id string',
]

async function createTable(target: Target): Promise<void> {
  const glue = async (operation: string, input: object) =>
    call(target, await json(target, 'glue', `AWSGlue.${operation}`, input))
  await glue('CreateDatabase', { DatabaseInput: { Name: 'bench' } })
  const Columns = COLUMNS.map((column) => {
    const [Name, Type] = column.split(' ')
    return { Name, Type }
  })
  const StorageDescriptor = { Columns, Location: `s3://${BUCKET}/converted/` }
  await glue('CreateTable', { DatabaseName: 'bench', TableInput: { Name: 'events', StorageDescriptor } })
}
