/**
 * `strptime` as glibc has it in the "C" locale and UTC, for jq, whose build leaves it to its host.
 *
 * Texts are bytes told as Latin-1, so that an index is an offset in bytes.
 */
import { type BrokenDownTime, brokenDown, daysBefore, MONTHS, modulo, WEEKDAYS } from './broken-down-time.ts'

/** What was read and is settled only when everything has been. */
interface Reading {
  readonly time: BrokenDownTime
  century?: number
  isTwelveHours?: boolean
  isAfternoon?: boolean
  hasYear?: boolean
  hasMonth?: boolean
  hasDay?: boolean
  hasYearDay?: boolean
  hasWeekDay?: boolean
  weekOfYear?: { readonly week: number; readonly firstWeekDay: 0 | 1 }
}

/** Sets in `time` what `format` names. Gives the index where it stopped reading; undefined: `text` does not match. */
export function parseTime(text: string, format: string, time: BrokenDownTime): number | undefined {
  const reading: Reading = { time }
  const end = read(text, 0, format, reading)
  if (end !== undefined) settle(reading)
  return end
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

function read(text: string, from: number, format: string, reading: Reading): number | undefined {
  let at: number | undefined = from
  for (let index = 0; index < format.length && at !== undefined; index++) {
    const letter = format.charAt(index)
    if (isSpace(letter)) at = afterSpaces(text, at)
    else if (letter !== '%') at = text.charAt(at) === letter ? at + 1 : undefined
    else {
      index++
      // Flags, widths and modifiers are read and have no effect.
      while (/[-_0^#1-9EO]/.test(format.charAt(index))) index++
      at = readConversion(text, at, format.charAt(index), reading)
    }
  }
  return at
}

function readConversion(text: string, at: number, letter: string, reading: Reading): number | undefined {
  const { time } = reading
  const shorthand = SHORTHANDS[letter]
  if (shorthand !== undefined) return read(text, at, shorthand, reading)
  const number = (min: number, max: number, digits: number, set: (value: number) => void) =>
    readNumber(text, at, { min, max, digits }, set)
  switch (letter) {
    case '%':
      return text.charAt(at) === '%' ? at + 1 : undefined
    case 'a':
    case 'A':
      return readName(text, at, WEEKDAYS, (value) => {
        time.weekDay = value
        reading.hasWeekDay = true
      })
    case 'b':
    case 'B':
    case 'h':
      return readName(text, at, MONTHS, (value) => {
        time.month = value
        reading.hasMonth = true
      })
    case 'C':
      return number(0, 99, 2, (value) => {
        reading.century = value
      })
    case 'd':
    case 'e':
      return number(1, 31, 2, (value) => {
        time.day = value
        reading.hasDay = true
      })
    case 'g':
    case 'V':
      return number(0, 99, 2, () => undefined)
    case 'G':
      return number(0, 9999, 4, () => undefined)
    case 'H':
    case 'k':
      return number(0, 23, 2, (value) => {
        time.hour = value
        reading.isTwelveHours = false
      })
    case 'I':
    case 'l':
      return number(1, 12, 2, (value) => {
        time.hour = value % 12
        reading.isTwelveHours = true
      })
    case 'j':
      return number(1, 366, 3, (value) => {
        time.yearDay = value - 1
        reading.hasYearDay = true
      })
    case 'm':
      return number(1, 12, 2, (value) => {
        time.month = value - 1
        reading.hasMonth = true
      })
    case 'M':
      return number(0, 59, 2, (value) => {
        time.minute = value
      })
    case 'n':
    case 't':
      return afterSpaces(text, at)
    case 'p':
    case 'P':
      return readName(text, at, ['AM', 'PM'], (value) => {
        reading.isAfternoon = value === 1
      })
    case 's':
      return number(0, Number.MAX_SAFE_INTEGER, 15, (value) => Object.assign(time, brokenDown(value)))
    case 'S':
      return number(0, 61, 2, (value) => {
        time.second = value
      })
    case 'u':
      return number(1, 7, 1, (value) => {
        time.weekDay = value % 7
        reading.hasWeekDay = true
      })
    case 'U':
    case 'W':
      return number(0, 53, 2, (week) => {
        reading.weekOfYear = { week, firstWeekDay: letter === 'U' ? 0 : 1 }
      })
    case 'w':
      return number(0, 6, 1, (value) => {
        time.weekDay = value
        reading.hasWeekDay = true
      })
    case 'y':
      return number(0, 99, 2, (value) => {
        time.year = value >= 69 ? value : value + 100
        reading.hasYear = true
      })
    case 'Y':
      return number(0, 9999, 4, (value) => {
        time.year = value - 1900
        reading.century = undefined
        reading.hasYear = true
      })
    case 'z':
      return readOffset(text, at)
    case 'Z': {
      const end = /\S*/y
      end.lastIndex = afterSpaces(text, at)
      end.exec(text)
      return Math.max(end.lastIndex, at)
    }
    default:
      return undefined
  }
}

function readNumber(
  text: string,
  from: number,
  bounds: { min: number; max: number; digits: number },
  set: (value: number) => void,
): number | undefined {
  // glibc goes on to a further digit while a zero there would keep the number within its bounds.
  let at = from
  while (text.charAt(at) === ' ') at++
  if (!isDigit(text.charAt(at))) return undefined
  let value = 0
  for (let left = bounds.digits; left > 0 && value * 10 <= bounds.max && isDigit(text.charAt(at)); left--) {
    value = value * 10 + Number(text.charAt(at++))
  }
  if (value < bounds.min || value > bounds.max) return undefined
  set(value)
  return at
}

function readName(
  text: string,
  at: number,
  names: readonly string[],
  set: (value: number) => void,
): number | undefined {
  const rest = text.slice(at, at + 9).toLowerCase()
  for (const [value, name] of names.entries()) {
    const whole = name.toLowerCase()
    const found = [whole, whole.slice(0, 3)].find((form) => rest.startsWith(form))
    if (found === undefined) continue
    set(value)
    return at + found.length
  }
  return undefined
}

/** `Z`, `+hh`, `+hhmm` or `+hh:mm`. jq keeps no offset, so neither do we: the time stays as written. */
function readOffset(text: string, at: number): number | undefined {
  const offset = /Z|[+-]\d\d(:?\d\d)?/y
  offset.lastIndex = afterSpaces(text, at)
  return offset.test(text) ? offset.lastIndex : undefined
}

function settle(reading: Reading): void {
  const { time } = reading
  if (reading.isTwelveHours && reading.isAfternoon) time.hour += 12
  if (reading.century !== undefined) {
    time.year = (reading.century - 19) * 100 + (reading.hasYear ? modulo(time.year, 100) : 0)
    reading.hasYear = true
  }
  const year = time.year + 1900
  if (reading.weekOfYear !== undefined && reading.hasWeekDay && !reading.hasDay) {
    const { week, firstWeekDay } = reading.weekOfYear
    const newYear = modulo(4 + daysBefore(year, 0, 1), 7)
    time.yearDay = modulo(7 - newYear + firstWeekDay, 7) + (week - 1) * 7 + modulo(time.weekDay - firstWeekDay + 7, 7)
    reading.hasYearDay = true
  }
  if (reading.hasYearDay && !(reading.hasMonth && reading.hasDay)) {
    const date = brokenDown((daysBefore(year, 0, 1) + time.yearDay) * 86_400)
    if (!reading.hasMonth) time.month = date.month
    if (!reading.hasDay) time.day = date.day
    reading.hasDay = true
  }
  if (!reading.hasYear && !reading.hasMonth && !reading.hasDay) return
  const days = daysBefore(year, time.month, time.day)
  if (!reading.hasWeekDay) time.weekDay = modulo(4 + days, 7)
  if (!reading.hasYearDay) time.yearDay = days - daysBefore(year, 0, 1)
}

function afterSpaces(text: string, from: number): number {
  let at = from
  while (isSpace(text.charAt(at))) at++
  return at
}

function isSpace(letter: string): boolean {
  return /^[ \t\n\v\f\r]$/.test(letter)
}

function isDigit(letter: string): boolean {
  return letter >= '0' && letter <= '9'
}
