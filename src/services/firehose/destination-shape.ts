/**
 * S3 destinations between the wire and the domain: what a configuration or an update means, and how it is described.
 *
 * Nested blocks are kept as they were sent beside what they mean: descriptions repeat them, with AWS's defaults filled
 * in, and so does an update that leaves them alone. A block that is sent replaces the one before it, but for
 * DataFormatConversionConfiguration and S3BackupUpdate, whose members are merged. Blocks that are switched off are
 * accepted whatever is in them.
 */
import { checkConvertible } from '../../delivery/check-destination.ts'
import {
  type BackupDestination,
  defaultBuffering,
  largeBuffering,
  type S3Destination,
} from '../../delivery/destination.ts'
import type {
  DestinationDescription,
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationUpdate,
  S3DestinationConfiguration,
  S3DestinationUpdate,
} from '../../wire/model/firehose.ts'
import { bucketOf } from './destination/bucket.ts'
import { isConversionOn, toConversion } from './destination/conversion.ts'
import { toKmsKeyArn } from './destination/encryption.ts'
import { toBuffering } from './destination/hints.ts'
import { toErrorLog } from './destination/logging.ts'
import { checkPartitioningChange, describePartitioning, toPartitioning } from './destination/partitioning.ts'
import { describeProcessing, toSteps } from './destination/processing.ts'
import { describeS3, toBackup } from './destination/s3.ts'
import { invalidArgument } from './errors.ts'

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
    buffering: bufferingUnset(config),
    compression: 'UNCOMPRESSED',
    fileExtension: undefined,
    timeZone: DEFAULT_TIME_ZONE,
    switchedOff: {},
  }
  const { S3BackupConfiguration: S3BackupUpdate }: Extended = config
  return merged(unset, { ...config, S3BackupUpdate }, member)
}

/** Members that were not sent stay as they are. */
export function mergeDestination(current: S3Destination, change: DestinationChange, member: string): S3Destination {
  const { DynamicPartitioningConfiguration, S3BackupMode }: ExtendedS3DestinationUpdate = change
  checkPartitioningChange(current, DynamicPartitioningConfiguration)
  if (S3BackupMode === 'Disabled' && current.backup !== undefined)
    throw invalidArgument('Disabling S3 backup is not currently supported.')
  return merged(current, change, member)
}

/** AWS describes every S3 destination twice, whichever way it was made; the plain description knows fewer members. */
export function describeDestination(destination: S3Destination): DestinationDescription {
  const { fileExtension, roleArn } = destination
  const { CloudWatchLoggingOptions, ...blocks } = blocksOf(destination)
  const { ProcessingConfiguration: processing, DataFormatConversionConfiguration, S3BackupConfiguration } = blocks
  const { DynamicPartitioningConfiguration: partitioning } = blocks
  const plain = describeS3(destination, CloudWatchLoggingOptions)
  return {
    DestinationId: DESTINATION_ID,
    S3DestinationDescription: plain,
    ExtendedS3DestinationDescription: {
      ...plain,
      S3BackupMode: destination.backup === undefined ? 'Disabled' : 'Enabled',
      ...(S3BackupConfiguration !== undefined && { S3BackupDescription: describeBackup(S3BackupConfiguration) }),
      ...(processing !== undefined && { ProcessingConfiguration: describeProcessing(processing, roleArn) }),
      ...(partitioning !== undefined && { DynamicPartitioningConfiguration: describePartitioning(partitioning) }),
      ...(DataFormatConversionConfiguration !== undefined && { DataFormatConversionConfiguration }),
      ...(fileExtension !== undefined && { FileExtension: fileExtension }),
      CustomTimeZone: destination.timeZone,
    },
  }
}

type Extended = Partial<ExtendedS3DestinationConfiguration>

/** Nested blocks as they were sent. */
type Blocks = Pick<
  Extended,
  | 'CloudWatchLoggingOptions'
  | 'ProcessingConfiguration'
  | 'DynamicPartitioningConfiguration'
  | 'DataFormatConversionConfiguration'
  | 'S3BackupConfiguration'
>

const DEFAULT_TIME_ZONE = 'UTC'

/** AWS collects more where small objects make no sense. */
function bufferingUnset({ DataFormatConversionConfiguration, DynamicPartitioningConfiguration }: Extended) {
  const isLarge =
    isConversionOn(DataFormatConversionConfiguration) || DynamicPartitioningConfiguration?.Enabled === true
  return isLarge ? largeBuffering : defaultBuffering
}

function merged(current: S3Destination, change: DestinationChange, member: string): S3Destination {
  const extended: ExtendedS3DestinationUpdate = change
  const { BufferingHints: hints, EncryptionConfiguration: encryption } = change
  const blocks = mergedBlocks(blocksOf(current), extended)
  const buffering = hints === undefined ? current.buffering : toBuffering(hints, member, bufferingUnset(blocks))
  const compression = change.CompressionFormat ?? current.compression
  const processing = toSteps(blocks.ProcessingConfiguration)
  return {
    roleArn: change.RoleARN ?? current.roleArn,
    bucket: change.BucketARN === undefined ? current.bucket : bucketOf(change.BucketARN, member),
    prefix: change.Prefix ?? current.prefix,
    errorOutputPrefix: change.ErrorOutputPrefix ?? current.errorOutputPrefix,
    buffering,
    compression,
    // Both may be sent empty, which means "not set".
    fileExtension: extended.FileExtension === undefined ? current.fileExtension : extended.FileExtension || undefined,
    timeZone: extended.CustomTimeZone === undefined ? current.timeZone : extended.CustomTimeZone || DEFAULT_TIME_ZONE,
    processing: processing.length === 0 ? undefined : processing,
    partitioning: toPartitioning(blocks.DynamicPartitioningConfiguration),
    conversion: conversionOf(blocks, { compression, buffering }, member),
    backup: backupOf(blocks, extended.S3BackupMode ?? modeOf(current), member),
    kmsKeyArn: encryption === undefined ? current.kmsKeyArn : toKmsKeyArn(encryption, member),
    errorLog: toErrorLog(blocks.CloudWatchLoggingOptions),
    ...switched(blocks, extended.S3BackupMode ?? modeOf(current)),
  }
}

function modeOf({ backup }: S3Destination): 'Enabled' | 'Disabled' {
  return backup === undefined ? 'Disabled' : 'Enabled'
}

/** AWS looks at compression and hints before it looks into the block. */
function conversionOf(
  { DataFormatConversionConfiguration: config }: Blocks,
  destination: Pick<S3Destination, 'compression' | 'buffering'>,
  member: string,
): S3Destination['conversion'] {
  if (config === undefined || !isConversionOn(config)) return undefined
  checkConvertible(destination)
  return toConversion(config, `${member}.DataFormatConversionConfiguration`)
}

function backupOf(
  { S3BackupConfiguration: config }: Blocks,
  mode: 'Enabled' | 'Disabled',
  member: string,
): BackupDestination | undefined {
  if (config === undefined) {
    if (mode === 'Disabled') return undefined
    throw backupNeeded()
  }
  // Its two required members may be missing from an update.
  if (config.RoleARN === undefined || config.BucketARN === undefined) throw backupNeeded()
  const backup = toBackup(config, `${member}.S3BackupConfiguration`)
  return mode === 'Enabled' ? backup : undefined
}

function backupNeeded() {
  return invalidArgument('S3 backup destination configuration is required when enabling S3 backup.')
}

function describeBackup(config: S3DestinationConfiguration) {
  return describeS3(toBackup(config, 'S3BackupConfiguration'), config.CloudWatchLoggingOptions)
}

function blocksOf({ switchedOff, switchedOn }: S3Destination): Blocks {
  return { ...switchedOff, ...switchedOn }
}

function mergedBlocks(before: Blocks, change: ExtendedS3DestinationUpdate): Blocks {
  const { DataFormatConversionConfiguration: conversion, S3BackupUpdate: backup } = change
  return {
    CloudWatchLoggingOptions: change.CloudWatchLoggingOptions ?? before.CloudWatchLoggingOptions,
    ProcessingConfiguration: change.ProcessingConfiguration ?? before.ProcessingConfiguration,
    DynamicPartitioningConfiguration:
      change.DynamicPartitioningConfiguration ?? before.DynamicPartitioningConfiguration,
    DataFormatConversionConfiguration: conversion
      ? { ...before.DataFormatConversionConfiguration, ...conversion }
      : before.DataFormatConversionConfiguration,
    S3BackupConfiguration: backup
      ? ({ ...before.S3BackupConfiguration, ...backup } as S3DestinationConfiguration)
      : before.S3BackupConfiguration,
  }
}

/** Says of every block with a switch where it stands, as descriptions do. */
function switched(blocks: Blocks, backupMode: string): Pick<S3Destination, 'switchedOff' | 'switchedOn'> {
  const off: Record<string, unknown> = {}
  const on: Record<string, unknown> = {}
  const { S3BackupConfiguration: backup, DataFormatConversionConfiguration: conversion, ...others } = blocks
  const sort = (name: keyof Blocks, block: object | undefined, isOn: boolean) => {
    if (block !== undefined) (isOn ? on : off)[name] = { ...block, Enabled: isOn }
  }
  sort('DataFormatConversionConfiguration', conversion, isConversionOn(conversion))
  for (const [name, block] of Object.entries(others)) sort(name as keyof Blocks, block, block?.Enabled === true)
  if (backup !== undefined) (backupMode === 'Enabled' ? on : off)['S3BackupConfiguration'] = backup
  return { switchedOff: off, switchedOn: Object.keys(on).length === 0 ? undefined : on }
}
