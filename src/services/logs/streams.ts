/** Log streams: made, listed, removed. */
import type { LogStream } from '../../telemetry/log-store.ts'
import type { LogStream as LogStreamShape } from '../../wire/model/logs.ts'
import type { LogsContext, LogsOperation } from './context.ts'
import { invalid, invalidToken } from './errors.ts'
import { groupGiven, streamArn } from './names.ts'

const LIST_LIMIT = 50

export const createLogStream: LogsOperation<'CreateLogStream'> = async ({ logGroupName, logStreamName }, { logs }) => {
  await logs.createStream(logGroupName, logStreamName)
  return {}
}

export const deleteLogStream: LogsOperation<'DeleteLogStream'> = async ({ logGroupName, logStreamName }, { logs }) => {
  await logs.flush()
  await logs.deleteStream(logGroupName, logStreamName)
  return {}
}

/** A token is how many streams came before. */
export const describeLogStreams: LogsOperation<'DescribeLogStreams'> = async (input, context) => {
  const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false, limit = LIST_LIMIT } = input
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
  const group = groupGiven(input, context)
  await context.logs.flush()
  const streams = context.logs.streams(group).filter(({ name }) => prefix === undefined || name.startsWith(prefix))
  if (orderBy === 'LastEventTime') streams.sort((a, b) => (a.lastEventMs ?? 0) - (b.lastEventMs ?? 0))
  if (descending) streams.reverse()
  const begin = input.nextToken === undefined ? 0 : offsetOf(input.nextToken)
  const end = begin + limit
  return {
    logStreams: streams.slice(begin, end).map((stream) => streamShape(stream, group, context)),
    ...(streams.length > end && { nextToken: Buffer.from(`streams:${end}`).toString('base64url') }),
  }
}

function streamShape(stream: LogStream, group: string, context: LogsContext): LogStreamShape {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAtMs,
    ...(stream.firstEventMs !== undefined && { firstEventTimestamp: stream.firstEventMs }),
    ...(stream.lastEventMs !== undefined && { lastEventTimestamp: stream.lastEventMs }),
    ...(stream.ingestedAtMs !== undefined && { lastIngestionTime: stream.ingestedAtMs }),
    uploadSequenceToken: sequenceToken(stream.id),
    arn: streamArn(group, stream.name, context),
    // AWS answers 0 here since 2019, whatever is in the stream.
    storedBytes: 0,
  }
}

/** Nobody looks at it any more; older clients want one. */
export function sequenceToken(streamId: number): string {
  return String(streamId).padStart(56, '0')
}

function offsetOf(token: string): number {
  const digits = /^streams:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (digits === undefined) throw invalidToken()
  return Number(digits)
}
