/** An instant as a calendar and a clock on the wall show it in one time zone. */
import { Refusal } from '../../platform/refusal.ts'

export interface ZonedDate {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  /** Seconds east of Greenwich. */
  readonly offsetSeconds: number
  readonly timeZone: string
}

export const UTC = 'UTC'

const formatters = new Map<string, Intl.DateTimeFormat>()
const FORMATTERS_MAX = 100

export function zonedDate(instantMs: number, timeZone: string): ZonedDate {
  const wallMs = timeZone === UTC ? instantMs : wallClockMs(instantMs, timeZone)
  const wall = new Date(wallMs)
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    millisecond: wall.getUTCMilliseconds(),
    offsetSeconds: Math.round((wallMs - instantMs) / 1000),
    timeZone,
  }
}

/** Refuses what is no region's time zone. AWS takes long names only: a CDK change of 2025 quotes its refusal of `EST`. */
export function checkTimeZone(timeZone: string): void {
  if (timeZone === UTC) return
  const isShort = /^[A-Za-z]{1,3}$/.test(timeZone)
  if (!isShort && isKnown(timeZone)) return
  throw new Refusal(
    'invalidDestination',
    `CustomTimeZone ${timeZone} is not supported: the supported IANA time zone formats are non-3-letter identifiers.`,
  )
}

function isKnown(timeZone: string): boolean {
  try {
    formatterFor(timeZone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The instant at which UTC's clocks show what this zone's show now. */
function wallClockMs(instantMs: number, timeZone: string): number {
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const read = (type: string) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0
  const millisecond = ((instantMs % 1000) + 1000) % 1000
  return Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
    millisecond,
  )
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formatters.size >= FORMATTERS_MAX) formatters.clear()
  formatters.set(timeZone, formatter)
  return formatter
}
