/**
 * `strftime` as glibc has it in the "C" locale and UTC, for jq, whose build leaves it to its host.
 *
 * Texts are bytes told as Latin-1, so that whatever is not ASCII passes through untouched.
 */
import { type BrokenDownTime, daysIn, epochSeconds, MONTHS, modulo, WEEKDAYS } from './broken-down-time.ts'

type Pad = '0' | '_' | '-'

/** `strftime` with glibc's flags (`-`, `_`, `0`, `^`, `#`), widths and modifiers. What it does not know stays as written. */
export function formatTime(format: string, time: BrokenDownTime): string {
  return format.replace(/%([-_0^#]*)(\d*)[EO]?([A-Za-z%+])/g, (whole, flags: string, width: string, letter: string) => {
    const pad = [...flags].findLast((flag) => flag === '-' || flag === '_' || flag === '0') as Pad | undefined
    const text = conversion(letter, time, pad, Number(width))
    if (text === undefined) return whole
    if (flags.includes('^')) return text.toUpperCase()
    if (!flags.includes('#')) return text
    return letter === 'p' || letter === 'Z' ? text.toLowerCase() : text.toUpperCase()
  })
}

function conversion(letter: string, time: BrokenDownTime, pad: Pad | undefined, width: number): string | undefined {
  const number = (value: number, digits: number, usual: Pad = '0') =>
    padded(value, Math.max(digits, width), pad ?? usual)
  const text = (value: string) => value.padStart(width, pad === '0' ? '0' : ' ')
  const nested = (format: string) => text(formatTime(format, time))
  const year = time.year + 1900
  const twelve = time.hour % 12 === 0 ? 12 : time.hour % 12
  switch (letter) {
    case 'a':
      return text(WEEKDAYS[time.weekDay]?.slice(0, 3) ?? '?')
    case 'A':
      return text(WEEKDAYS[time.weekDay] ?? '?')
    case 'b':
    case 'h':
      return text(MONTHS[time.month]?.slice(0, 3) ?? '?')
    case 'B':
      return text(MONTHS[time.month] ?? '?')
    case 'c':
      return nested('%a %b %e %H:%M:%S %Y')
    case 'C':
      return number(Math.floor(year / 100), 2)
    case 'd':
      return number(time.day, 2)
    case 'D':
    case 'x':
      return nested('%m/%d/%y')
    case 'e':
      return number(time.day, 2, '_')
    case 'F':
      return nested('%Y-%m-%d')
    case 'g':
      return number(modulo(isoWeek(time).year, 100), 2)
    case 'G':
      return number(isoWeek(time).year, 1)
    case 'H':
      return number(time.hour, 2)
    case 'I':
      return number(twelve, 2)
    case 'j':
      return number(time.yearDay + 1, 3)
    case 'k':
      return number(time.hour, 2, '_')
    case 'l':
      return number(twelve, 2, '_')
    case 'm':
      return number(time.month + 1, 2)
    case 'M':
      return number(time.minute, 2)
    case 'n':
      return '\n'
    case 'p':
      return text(time.hour < 12 ? 'AM' : 'PM')
    case 'P':
      return text(time.hour < 12 ? 'am' : 'pm')
    case 'r':
      return nested('%I:%M:%S %p')
    case 'R':
      return nested('%H:%M')
    case 's':
      return number(epochSeconds(time), 1)
    case 'S':
      return number(time.second, 2)
    case 't':
      return '\t'
    case 'T':
    case 'X':
      return nested('%H:%M:%S')
    case 'u':
      return number(time.weekDay === 0 ? 7 : time.weekDay, 1)
    case 'U':
      return number(Math.floor((time.yearDay - time.weekDay + 7) / 7), 2)
    case 'V':
      return number(isoWeek(time).week, 2)
    case 'w':
      return number(time.weekDay, 1)
    case 'W':
      return number(Math.floor((time.yearDay - modulo(time.weekDay - 1, 7) + 7) / 7), 2)
    case 'y':
      return number(modulo(year, 100), 2)
    case 'Y':
      return number(year, 1)
    case 'z':
      return text('+0000')
    case 'Z':
      return text('UTC')
    case '%':
      return '%'
    default:
      return undefined
  }
}

function padded(value: number, digits: number, pad: Pad): string {
  if (pad === '-') return String(value)
  const sign = value < 0 ? '-' : ''
  const magnitude = String(Math.abs(value))
  if (pad === '_') return (sign + magnitude).padStart(digits)
  return sign + magnitude.padStart(digits - sign.length, '0')
}

/** Weeks begin on Monday; the first one has the year's first Thursday. */
function isoWeek(time: BrokenDownTime): { year: number; week: number } {
  const year = time.year + 1900
  const thursday = time.yearDay - modulo(time.weekDay - 1, 7) + 3
  if (thursday < 0) return { year: year - 1, week: Math.floor((thursday + daysIn(year - 1)) / 7) + 1 }
  if (thursday >= daysIn(year)) return { year: year + 1, week: 1 }
  return { year, week: Math.floor(thursday / 7) + 1 }
}
