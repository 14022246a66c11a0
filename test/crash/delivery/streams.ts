/**
 * The delivery streams that are in play while the lake is killed: one for each way that a record can take. A table, so that
 * producers, auditor and the test itself know nothing of any one of them.
 */
import { gunzipSync } from 'node:zlib'
import type { ExtendedS3DestinationConfiguration, Processor, ProcessorParameterName } from '@aws-sdk/client-firehose'
import { parquetReadObjects } from 'hyparquet'
import { readXerial } from '../../delivery/compression/readers.ts'
import { isMalformed, jsonRecord, mixedRecord, shardOf, transformed, verdictOn } from './records.ts'

export const BUCKET = 'crash.lake'
export const DATABASE = 'crash'
export const TABLE = 'events'
export const FUNCTION = 'rules'

export interface CrashStream {
  readonly name: string
  readonly destination: (place: Place) => Partial<ExtendedS3DestinationConfiguration>
  /** As the producer puts it. */
  readonly record: (number: number) => string
  /** As it is in a data object, its delimiter with it; undefined: it must be in none. */
  readonly data: (number: number) => string | undefined
  /** A part of a data object's key, for each record in it. */
  readonly folder?: (number: number) => string
  /** A data object's records. */
  readonly read: (body: Buffer) => Promise<string[]> | string[]
  /** The error output that the record must be in. Absent: none ever is. */
  readonly failsTo?: (number: number) => string | undefined
  /** The function is asked: what its attempts did not get an answer for is in error output too. */
  readonly usesFunction?: true
  /** Records of an object with source records. Absent: there is no backup. */
  readonly readBackup?: (body: Buffer) => string[]
}

export interface Place {
  readonly roleArn: string
  readonly accountId: string
}

const QUICK = { SizeInMBs: 1, IntervalInSeconds: 1 }
/** One object after the other, so that many a kill comes in the middle of one. */
const UNBUFFERED = { SizeInMBs: 1, IntervalInSeconds: 0 }
/** The least that AWS allows where records are partitioned or converted. */
const LARGE = { SizeInMBs: 64, IntervalInSeconds: 60 }

const withLineEnd = (number: number) => `${jsonRecord(number)}\n`
const lines = (body: Buffer) => body.toString().split(/(?<=\n)/)

export const streams: readonly CrashStream[] = [
  {
    name: 'gzip',
    destination: () => ({ BufferingHints: QUICK, CompressionFormat: 'GZIP' }),
    record: withLineEnd,
    data: withLineEnd,
    read: (body) => lines(gunzipSync(body)),
  },
  {
    name: 'snappy',
    destination: () => ({ BufferingHints: UNBUFFERED, CompressionFormat: 'Snappy' }),
    record: withLineEnd,
    data: withLineEnd,
    read: (body) => lines(readXerial(body)),
  },
  {
    name: 'partitioned',
    destination: () => ({
      Prefix: 'partitioned/data/shard=!{partitionKeyFromQuery:shard}/',
      BufferingHints: LARGE,
      CompressionFormat: 'GZIP',
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          processor('MetadataExtraction', {
            MetadataExtractionQuery: '{shard: .shard}',
            JsonParsingEngine: 'JQ-1.6',
          }),
          processor('AppendDelimiterToRecord', { Delimiter: '\\n' }),
        ],
      },
    }),
    record: mixedRecord,
    data: (number) => (isMalformed(number) ? undefined : withLineEnd(number)),
    folder: (number) => `/shard=${shardOf(number)}/`,
    read: (body) => lines(gunzipSync(body)),
    failsTo: (number) => (isMalformed(number) ? 'metadata-extraction-failed' : undefined),
  },
  {
    name: 'transformed',
    destination: ({ accountId }) => ({
      BufferingHints: QUICK,
      CompressionFormat: 'UNCOMPRESSED',
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          processor('Lambda', {
            LambdaArn: `arn:aws:lambda:us-east-1:${accountId}:function:${FUNCTION}`,
            NumberOfRetries: '3',
            BufferSizeInMBs: '0.2',
            BufferIntervalInSeconds: '1',
          }),
        ],
      },
    }),
    record: jsonRecord,
    data: (number) => (verdictOn(number) === 'Ok' ? transformed(jsonRecord(number)) : undefined),
    read: lines,
    failsTo: (number) => (verdictOn(number) === 'ProcessingFailed' ? 'processing-failed' : undefined),
    usesFunction: true,
  },
  {
    name: 'converted',
    destination: ({ roleArn }) => ({
      BufferingHints: LARGE,
      DataFormatConversionConfiguration: {
        Enabled: true,
        SchemaConfiguration: { RoleARN: roleArn, DatabaseName: DATABASE, TableName: TABLE, Region: 'us-east-1' },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      },
    }),
    record: mixedRecord,
    data: (number) => (isMalformed(number) ? undefined : jsonRecord(number)),
    read: rowsOf,
    failsTo: (number) => (isMalformed(number) ? 'format-conversion-failed' : undefined),
  },
  {
    name: 'backed-up',
    destination: ({ roleArn }) => ({
      BufferingHints: QUICK,
      CompressionFormat: 'GZIP',
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [processor('AppendDelimiterToRecord', { Delimiter: '\\n' })],
      },
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        RoleARN: roleArn,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        Prefix: 'backed-up/source/',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 2 },
        CompressionFormat: 'GZIP',
      },
    }),
    record: jsonRecord,
    data: withLineEnd,
    read: (body) => lines(gunzipSync(body)),
    readBackup: (body) =>
      gunzipSync(body)
        .toString()
        .split(/(?<=\})(?=\{)/),
  },
]

function processor(
  Type: Processor['Type'],
  parameters: Readonly<Partial<Record<ProcessorParameterName, string>>>,
): Processor {
  const Parameters = Object.entries(parameters).map(([name, ParameterValue]) => ({
    ParameterName: name as ProcessorParameterName,
    ParameterValue,
  }))
  return { Type, Parameters }
}

/** Columns of the table that records are converted by. */
export const COLUMNS = [
  { Name: 'n', Type: 'bigint' },
  { Name: 'shard', Type: 'string' },
  { Name: 'filler', Type: 'string' },
]

async function rowsOf(body: Buffer): Promise<string[]> {
  const file = body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file })
  return rows.map(({ n, shard, filler }) => JSON.stringify({ n: Number(n), shard, filler }))
}
