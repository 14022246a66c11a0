import type { LogEvent, Place } from '../../telemetry/log-store.ts'
import type { LogsOperation } from './context.ts'
import { invalidToken } from './errors.ts'
import { groupGiven } from './names.ts'

const EVENTS_MAX = 10_000
const PAGE_BYTES_MAX = 1024 * 1024
const BEGINNING: Place = { atMs: -1, id: 0 }
const END: Place = { atMs: Number.MAX_SAFE_INTEGER, id: 0 }

/**
 * A page and a token for each direction: `f/<place>` goes on behind it, `b/<place>` before it. At an end the token that was
 * sent comes back, which is how clients know.
 */
export const getLogEvents: LogsOperation<'GetLogEvents'> = async (input, context) => {
  const { logs } = context
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = EVENTS_MAX, startFromHead = false } = input
  await logs.flush()
  const stream = logs.streamNamed(groupGiven(input, context), input.logStreamName)
  const { order, place } =
    input.nextToken === undefined
      ? startFromHead
        ? { order: 'forward' as const, place: BEGINNING }
        : { order: 'backward' as const, place: END }
      : placeOf(input.nextToken)
  const asked = { fromMs: startTime, toMs: endTime, place, order, limit, bytesMax: PAGE_BYTES_MAX }
  const events = logs.eventsOfStream(stream, asked)
  if (order === 'backward') events.reverse()
  return {
    events: events.map(({ atMs, message, ingestedAtMs }) => ({
      timestamp: atMs,
      message,
      ingestionTime: ingestedAtMs,
    })),
    ...tokensOf(events, place),
  }
}

/** Of an empty page both directions go on from where it was looked for, so that nothing there is left out. */
function tokensOf(events: readonly LogEvent[], asked: Place) {
  const [first, last] = [events[0], events.at(-1)]
  const isAtEnd = asked.atMs === END.atMs
  return {
    nextForwardToken: tokenText('f', last ?? (isAtEnd ? BEGINNING : asked)),
    nextBackwardToken: tokenText('b', first ?? (asked.atMs < 0 || isAtEnd ? asked : { ...asked, id: asked.id + 1 })),
  }
}

/** 56 digits, as AWS's have: the time from one millisecond before 1970, and the id. */
function tokenText(direction: 'f' | 'b', { atMs, id }: Place): string {
  return `${direction}/${String(atMs + 1).padStart(28, '0')}${String(id).padStart(28, '0')}/s`
}

function placeOf(token: string): { readonly order: 'forward' | 'backward'; readonly place: Place } {
  const [, direction, time, id] = /^([fb])\/(\d{28})(\d{28})\/s$/.exec(token) ?? []
  const place = { atMs: Number(time) - 1, id: Number(id) }
  if (!Number.isSafeInteger(place.atMs) || !Number.isSafeInteger(place.id)) throw invalidToken()
  return { order: direction === 'f' ? 'forward' : 'backward', place }
}
