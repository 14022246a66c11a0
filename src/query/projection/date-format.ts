/**
 * Moments as text by a pattern of Java's DateTimeFormatter, as `projection.<column>.format` has it, in UTC. Letters that
 * folders are named by: y and u (year), M, d, D (day of the year), H, m, s, S; text between quotes; any other sign as itself.
 */

export type Unit = 'YEARS' | 'MONTHS' | 'WEEKS' | 'DAYS' | 'HOURS' | 'MINUTES' | 'SECONDS' | 'MILLIS'

export interface DateFormat {
  /** The smallest unit that the text tells. */
  readonly precision: Unit
  format(ms: number): string
  /** Midnight, January and the like where the text says nothing; undefined: it is no text of this format. */
  parse(text: string): number | undefined
}

type Part = { readonly text: string } | { readonly letter: string; readonly width: number }

const UNITS: Readonly<Record<string, Unit>> = {
  y: 'YEARS',
  u: 'YEARS',
  M: 'MONTHS',
  d: 'DAYS',
  D: 'DAYS',
  H: 'HOURS',
  m: 'MINUTES',
  s: 'SECONDS',
  S: 'MILLIS',
}
const BY_SIZE: readonly Unit[] = ['YEARS', 'MONTHS', 'DAYS', 'HOURS', 'MINUTES', 'SECONDS', 'MILLIS']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** Or the sentence that says what is not known. */
export function dateFormat(pattern: string): DateFormat | { readonly problem: string } {
  const parts = partsOf(pattern)
  if ('problem' in parts) return parts
  const units = parts.flatMap((part) => ('letter' in part ? [UNITS[part.letter] as Unit] : []))
  if (units.length === 0) return { problem: `'${pattern}' says nothing of a date` }
  const precision = units.reduce((one, other) => (BY_SIZE.indexOf(one) > BY_SIZE.indexOf(other) ? one : other))
  return { precision, format: (ms) => formatted(parts, new Date(ms)), parse: (text) => parsed(parts, text) }
}

function partsOf(pattern: string): readonly Part[] | { readonly problem: string } {
  const parts: Part[] = []
  for (const [found] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    const letter = found[0] as string
    if (found === "''") parts.push({ text: "'" })
    else if (letter === "'") {
      if (found.length === 1) return { problem: `'${pattern}' has a quote without an end` }
      parts.push({ text: found.slice(1, -1).replaceAll("''", "'") })
    } else if (!/[A-Za-z]/.test(letter)) parts.push({ text: found })
    else if (!Object.hasOwn(UNITS, letter))
      return { problem: `the letter ${letter} of '${pattern}' is not supported by this lake` }
    else parts.push({ letter, width: found.length })
  }
  return parts
}

function formatted(parts: readonly Part[], date: Date): string {
  return parts.map((part) => ('text' in part ? part.text : fieldText(part.letter, part.width, date))).join('')
}

function fieldText(letter: string, width: number, date: Date): string {
  const number = (value: number) => String(value).padStart(width, '0')
  switch (letter) {
    case 'y':
    case 'u':
      return width === 2 ? String(date.getUTCFullYear() % 100).padStart(2, '0') : number(date.getUTCFullYear())
    case 'M': {
      const name = MONTHS[date.getUTCMonth()] ?? ''
      if (width >= 3) return width === 3 ? name.slice(0, 3) : name
      return number(date.getUTCMonth() + 1)
    }
    case 'd':
      return number(date.getUTCDate())
    case 'D':
      return number(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1)
    case 'H':
      return number(date.getUTCHours())
    case 'm':
      return number(date.getUTCMinutes())
    case 's':
      return number(date.getUTCSeconds())
    default:
      return String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(width, '0').slice(0, width)
  }
}

const DAY_MS = 86_400_000

function parsed(parts: readonly Part[], text: string): number | undefined {
  const letters: string[] = []
  const pattern = parts.map((part) => {
    if ('text' in part) return part.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    letters.push(part.letter)
    if (part.letter === 'M' && part.width >= 3) return '([A-Za-z]+)'
    return part.width === 1 ? '(\\d+)' : `(\\d{${part.width}${part.letter === 'y' || part.letter === 'u' ? ',' : ''}})`
  })
  const found = new RegExp(`^${pattern.join('')}$`).exec(text)
  if (found === null) return undefined
  const fields: Record<string, number> = {}
  for (const [index, letter] of letters.entries()) {
    const value = found[index + 1] ?? ''
    fields[letter] = /^\d+$/.test(value) ? Number(value) : monthNamed(value)
    if (letter === 'S') fields[letter] = Number(value.padEnd(3, '0').slice(0, 3))
    if ((letter === 'y' || letter === 'u') && value.length === 2) fields[letter] = 2000 + Number(value)
  }
  const year = fields['y'] ?? fields['u'] ?? 1970
  const month = (fields['M'] ?? 1) - 1
  const day = fields['d'] ?? 1
  const midnight = fields['D'] === undefined ? Date.UTC(year, month, day) : Date.UTC(year, 0, fields['D'])
  const isDate = fields['D'] !== undefined || new Date(midnight).getUTCDate() === day
  const ms = midnight + ((fields['H'] ?? 0) * 3600 + (fields['m'] ?? 0) * 60 + (fields['s'] ?? 0)) * 1000
  return isDate && Number.isFinite(ms) ? ms + (fields['S'] ?? 0) : undefined
}

function monthNamed(text: string): number {
  const index = MONTHS.findIndex((name) => name === text || name.slice(0, 3) === text)
  return index < 0 ? Number.NaN : index + 1
}

/** `count` units later. Months and years keep the day, or take the last one that there is, as Java's do. */
export function later(ms: number, count: number, unit: Unit): number {
  const fixed = FIXED_MS[unit]
  if (fixed !== undefined) return ms + count * fixed
  const date = new Date(ms)
  const months = date.getUTCMonth() + count * (unit === 'YEARS' ? 12 : 1)
  const first = Date.UTC(date.getUTCFullYear(), months, 1)
  const last = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate()
  return first + (Math.min(date.getUTCDate(), last) - 1) * DAY_MS + (ms % DAY_MS)
}

const FIXED_MS: Readonly<Partial<Record<Unit, number>>> = {
  WEEKS: 7 * DAY_MS,
  DAYS: DAY_MS,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
  MILLIS: 1,
}
