import { EVENT_OVERHEAD_BYTES, eventBytes } from '../../telemetry/log-table.ts'
import type { InputLogEvent, PutLogEventsRequest } from '../../wire/model/logs.ts'
import type { LogsOperation } from './context.ts'
import { invalid } from './errors.ts'
import { sequenceToken } from './streams.ts'

const BATCH_BYTES_MAX = 1_048_576
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PAST_MS_MAX = 14 * DAY_MS
const FUTURE_MS_MAX = 2 * HOUR_MS

/** Answering means that the events are on stable storage, but for those that it names as too old or too new. */
export const putLogEvents: LogsOperation<'PutLogEvents'> = async (input, { logs, clock }) => {
  requireBatch(input)
  const { logGroupName, logStreamName, logEvents } = input
  const { retentionDays } = logs.groupNamed(logGroupName)
  const stream = logs.streamNamed(logGroupName, logStreamName)
  const { accepted, rejected } = sorted(logEvents, clock.nowMs(), retentionDays)
  if (spanMs(accepted) > DAY_MS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.')
  }
  const events = accepted.map(({ timestamp, message }) => ({ atMs: timestamp, message }))
  if (events.length > 0) await logs.put(logGroupName, logStreamName, events)
  return {
    nextSequenceToken: sequenceToken(stream.id),
    ...(rejected !== undefined && { rejectedLogEventsInfo: rejected }),
    // Entities are not kept; this is AWS's own way to say so without refusing the events.
    ...(input.entity !== undefined && { rejectedEntityInfo: { errorType: 'UnsupportedLogGroupType' as const } }),
  }
}

function requireBatch({ logEvents }: PutLogEventsRequest): void {
  let bytes = 0
  let before = 0
  for (const { timestamp, message } of logEvents) {
    bytes += eventBytes(message)
    if (timestamp < before) {
      throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
    }
    before = timestamp
  }
  if (bytes <= BATCH_BYTES_MAX) return
  throw invalid(
    `Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES_MAX}, each event counting ${EVENT_OVERHEAD_BYTES} more than its message.`,
  )
}

/** Events come in the order of time: old ones stand first, new ones last. */
function sorted(events: readonly InputLogEvent[], nowMs: number, retentionDays: number | undefined) {
  const firstOf = (atMs: number) => {
    const index = events.findIndex(({ timestamp }) => timestamp >= atMs)
    return index < 0 ? events.length : index
  }
  const tooOld = firstOf(nowMs - PAST_MS_MAX)
  const expired = retentionDays === undefined ? 0 : firstOf(nowMs - retentionDays * DAY_MS)
  const tooNew = firstOf(nowMs + FUTURE_MS_MAX + 1)
  const isAllTaken = tooOld === 0 && expired === 0 && tooNew === events.length
  return {
    accepted: events.slice(Math.max(tooOld, expired), tooNew),
    rejected: isAllTaken
      ? undefined
      : {
          ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
          ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
          ...(expired > tooOld && { expiredLogEventEndIndex: expired }),
        },
  }
}

function spanMs(events: readonly InputLogEvent[]): number {
  const [first, last] = [events[0], events.at(-1)]
  return first === undefined || last === undefined ? 0 : last.timestamp - first.timestamp
}
