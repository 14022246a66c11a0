/**
 * S3 destinations between the wire and the domain: what a configuration or an update means, and how it is described.
 * Members whose feature is not offered are refused by name; switched off they are accepted and read back as sent.
 */
import {
  type BufferingHints,
  type Compression,
  defaultBuffering,
  MEBIBYTE,
  type S3Destination,
} from '../../delivery/destination.ts'
import type {
  DestinationDescription,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationUpdate,
  S3DestinationConfiguration,
  S3DestinationUpdate,
  BufferingHints as WireBufferingHints,
} from '../../wire/model/firehose.ts'
import { invalidArgument, notOffered } from './errors.ts'

/** Every stream has one destination, under this id. */
export const DESTINATION_ID = 'destinationId-000000000001'

type NewDestination = ExtendedS3DestinationConfiguration | S3DestinationConfiguration
type DestinationChange = ExtendedS3DestinationUpdate | S3DestinationUpdate

/** `member` is the request's name for the block, for refusals. */
export function toDestination(config: NewDestination, member: string): S3Destination {
  const unset: S3Destination = {
    roleArn: config.RoleARN,
    bucket: bucketOf(config.BucketARN, member),
    prefix: undefined,
    errorOutputPrefix: undefined,
    buffering: defaultBuffering,
    compression: 'UNCOMPRESSED',
    fileExtension: undefined,
    timeZone: DEFAULT_TIME_ZONE,
    switchedOff: {},
  }
  return mergeDestination(unset, config, member)
}

/** Members that were not sent stay as they are; nested blocks are replaced whole. */
export function mergeDestination(current: S3Destination, change: DestinationChange, member: string): S3Destination {
  refuseUnoffered(change, member)
  const extended: ExtendedS3DestinationUpdate = change
  return {
    roleArn: change.RoleARN ?? current.roleArn,
    bucket: change.BucketARN === undefined ? current.bucket : bucketOf(change.BucketARN, member),
    prefix: change.Prefix ?? current.prefix,
    errorOutputPrefix: change.ErrorOutputPrefix ?? current.errorOutputPrefix,
    buffering: change.BufferingHints === undefined ? current.buffering : toBuffering(change.BufferingHints, member),
    compression: (change.CompressionFormat as Compression | undefined) ?? current.compression,
    // Both may be sent empty, which means "not set".
    fileExtension: extended.FileExtension === undefined ? current.fileExtension : extended.FileExtension || undefined,
    timeZone: extended.CustomTimeZone === undefined ? current.timeZone : extended.CustomTimeZone || DEFAULT_TIME_ZONE,
    switchedOff: { ...current.switchedOff, ...switchedOffBlocks(change) },
  }
}

/** AWS describes every S3 destination twice, whichever way it was made; the plain description knows fewer members. */
export function describeDestination(destination: S3Destination): DestinationDescription {
  const { prefix, errorOutputPrefix, fileExtension } = destination
  const { CloudWatchLoggingOptions = { Enabled: false }, ...otherBlocks } = destination.switchedOff as SwitchedOff
  const plain = {
    RoleARN: destination.roleArn,
    BucketARN: `${BUCKET_ARN_START}${destination.bucket}`,
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(errorOutputPrefix !== undefined && { ErrorOutputPrefix: errorOutputPrefix }),
    BufferingHints: fromBuffering(destination.buffering),
    CompressionFormat: destination.compression,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions,
  } as const
  return {
    DestinationId: DESTINATION_ID,
    S3DestinationDescription: plain,
    ExtendedS3DestinationDescription: {
      ...plain,
      S3BackupMode: 'Disabled',
      ...otherBlocks,
      ...(fileExtension !== undefined && { FileExtension: fileExtension }),
      CustomTimeZone: destination.timeZone,
    },
  }
}

const DEFAULT_TIME_ZONE = 'UTC'
const BUCKET_ARN_START = 'arn:aws:s3:::'

/** Blocks with an `Enabled` member, which are accepted when it is false. */
const SWITCHES = [
  'CloudWatchLoggingOptions',
  'ProcessingConfiguration',
  'DynamicPartitioningConfiguration',
  'DataFormatConversionConfiguration',
] as const

/** Blocks that have no meaning unless something refused is on. */
const UNOFFERED = ['S3BackupConfiguration', 'S3BackupUpdate'] as const

const OFFERED_COMPRESSIONS: readonly string[] = ['UNCOMPRESSED', 'GZIP'] satisfies Compression[]

/** `switchedOff` holds blocks as they were sent. */
type SwitchedOff = Pick<ExtendedS3DestinationConfiguration, (typeof SWITCHES)[number]>

type Block = (typeof SWITCHES)[number] | (typeof UNOFFERED)[number]
type Blocks = Readonly<Partial<Record<Block, { readonly Enabled?: boolean }>>>

function refuseUnoffered(change: DestinationChange, member: string): void {
  const blocks = change as Blocks
  for (const name of UNOFFERED) if (blocks[name] !== undefined) throw notOffered(`${member}.${name}`)
  for (const name of SWITCHES) {
    const block = blocks[name]
    if (block !== undefined && !isOff(name, block)) throw notOffered(`${member}.${name}`)
  }
  if ((change as ExtendedS3DestinationUpdate).S3BackupMode === 'Enabled')
    throw notOffered(`${member}.S3BackupMode Enabled`)
  if (change.EncryptionConfiguration?.KMSEncryptionConfig !== undefined)
    throw notOffered(`${member}.EncryptionConfiguration.KMSEncryptionConfig`)
  const compression = change.CompressionFormat
  if (compression !== undefined && !OFFERED_COMPRESSIONS.includes(compression))
    throw notOffered(`${member}.CompressionFormat ${compression}`)
}

/** Log options without `Enabled` are off, as AWS describes a stream that never had any; the other blocks must say so. */
function isOff(name: Block, block: { readonly Enabled?: boolean }): boolean {
  return block.Enabled === false || (name === 'CloudWatchLoggingOptions' && block.Enabled === undefined)
}

function switchedOffBlocks(change: DestinationChange): Record<string, unknown> {
  const blocks = change as Blocks
  const sent = SWITCHES.filter((name) => blocks[name] !== undefined)
  return Object.fromEntries(sent.map((name) => [name, { ...blocks[name], Enabled: false }]))
}

/** The model has checked the ARN's shape; what follows its last colon is the bucket. */
function bucketOf(arn: string, member: string): string {
  const bucket = arn.slice(arn.lastIndexOf(':') + 1)
  if (bucket.length >= 3 && bucket.length <= 63 && /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(bucket)) return bucket
  throw invalidArgument(`${member}.BucketARN ${arn} does not name an S3 bucket.`)
}

/** AWS takes both hints or neither. */
function toBuffering(hints: WireBufferingHints, member: string): BufferingHints {
  const { SizeInMBs, IntervalInSeconds } = hints
  if (SizeInMBs === undefined && IntervalInSeconds === undefined) return defaultBuffering
  if (SizeInMBs === undefined || IntervalInSeconds === undefined)
    throw invalidArgument(`${member}.BufferingHints needs both SizeInMBs and IntervalInSeconds, or neither.`)
  return { bytesMax: SizeInMBs * MEBIBYTE, intervalMs: IntervalInSeconds * 1000 }
}

function fromBuffering({ bytesMax, intervalMs }: BufferingHints): Required<WireBufferingHints> {
  return { SizeInMBs: bytesMax / MEBIBYTE, IntervalInSeconds: intervalMs / 1000 }
}
