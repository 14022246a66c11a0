/** What S3 destinations have in common: the deprecated plain one, and the place of source records (S3BackupConfiguration). */

import { type BackupDestination, defaultBuffering } from '../../../delivery/destination.ts'
import type {
  CloudWatchLoggingOptions,
  S3DestinationConfiguration,
  S3DestinationDescription,
} from '../../../wire/model/firehose.ts'
import { bucketArn, bucketOf } from './bucket.ts'
import { describeEncryption, toKmsKeyArn } from './encryption.ts'
import { describeBuffering, toBuffering } from './hints.ts'
import { toErrorLog } from './logging.ts'

/** `member` is the request's name for the block, for refusals. */
export function toBackup(config: S3DestinationConfiguration, member: string): BackupDestination {
  return {
    roleArn: config.RoleARN,
    bucket: bucketOf(config.BucketARN, member),
    prefix: config.Prefix,
    errorOutputPrefix: config.ErrorOutputPrefix,
    buffering: toBuffering(config.BufferingHints ?? {}, member, defaultBuffering),
    compression: config.CompressionFormat ?? 'UNCOMPRESSED',
    kmsKeyArn: toKmsKeyArn(config.EncryptionConfiguration ?? {}, member),
    errorLog: toErrorLog(config.CloudWatchLoggingOptions),
  }
}

/** With the defaults filled in; what was never set stays away. */
export function describeS3(
  destination: Omit<BackupDestination, 'errorLog'>,
  CloudWatchLoggingOptions: CloudWatchLoggingOptions = { Enabled: false },
): S3DestinationDescription {
  const { prefix, errorOutputPrefix } = destination
  return {
    RoleARN: destination.roleArn,
    BucketARN: bucketArn(destination.bucket),
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(errorOutputPrefix !== undefined && { ErrorOutputPrefix: errorOutputPrefix }),
    BufferingHints: describeBuffering(destination.buffering),
    CompressionFormat: destination.compression,
    EncryptionConfiguration: describeEncryption(destination.kmsKeyArn),
    CloudWatchLoggingOptions,
  }
}
