/** What a resource of Terraform's provider is to these tests, and what several of them name. */
import { type Glue, GlueServiceException } from '@aws-sdk/client-glue'
import { ROLE } from '../crawled.ts'

/** The client; there is one only while tests run. */
export type Client = () => Glue

export interface Resource {
  readonly resource: string
  create(): Promise<unknown>
  /** The calls of its refresh, in the provider's order. */
  refresh(): readonly Promise<{ readonly $metadata: unknown }>[]
  /** What they give after `create`, and after `update`, but for what the provider does not look at. */
  readonly created: readonly Seen[]
  readonly update?: () => Promise<unknown>
  readonly updated?: readonly Seen[]
  destroy(): Promise<unknown>
  /** What the first of the refresh then gives; absent: that there is none. */
  readonly destroyed?: Seen
}

/** What the call gives, or the code of the error it ends with. */
export type Seen = Readonly<Record<string, unknown>> | string

export async function seen(call: Promise<{ readonly $metadata: unknown }>): Promise<Seen> {
  try {
    const { $metadata, ...output } = await call
    return JSON.parse(JSON.stringify(output)) as Seen
  } catch (error) {
    if (error instanceof GlueServiceException) return error.name
    throw error
  }
}

export const CatalogId = '000000000000'
export const DatabaseName = 'tf'
/** The table and the job that are there for every resource. */
export const SHARED = 'shared'
export const ROLE_ARN = `arn:aws:iam::${CatalogId}:role/${ROLE}`
export const arnOf = (resource: string) => `arn:aws:glue:us-east-1:${CatalogId}:${resource}`

/** As the provider writes it: what is not set is sent as zero, false or an empty list. */
export const STORAGE = {
  Location: 's3://tf.lake/events/',
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  Compressed: false,
  NumberOfBuckets: 0,
  StoredAsSubDirectories: false,
  Columns: [
    { Name: 'id', Type: 'bigint', Comment: 'the id' },
    { Name: 'user', Type: 'struct<name:string,tags:array<string>>', Parameters: { pii: 'yes' } },
  ],
  BucketColumns: ['id'],
  SortColumns: [{ Column: 'id', SortOrder: 1 }],
  Parameters: { written: 'by hand' },
  SerdeInfo: {
    Name: 'events',
    SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    Parameters: { 'serialization.format': '1' },
  },
  SkewedInfo: {
    SkewedColumnNames: ['id'],
    SkewedColumnValues: ['1'],
    SkewedColumnValueLocationMaps: { 1: 'one' },
  },
}
const KEYS = [
  { Name: 'day', Type: 'date', Comment: 'of landing' },
  { Name: 'kind', Type: 'string' },
]
export const TABLE = (Name: string) => ({
  Name,
  Description: 'of tests',
  Owner: 'tests',
  Parameters: { EXTERNAL: 'TRUE', 'parquet.compression': 'SNAPPY' },
  PartitionKeys: KEYS,
  Retention: 0,
  StorageDescriptor: STORAGE,
  TableType: 'EXTERNAL_TABLE',
})

export const JOB = (Name: string) => ({
  Name,
  Role: ROLE_ARN,
  Command: { Name: 'pythonshell', ScriptLocation: 's3://tf.lake/job.py', PythonVersion: '3.9' },
  DefaultArguments: { '--table': 'events', '--job-language': 'python' },
  NonOverridableArguments: { '--fixed': '1' },
  Description: 'refines',
  ExecutionProperty: { MaxConcurrentRuns: 2 },
  MaxCapacity: 0.0625,
  MaxRetries: 1,
  Timeout: 60,
})
