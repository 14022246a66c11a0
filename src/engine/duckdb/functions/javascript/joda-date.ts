/** format_datetime and parse_datetime: Joda's pattern letters. */
import { canonicalZone, offsetText } from '../../../../sql/time-zones.ts'
import { DAY_NAMES, dayOfYear, isoDayOfWeek, isoWeek, MONTH_NAMES } from './calendar.ts'
import { type Clock, clockOf, type Found, picosOf, pivotYear, splitPicos, two } from './date-fields.ts'
import { fail, invalidArgument, type Zoned } from './define.ts'

type Token = { readonly literal: string } | { readonly letter: string; readonly count: number }

function tokens(pattern: string): Token[] {
  const found: Token[] = []
  let index = 0
  while (index < pattern.length) {
    const character = pattern[index] ?? ''
    if (character === "'") {
      const quoted = /^'((?:[^']|'')*)'/.exec(pattern.slice(index))
      if (quoted === null) {
        found.push({ literal: pattern.slice(index + 1) })
        break
      }
      found.push({ literal: quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'") })
      index += quoted[0].length
      continue
    }
    if (!/[A-Za-z]/.test(character)) {
      found.push({ literal: character })
      index++
      continue
    }
    let count = 1
    while (pattern[index + count] === character) count++
    found.push({ letter: character, count })
    index += count
  }
  return found
}

interface Place {
  readonly zone: string
  readonly offsetMinutes: number
}

function padded(value: number, count: number): string {
  return value < 0 ? `-${String(-value).padStart(count, '0')}` : String(value).padStart(count, '0')
}

type Writer = (clock: Clock, count: number, place: Place) => string

const yearWriter: Writer = (clock, count) =>
  count === 2 ? two(((clock.year % 100) + 100) % 100) : padded(clock.year, count)

const WRITERS: Readonly<Record<string, Writer>> = {
  G: (clock) => (clock.year > 0 ? 'AD' : 'BC'),
  C: (clock, count) => padded(Math.floor(Math.abs(clock.year) / 100), count),
  Y: yearWriter,
  y: yearWriter,
  x: (clock, count) => {
    const { year } = isoWeek(clock.days)
    return count === 2 ? two(((year % 100) + 100) % 100) : padded(year, count)
  },
  w: (clock, count) => padded(isoWeek(clock.days).week, count),
  e: (clock, count) => padded(isoDayOfWeek(clock.days), count),
  E: (clock, count) => {
    const name = DAY_NAMES[isoDayOfWeek(clock.days) - 1] ?? ''
    return count >= 4 ? name : name.slice(0, 3)
  },
  D: (clock, count) => padded(dayOfYear(clock.days), count),
  M: (clock, count) => {
    const name = MONTH_NAMES[clock.month - 1] ?? ''
    if (count >= 4) return name
    return count === 3 ? name.slice(0, 3) : padded(clock.month, count)
  },
  d: (clock, count) => padded(clock.day, count),
  a: (clock) => (clock.hour < 12 ? 'AM' : 'PM'),
  K: (clock, count) => padded(clock.hour % 12, count),
  h: (clock, count) => padded(clock.hour % 12 || 12, count),
  H: (clock, count) => padded(clock.hour, count),
  k: (clock, count) => padded(clock.hour || 24, count),
  m: (clock, count) => padded(clock.minute, count),
  s: (clock, count) => padded(clock.second, count),
  S: (clock, count) => String(clock.millis).padStart(3, '0').padEnd(count, '0').slice(0, count),
  z: (_clock, count, place) => zoneNameText(place, count),
  Z: (_clock, count, { zone, offsetMinutes }) => {
    if (count >= 3) return zone
    const text = offsetText(offsetMinutes)
    return count === 2 ? text : text.replace(':', '')
  },
}

/** The short or long name of the zone, which only the zone data of the machine knows. */
function zoneNameText({ zone, offsetMinutes }: Place, count: number): string {
  if (zone === 'UTC') return count >= 4 ? 'Coordinated Universal Time' : 'UTC'
  if (/^[+-]/.test(zone)) return offsetText(offsetMinutes)
  return fail('NOT_SUPPORTED', `Zone names in datetime formats are not supported for ${zone}`)
}

function refusedLetter(letter: string): never {
  return invalidArgument(`Illegal pattern component: ${letter}`)
}

export function jodaFormat(localMillis: bigint, place: Place, pattern: string): string {
  if (pattern === '') return invalidArgument('Invalid pattern specification')
  const clock = clockOf(localMillis)
  return tokens(pattern)
    .map((token) => {
      if ('literal' in token) return token.literal
      const writer = WRITERS[token.letter]
      return writer === undefined ? refusedLetter(token.letter) : writer(clock, token.count, place)
    })
    .join('')
}

const ZONE_OFFSET = /[+-]\d{2}:?\d{2}|[+-]\d{2}|Z/y
const ZONE_NAME = /[A-Za-z][A-Za-z0-9_+/-]*|[+-]\d{2}:\d{2}/y
/** Joda puts two-digit years into the century around thirty years ago. */
const JODA_PIVOT_YEARS = 30

interface Reading {
  readonly pattern: RegExp
  readonly read: (text: string, found: Found) => void
}

function digits(most: number, read: (value: number, found: Found) => void): Reading {
  return { pattern: new RegExp(`\\d{1,${most}}`, 'y'), read: (text, found) => read(Number(text), found) }
}

/** `adjacent`: another number follows directly, so no more than `count` digits belong here. */
function readerOf(letter: string, count: number, adjacent: boolean, thisYear: number): Reading {
  const most = (natural: number) => (adjacent ? count : Math.max(natural, count))
  switch (letter) {
    case 'y':
    case 'Y':
    case 'x': {
      const set = (value: number, found: Found) => {
        if (letter === 'x') found.weekYear = value
        else found.year = value
      }
      if (count === 2) {
        return {
          pattern: adjacent ? /\d{2}/y : /[+-]?\d{1,9}/y,
          read: (text, found) =>
            set(/^\d{2}$/.test(text) ? pivotYear(Number(text), thisYear - JODA_PIVOT_YEARS) : Number(text), found),
        }
      }
      return { pattern: new RegExp(`[+-]?\\d{1,${most(9)}}`, 'y'), read: (text, found) => set(Number(text), found) }
    }
    case 'M':
      if (count >= 3) {
        const short = MONTH_NAMES.map((name) => name.slice(0, 3))
        return {
          pattern: new RegExp([...MONTH_NAMES, ...short].join('|'), 'iy'),
          read: (text, found) => {
            found.month = MONTH_NAMES.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase())) + 1
          },
        }
      }
      return digits(most(2), (value, found) => (found.month = value))
    case 'E': {
      const short = DAY_NAMES.map((name) => name.slice(0, 3))
      return {
        pattern: new RegExp([...DAY_NAMES, ...short].join('|'), 'iy'),
        read: (text, found) => {
          found.dayOfWeek = DAY_NAMES.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase())) + 1
        },
      }
    }
    case 'd':
      return digits(most(2), (value, found) => (found.day = value))
    case 'D':
      return digits(most(3), (value, found) => (found.dayOfYear = value))
    case 'w':
      return digits(most(2), (value, found) => (found.week = value))
    case 'e':
      return digits(most(1), (value, found) => (found.dayOfWeek = value))
    case 'a':
      return { pattern: /[AP]M/iy, read: (text, found) => (found.isAfternoon = /^p/i.test(text)) }
    case 'K':
    case 'h':
      return digits(most(2), (value, found) => (found.hourOfHalf = value))
    case 'H':
      return digits(most(2), (value, found) => (found.hour = value))
    case 'k':
      return digits(most(2), (value, found) => (found.hour = value % 24))
    case 'm':
      return digits(most(2), (value, found) => (found.minute = value))
    case 's':
      return digits(most(2), (value, found) => (found.second = value))
    case 'S':
      return {
        pattern: new RegExp(`\\d{1,${adjacent ? count : 9}}`, 'y'),
        read: (text, found) => {
          found.picosOfSecond = BigInt(text.slice(0, 3).padEnd(12, '0'))
        },
      }
    case 'Z':
      return {
        pattern: count >= 3 ? ZONE_NAME : ZONE_OFFSET,
        read: (text, found) => {
          found.zone = text
        },
      }
    case 'z':
      return {
        pattern: ZONE_NAME,
        read: (text, found) => {
          found.zone = text
        },
      }
    case 'G':
      return { pattern: /AD|BC/iy, read: () => undefined }
    default:
      return refusedLetter(letter)
  }
}

/** `thisYear`: years of two digits are read as near to it. */
export function jodaParse(text: string, pattern: string, thisYear: number): Zoned {
  const found: Found = {}
  const parts = tokens(pattern)
  let index = 0
  const refused = (): never => {
    const shown = index < text.length ? ` is malformed at "${text.slice(index)}"` : ' is too short'
    return invalidArgument(`Invalid format: "${text}"${shown}`)
  }
  for (const [at, token] of parts.entries()) {
    if ('literal' in token) {
      if (text.slice(index, index + token.literal.length).toLowerCase() !== token.literal.toLowerCase()) refused()
      index += token.literal.length
      continue
    }
    const next = parts[at + 1]
    const adjacent =
      next !== undefined &&
      'letter' in next &&
      /[yYxMdDwekHKhmsS]/.test(next.letter) &&
      !(next.letter === 'M' && next.count >= 3)
    const reader = readerOf(token.letter, token.count, adjacent, thisYear)
    reader.pattern.lastIndex = index
    const match = reader.pattern.exec(text)
    if (match === null) return refused()
    reader.read(match[0], found)
    index = reader.pattern.lastIndex
  }
  if (index < text.length) return refused()
  const picos = picosOf(found)
  if (picos === undefined) return invalidArgument(`Cannot parse "${text}": a value is out of its range`)
  const zone = found.zone === undefined ? 'UTC' : canonicalZone(found.zone)
  if (zone === undefined) return refused()
  return { us: splitPicos(picos).us, picos: 0, zone }
}
