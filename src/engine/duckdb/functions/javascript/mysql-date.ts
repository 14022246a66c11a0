/** date_format and date_parse: MySQL's specifiers. */
import { canonicalZone } from '../../../../sql/time-zones.ts'
import { DAY_NAMES, dayOfYear, isoDayOfWeek, isoWeek, MONTH_NAMES } from './calendar.ts'
import { type Clock, clockOf, type Found, picosOf, pivotYear, splitPicos, two } from './date-fields.ts'
import { invalidArgument, type Zoned } from './define.ts'

const half = (clock: Clock) => clock.hour % 12 || 12
const marker = (clock: Clock) => (clock.hour < 12 ? 'AM' : 'PM')

const WRITERS: Readonly<Record<string, (clock: Clock) => string>> = {
  a: (clock) => (DAY_NAMES[isoDayOfWeek(clock.days) - 1] ?? '').slice(0, 3),
  b: (clock) => (MONTH_NAMES[clock.month - 1] ?? '').slice(0, 3),
  c: (clock) => String(clock.month),
  d: (clock) => two(clock.day),
  e: (clock) => String(clock.day),
  f: (clock) => `${String(clock.millis).padStart(3, '0')}000`,
  H: (clock) => two(clock.hour),
  h: (clock) => two(half(clock)),
  I: (clock) => two(half(clock)),
  i: (clock) => two(clock.minute),
  j: (clock) => String(dayOfYear(clock.days)).padStart(3, '0'),
  k: (clock) => String(clock.hour),
  l: (clock) => String(half(clock)),
  M: (clock) => MONTH_NAMES[clock.month - 1] ?? '',
  m: (clock) => two(clock.month),
  p: marker,
  r: (clock) => `${two(half(clock))}:${two(clock.minute)}:${two(clock.second)} ${marker(clock)}`,
  S: (clock) => two(clock.second),
  s: (clock) => two(clock.second),
  T: (clock) => `${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}`,
  v: (clock) => two(isoWeek(clock.days).week),
  W: (clock) => DAY_NAMES[isoDayOfWeek(clock.days) - 1] ?? '',
  x: (clock) => String(isoWeek(clock.days).year).padStart(4, '0'),
  Y: (clock) => String(clock.year).padStart(4, '0'),
  y: (clock) => two(((clock.year % 100) + 100) % 100),
}

const REFUSED = 'DUuVwX'

function refusedSpecifier(specifier: string): never {
  return invalidArgument(`%${specifier} not supported in date format string`)
}

type Token = { readonly literal: string } | { readonly specifier: string }

function tokens(format: string): Token[] {
  const found: Token[] = []
  for (let index = 0; index < format.length; index++) {
    const character = format[index] ?? ''
    const next = format[index + 1]
    if (character !== '%' || next === undefined) {
      if (character !== '%') found.push({ literal: character })
      continue
    }
    index++
    if (REFUSED.includes(next)) refusedSpecifier(next)
    found.push(next in WRITERS ? { specifier: next } : { literal: next })
  }
  return found
}

export function mysqlFormat(localMillis: bigint, format: string): string {
  const clock = clockOf(localMillis)
  return tokens(format)
    .map((token) => ('literal' in token ? token.literal : (WRITERS[token.specifier]?.(clock) ?? '')))
    .join('')
}

interface Reader {
  readonly pattern: RegExp
  readonly read: (text: string, found: Found) => void
}

function digits(most: number, read: (value: number, found: Found) => void): Reader {
  return { pattern: new RegExp(`\\d{1,${most}}`, 'y'), read: (text, found) => read(Number(text), found) }
}

function named(
  names: readonly string[],
  length: number | undefined,
  read: (index: number, found: Found) => void,
): Reader {
  const shown = names.map((name) => name.slice(0, length))
  // The long form is read too, and first.
  return {
    pattern: new RegExp([...names, ...shown].join('|'), 'iy'),
    read: (text, found) =>
      read(
        names.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase())),
        found,
      ),
  }
}

const hourOfHalf = digits(2, (value, found) => {
  found.hourOfHalf = value
})
const second = digits(2, (value, found) => {
  found.second = value
})
const hour = digits(2, (value, found) => {
  found.hour = value
})
const month = digits(2, (value, found) => {
  found.month = value
})
const day = digits(2, (value, found) => {
  found.day = value
})
const MYSQL_PIVOT = 2020

const READERS: Readonly<Record<string, readonly Reader[]>> = {
  a: [named(DAY_NAMES, 3, (index, found) => (found.dayOfWeek = index + 1))],
  b: [named(MONTH_NAMES, 3, (index, found) => (found.month = index + 1))],
  c: [month],
  d: [day],
  e: [day],
  f: [
    {
      pattern: /\d{1,9}/y,
      read: (text, found) => {
        found.picosOfSecond = BigInt(text.slice(0, 12).padEnd(12, '0'))
      },
    },
  ],
  H: [hour],
  h: [hourOfHalf],
  I: [hourOfHalf],
  i: [digits(2, (value, found) => (found.minute = value))],
  j: [digits(3, (value, found) => (found.dayOfYear = value))],
  k: [hour],
  l: [hourOfHalf],
  M: [named(MONTH_NAMES, undefined, (index, found) => (found.month = index + 1))],
  m: [month],
  p: [{ pattern: /[AP]M/iy, read: (text, found) => (found.isAfternoon = /^p/i.test(text)) }],
  S: [second],
  s: [second],
  v: [digits(2, (value, found) => (found.week = value))],
  W: [named(DAY_NAMES, undefined, (index, found) => (found.dayOfWeek = index + 1))],
  x: [
    {
      pattern: /[+-]?\d{1,9}/y,
      read: (text, found) => (found.weekYear = Number(text)),
    },
  ],
  Y: [{ pattern: /[+-]?\d{1,9}/y, read: (text, found) => (found.year = Number(text)) }],
  y: [digits(2, (value, found) => (found.year = pivotYear(value, MYSQL_PIVOT)))],
}

/** Specifiers that stand for several. */
const COMPOSED: Readonly<Record<string, string>> = { r: '%h:%i:%s %p', T: '%H:%i:%s' }

export function mysqlParse(text: string, format: string): Zoned {
  const expanded = format.replace(/%([rT])/g, (_, specifier: string) => COMPOSED[specifier] ?? '')
  const found: Found = {}
  let index = 0
  const refused = (): never => {
    const shown = index < text.length ? ` is malformed at "${text.slice(index)}"` : ' is too short'
    return invalidArgument(`Invalid format: "${text}"${shown}`)
  }
  for (const token of tokens(expanded)) {
    if ('literal' in token) {
      if (text[index]?.toLowerCase() !== token.literal.toLowerCase()) refused()
      index++
      continue
    }
    const reader = READERS[token.specifier]?.[0]
    if (reader === undefined) return refusedSpecifier(token.specifier)
    reader.pattern.lastIndex = index
    const match = reader.pattern.exec(text)
    if (match === null) return refused()
    reader.read(match[0], found)
    index = reader.pattern.lastIndex
  }
  if (index < text.length) return refused()
  const picos = picosOf(found)
  if (picos === undefined) return invalidArgument(`Cannot parse "${text}": a value is out of its range`)
  return { us: (splitPicos(picos).us / 1000n) * 1000n, picos: 0, zone: canonicalZone('UTC') ?? 'UTC' }
}
