/**
 * `strftime` as glibc has it in the "C" locale and UTC, for jq, whose build leaves it to its host.
 *
 * Texts are bytes told as Latin-1, so that whatever is not ASCII passes through untouched.
 */
import { type BrokenDownTime, daysIn, epochSeconds, MONTHS, modulo, WEEKDAYS } from './broken-down-time.ts'

type Pad = '0' | '_' | '-'

/** What a conversion becomes, or text as it stands. */
type Piece = string | ((time: BrokenDownTime) => string)

/** Formats come from queries, or, rarely, from records. */
const FORMATS_MAX = 64
const formats = new Map<string, readonly Piece[]>()

/** `strftime` with glibc's flags (`-`, `_`, `0`, `^`, `#`), widths and modifiers. What it does not know stays as written. */
export function formatTime(format: string, time: BrokenDownTime): string {
  let pieces = formats.get(format)
  if (pieces === undefined) {
    pieces = piecesOf(format)
    if (formats.size >= FORMATS_MAX) formats.clear()
    formats.set(format, pieces)
  }
  let text = ''
  for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(time)
  return text
}

function piecesOf(format: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const found of format.matchAll(/%([-_0^#]*)(\d*)[EO]?([A-Za-z%+])/g)) {
    const [whole, flags = '', width = '', letter = ''] = found
    const pad = [...flags].findLast((flag) => flag === '-' || flag === '_' || flag === '0') as Pad | undefined
    const toCase = caseOf(flags, letter)
    const digits = Number(width)
    pieces.push(format.slice(end, found.index), (time) => {
      const text = conversion(letter, time, pad, digits)
      return text === undefined ? whole : toCase(text)
    })
    end = found.index + whole.length
  }
  pieces.push(format.slice(end))
  return pieces
}

function caseOf(flags: string, letter: string): (text: string) => string {
  const lower = flags.includes('#') && (letter === 'p' || letter === 'Z')
  if (flags.includes('^') || (flags.includes('#') && !lower)) return (text) => text.toUpperCase()
  return lower ? (text) => text.toLowerCase() : (text) => text
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
