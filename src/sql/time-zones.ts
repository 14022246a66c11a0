/**
 * Time zones by the names Trino knows: fixed offsets and the IANA regions. Pure: the same name and instant always give
 * the same offset (from the tz data that Node carries).
 */

const OFFSET = /^([+-])(\d{1,2}):?(\d{2})?$/
const OFFSET_MINUTES_MAX = 14 * 60
const UTC_NAMES: readonly string[] = [
  'utc',
  'z',
  'gmt',
  'ut',
  'uct',
  'zulu',
  'etc/utc',
  'gmt0',
  'greenwich',
  'universal',
]
const formatters = new Map<string, Intl.DateTimeFormat>()

/** The name as results show it (`UTC`, `+05:30`, `America/New_York`), or undefined when there is no such zone. */
export function canonicalZone(name: string): string | undefined {
  if (UTC_NAMES.includes(name.toLowerCase())) return 'UTC'
  const offset = fixedOffsetMinutes(name)
  if (offset !== undefined) return offset === 0 ? 'UTC' : offsetText(offset)
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return undefined
  try {
    formatterFor(name)
    return name
  } catch (error) {
    // RangeError is how Intl says that a zone does not exist.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Minutes east of UTC, for `+05:30`, `-8:00`; undefined for a region or what is out of range. */
export function fixedOffsetMinutes(name: string): number | undefined {
  const match = OFFSET.exec(name)
  if (match === null) return undefined
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)]
  const total = hours * 60 + minutes
  if (minutes > 59 || total > OFFSET_MINUTES_MAX) return undefined
  return match[1] === '-' ? -total : total
}

/** `+05:30` for 330. */
export function offsetText(minutes: number): string {
  const absolute = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`
}

/**
 * The instant (milliseconds since the epoch) at which clocks in the zone show `localMs`. In a gap the time is moved on
 * by the gap's length; of two candidates the earlier is taken, as Java does.
 */
export function localToEpochMs(localMs: number, zone: string): number {
  const fixed = zone === 'UTC' ? 0 : fixedOffsetMinutes(zone)
  if (fixed !== undefined) return localMs - fixed * 60_000
  const day = 86_400_000
  const before = offsetMsAt(localMs - day, zone)
  const after = offsetMsAt(localMs + day, zone)
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const instant = localMs - offset
    if (offsetMsAt(instant, zone) === offset) return instant
  }
  return localMs - before
}

function offsetMsAt(epochMs: number, zone: string): number {
  const whole = Math.floor(epochMs / 1000) * 1000
  const parts = Object.fromEntries(
    formatterFor(zone)
      .formatToParts(whole)
      .map((part) => [part.type, part.value]),
  )
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year)
  const local = new Date(0)
  local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day))
  local.setUTCHours(Number(parts.hour) % 24, Number(parts.minute), Number(parts.second), 0)
  return local.getTime() - whole
}

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  formatters.set(zone, made)
  return made
}
