/** CloudWatchLoggingOptions: where errors of a destination are told. Off unless said, as AWS describes streams without. */
import type { S3Destination } from '../../../delivery/destination.ts'
import type { CloudWatchLoggingOptions } from '../../../wire/model/firehose.ts'
import { invalidArgument } from '../errors.ts'

export function toErrorLog(options: CloudWatchLoggingOptions | undefined): S3Destination['errorLog'] {
  if (options?.Enabled !== true) return undefined
  const { LogGroupName: group, LogStreamName: stream } = options
  if (!group) throw invalidArgument('CloudWatch Log Group Name is required if CloudWatch Logging is enabled')
  if (!stream) throw invalidArgument('CloudWatch Log Stream Name is required if CloudWatch Logging is enabled')
  return { group, stream }
}
