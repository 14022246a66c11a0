import { parseFilterPattern } from '../../telemetry/filter-pattern.ts'
import type { LogEvent, LogStream, Place } from '../../telemetry/log-store.ts'
import type { FilterLogEventsRequest } from '../../wire/model/logs.ts'
import type { LogsOperation } from './context.ts'
import { invalid, invalidToken } from './errors.ts'
import { groupGiven } from './names.ts'

const EVENTS_MAX = 10_000
const PAGE_BYTES_MAX = 1024 * 1024
/** Looked at for one answer. What matches may be less, or nothing, and still there is a token: as on AWS. */
const SEARCHED_MAX = 10_000
const SEARCHED_BYTES_MAX = 8 * 1024 * 1024
const BEGINNING: Place = { atMs: -1, id: 0 }

export const filterLogEvents: LogsOperation<'FilterLogEvents'> = async (input, context) => {
  const { logs } = context
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = EVENTS_MAX, filterPattern = '' } = input
  const matches = parseFilterPattern(filterPattern)
  await logs.flush()
  const group = logs.groupNamed(groupGiven(input, context))
  const streams = new Map(streamsAsked(logs.streams(group.name), input).map((stream) => [stream.id, stream]))
  const asked = {
    fromMs: startTime,
    toMs: endTime,
    place: input.nextToken === undefined ? BEGINNING : placeOf(input.nextToken),
    limit: SEARCHED_MAX,
    bytesMax: SEARCHED_BYTES_MAX,
  }
  const [only] = streams.values()
  const searched =
    streams.size === 1 && only !== undefined
      ? logs.eventsOfStream(only, { order: 'forward', ...asked })
      : logs.eventsOfGroup(group, asked)
  const found: LogEvent[] = []
  let bytes = 0
  let last: LogEvent | undefined
  for (const event of searched) {
    if (streams.has(event.streamId) && matches(event.message)) {
      bytes += Buffer.byteLength(event.message)
      if (found.length >= limit || (bytes > PAGE_BYTES_MAX && found.length > 0)) break
      found.push(event)
    }
    last = event
  }
  const isMore = last !== undefined && (last !== searched.at(-1) || isCut(searched, asked))
  return {
    events: found.map((event) => ({
      logStreamName: streams.get(event.streamId)?.name ?? '',
      timestamp: event.atMs,
      message: event.message,
      ingestionTime: event.ingestedAtMs,
      eventId: String(event.id).padStart(56, '0'),
    })),
    searchedLogStreams: [],
    ...(isMore && last !== undefined && { nextToken: tokenText(last) }),
  }
}

/** Whether there may be more behind what was read. */
function isCut(events: readonly LogEvent[], { limit, bytesMax }: { limit: number; bytesMax: number }): boolean {
  if (events.length >= limit) return true
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0)
  return bytes > bytesMax / 2
}

function streamsAsked(streams: readonly LogStream[], input: FilterLogEventsRequest): readonly LogStream[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input
  if (names !== undefined && prefix !== undefined) {
    throw invalid('logStreamNamePrefix and logStreamNames are mutually exclusive parameters.')
  }
  if (prefix !== undefined) return streams.filter(({ name }) => name.startsWith(prefix))
  return names === undefined ? streams : streams.filter(({ name }) => names.includes(name))
}

function tokenText({ atMs, id }: Place): string {
  return Buffer.from(`after:${atMs}:${id}`).toString('base64url')
}

function placeOf(token: string): Place {
  const [, atMs, id] = /^after:(\d{1,16}):(\d{1,16})$/.exec(Buffer.from(token, 'base64url').toString()) ?? []
  if (atMs === undefined || id === undefined) throw invalidToken()
  return { atMs: Number(atMs), id: Number(id) }
}
