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
  const from = input.nextToken === undefined ? unasked(startFromHead) : placeOf(input.nextToken)
  const events = logs.eventsOfStream(stream, {
    fromMs: startTime,
    toMs: endTime,
    limit,
    bytesMax: PAGE_BYTES_MAX,
    ...from,
  })
  if (from.order === 'backward') events.reverse()
  return {
    events: events.map(({ atMs, message, ingestedAtMs }) => ({
      timestamp: atMs,
      message,
      ingestionTime: ingestedAtMs,
    })),
    ...tokensOf(events, from),
  }
}

interface Asked {
  readonly order: 'forward' | 'backward'
  readonly place: Place
}

function unasked(startFromHead: boolean): Asked {
  return startFromHead ? { order: 'forward', place: BEGINNING } : { order: 'backward', place: END }
}

/**
 * Of an empty page the direction it was read in goes on from the same place. The other one begins with the event at that
 * place, which is the last one that was given.
 */
function tokensOf(events: readonly LogEvent[], { place, order }: Asked) {
  const [first, last] = [events[0], events.at(-1)]
  const isUnbounded = place === BEGINNING || place === END
  const [onward, back] =
    order === 'forward' ? [place, { ...place, id: place.id + 1 }] : [{ ...place, id: Math.max(0, place.id - 1) }, place]
  return {
    nextForwardToken: tokenText('f', last ?? (isUnbounded ? BEGINNING : onward)),
    nextBackwardToken: tokenText('b', first ?? (isUnbounded ? BEGINNING : back)),
  }
}

/** 56 digits, as AWS's have: the time from one millisecond before 1970, and the id. */
function tokenText(direction: 'f' | 'b', { atMs, id }: Place): string {
  return `${direction}/${String(atMs + 1).padStart(28, '0')}${String(id).padStart(28, '0')}/s`
}

function placeOf(token: string): Asked {
  const [, direction, time, id] = /^([fb])\/(\d{28})(\d{28})\/s$/.exec(token) ?? []
  const place = { atMs: Number(time) - 1, id: Number(id) }
  if (direction === undefined || !Number.isSafeInteger(place.atMs) || !Number.isSafeInteger(place.id)) {
    throw invalidToken()
  }
  return { order: direction === 'f' ? 'forward' : 'backward', place }
}
