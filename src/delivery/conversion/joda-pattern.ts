/**
 * Joda-Time patterns, parsing only, for the Hive deserialiser's `timestamp.formats`. Rules of letters and counts are those of
 * Joda's `DateTimeFormat.forPattern`: numbers take fewer digits than letters, texts and literals are compared without
 * regard to case, names are English, and a fraction keeps milliseconds, because Joda's instants have no more.
 *
 * Not offered, and refused by name: `C` `G` `e` `w` `x` (centuries, eras, week dates) and zone names other than Joda's own
 * short ones of North America, UT, UTC and GMT.
 */
import { Refusal } from '../../platform/refusal.ts'
import { dayOf, daysOfMonth, fromMillis, type Instant } from './timestamps.ts'

/** The instant, or undefined when the text is of another form. */
export type TimestampParser = (text: string) => Instant | undefined

/** Throws a Refusal 'invalidPattern' whose message is Joda's reason, or ours for what is not offered. */
export function parseJodaPattern(pattern: string): TimestampParser {
  const tokens = tokensOf(pattern)
  if (tokens.length === 0) throw invalid('Invalid pattern specification')
  const steps = tokens.map((token, index) => stepOf(token, isNumeric(tokens[index + 1])))
  return (text) => {
    const fields: Fields = {}
    let at = 0
    for (const step of steps) {
      at = step(text, at, fields)
      if (at < 0) return undefined
    }
    return at === text.length ? instantOf(fields) : undefined
  }
}

interface Fields {
  year?: number
  month?: number
  date?: number
  dayOfYear?: number
  hour?: number
  /** 0 to 11, with `half`. */
  hourOfHalf?: number
  half?: 0 | 1
  minute?: number
  second?: number
  ms?: number
  offsetMinutes?: number
}

/** Where it ends, or -1. */
type Step = (text: string, at: number, fields: Fields) => number

type Token = { readonly letter: string; readonly count: number } | { readonly literal: string }

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (const [, quoted, run, , other] of pattern.matchAll(TOKEN)) {
    if (run !== undefined) tokens.push({ letter: run.charAt(0), count: run.length })
    else
      tokens.push({
        literal: quoted === undefined ? (other ?? '') : quoted === '' ? "'" : quoted.replaceAll("''", "'"),
      })
  }
  return tokens
}

/** Quoted text, run of one letter, any other character. */
const TOKEN = /'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z'])/g

const isNumeric = (token: Token | undefined): boolean =>
  token !== undefined &&
  'letter' in token &&
  (token.letter === 'M' ? token.count <= 2 : 'YyDdHhKkmsS'.includes(token.letter))

/** Joda's pivot for two digits is thirty years ago, and a century lies around it: as of 2026, so that it never moves. */
const TWO_DIGIT_YEARS_FROM = 1946

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')
const ZONES: Readonly<Record<string, number>> = {
  __proto__: null as never,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}

function stepOf(token: Token, isBeforeNumber: boolean): Step {
  if ('literal' in token) return literal(token.literal)
  const { letter, count } = token
  switch (letter) {
    case 'y':
    case 'Y':
      if (count === 2) return number(2, (fields, value, digits) => setYear(fields, value, digits))
      return signedNumber(isBeforeNumber ? count : 9, (fields, value) => set(fields, 'year', value, 1, 9999))
    case 'M':
      if (count >= 3) return name(MONTHS, (fields, index) => set(fields, 'month', index + 1, 1, 12))
      return number(2, (fields, value) => set(fields, 'month', value, 1, 12))
    case 'd':
      return number(2, (fields, value) => set(fields, 'date', value, 1, 31))
    case 'D':
      return number(3, (fields, value) => set(fields, 'dayOfYear', value, 1, 366))
    case 'E':
      return name(WEEKDAYS, () => true)
    case 'a':
      return name(['am', 'pm'], (fields, index) => set(fields, 'half', index as 0 | 1, 0, 1))
    case 'H':
      return number(2, (fields, value) => set(fields, 'hour', value, 0, 23))
    case 'k':
      return number(2, (fields, value) => value <= 24 && set(fields, 'hour', value === 24 ? 0 : value || -1, 0, 23))
    case 'K':
      return number(2, (fields, value) => set(fields, 'hourOfHalf', value, 0, 11))
    case 'h':
      return number(
        2,
        (fields, value) => value <= 12 && set(fields, 'hourOfHalf', value === 12 ? 0 : value || -1, 0, 11),
      )
    case 'm':
      return number(2, (fields, value) => set(fields, 'minute', value, 0, 59))
    case 's':
      return number(2, (fields, value) => set(fields, 'second', value, 0, 59))
    case 'S':
      return fraction(count)
    case 'Z':
      if (count <= 2) return offset
      throw invalid(`Zone ids (Z three times) are not offered by lakelet: use ZZ`)
    case 'z':
      return zoneName
    default:
      if ('CGewx'.includes(letter)) throw invalid(`Pattern letter ${letter} is not offered by lakelet`)
      throw invalid(`Illegal pattern component: ${letter.repeat(count)}`)
  }
}

const literal =
  (expected: string): Step =>
  (text, at) =>
    text.slice(at, at + expected.length).toLowerCase() === expected.toLowerCase() ? at + expected.length : -1

type Take = (fields: Fields, value: number, digits: number) => boolean

/** As many digits as there are, up to so many. */
const number =
  (digitsMax: number, take: Take): Step =>
  (text, at, fields) => {
    let end = at
    while (end < at + digitsMax && isDigitAt(text, end)) end++
    return end > at && take(fields, Number(text.slice(at, end)), end - at) ? end : -1
  }

const signedNumber = (digitsMax: number, take: Take): Step => {
  const unsigned = number(digitsMax, take)
  return (text, at, fields) => unsigned(text, text[at] === '+' ? at + 1 : at, fields)
}

/** A name in full, or its first three letters. */
const name =
  (names: readonly string[], take: (fields: Fields, index: number) => boolean): Step =>
  (text, at, fields) => {
    const rest = text.slice(at, at + 12).toLowerCase()
    const index = names.findIndex((each) => rest.startsWith(each.slice(0, 3)))
    const full = names[index]
    if (full === undefined || !take(fields, index)) return -1
    return at + (rest.startsWith(full) ? full.length : Math.min(3, full.length))
  }

const fraction =
  (digitsMax: number): Step =>
  (text, at, fields) => {
    let end = at
    while (end < at + digitsMax && isDigitAt(text, end)) end++
    fields.ms = Number(text.slice(at, end).slice(0, 3).padEnd(3, '0'))
    return end
  }

const OFFSET = /(?:Z|([+-])(\d\d)(?::?(\d\d))?)/iy

const offset: Step = (text, at, fields) => {
  OFFSET.lastIndex = at
  const found = OFFSET.exec(text)
  if (found === null) return -1
  const [all, sign, hours = '0', minutes = '0'] = found
  if (Number(hours) > 23 || Number(minutes) > 59) return -1
  fields.offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return at + all.length
}

const zoneName: Step = (text, at, fields) => {
  const word = /^[a-z]+/i.exec(text.slice(at))?.[0] ?? ''
  const minutes = ZONES[word.toLowerCase()]
  if (minutes === undefined) return -1
  fields.offsetMinutes = minutes
  return at + word.length
}

function setYear(fields: Fields, value: number, digits: number): boolean {
  if (digits !== 2) return set(fields, 'year', value, 1, 9999)
  const year = Math.floor(TWO_DIGIT_YEARS_FROM / 100) * 100 + value
  fields.year = year < TWO_DIGIT_YEARS_FROM ? year + 100 : year
  return true
}

function set<Name extends keyof Fields>(
  fields: Fields,
  field: Name,
  value: Fields[Name] & number,
  min: number,
  max: number,
): boolean {
  if (value < min || value > max) return false
  fields[field] = value
  return true
}

/** What a pattern does not name is as on 1970-01-01 at midnight UTC. */
function instantOf(fields: Fields): Instant | undefined {
  const { year = 1970, month = 1, date = 1, dayOfYear, minute = 0, second = 0, ms = 0, offsetMinutes = 0 } = fields
  if (date > daysOfMonth(year, month)) return undefined
  if (dayOfYear === 366 && daysOfMonth(year, 2) === 28) return undefined
  const day = dayOfYear === undefined ? dayOf(year, month, date) : dayOf(year, 1, 1) + dayOfYear - 1
  const hour = fields.hour ?? (fields.hourOfHalf ?? 0) + (fields.half ?? 0) * 12
  return fromMillis(day * 86_400_000 + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + ms)
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

function invalid(reason: string): Refusal {
  return new Refusal('invalidPattern', reason)
}
