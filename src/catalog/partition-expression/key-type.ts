/** The types of partition keys that can be filtered on: how their text is read and compared. */
import { invalidExpression } from './refusal.ts'

export interface KeyType {
  readonly kind: 'text' | 'integral' | 'decimal' | 'date' | 'timestamp'
  /** `an integer`, as in "'x' is not an integer". */
  readonly noun: string
  /** As AWS names the type when it refuses LIKE; undefined where LIKE is possible. */
  readonly withoutLike: string | undefined
  /** A form that `compare` takes; undefined when the text is none of this type. */
  read(text: string): Comparable | undefined
}

/** Bigints compare as numbers, texts by code unit. Only values of one type are ever compared. */
export type Comparable = bigint | string

const text: KeyType = { kind: 'text', noun: 'a string', withoutLike: undefined, read: (value) => value }

const integral: KeyType = {
  kind: 'integral',
  noun: 'an integer',
  withoutLike: 'Integral',
  read: (value) => (/^[-+]?\d+$/.test(value.trim()) ? BigInt(value.trim().replace('+', '')) : undefined),
}

/** Decimals have at most 38 digits behind the point: all are compared in units of 10^-38. */
const DECIMAL_SCALE = 38

const decimal: KeyType = {
  kind: 'decimal',
  noun: 'a decimal',
  withoutLike: 'Decimal',
  read(value) {
    const [, sign, whole = '', fraction = ''] = /^([-+]?)(\d*)(?:\.(\d{0,38}))?$/.exec(value.trim()) ?? []
    if (sign === undefined || whole + fraction === '') return undefined
    const unscaled = BigInt(whole + fraction.padEnd(DECIMAL_SCALE, '0'))
    return sign === '-' ? -unscaled : unscaled
  },
}

const date: KeyType = {
  kind: 'date',
  noun: 'a date',
  withoutLike: 'Date',
  read: (value) => (isDay(value) ? value : undefined),
}

const timestamp: KeyType = {
  kind: 'timestamp',
  noun: 'a timestamp',
  withoutLike: 'Timestamp',
  read(value) {
    const [, day, time, fraction = ''] =
      /^(\d{4}-\d{2}-\d{2}) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?$/.exec(value) ?? []
    return day === undefined || !isDay(day) ? undefined : `${day} ${time}.${fraction.padEnd(9, '0')}`
  },
}

const TYPES: Readonly<Record<string, KeyType>> = {
  string: text,
  varchar: text,
  char: text,
  tinyint: integral,
  smallint: integral,
  int: integral,
  integer: integral,
  bigint: integral,
  long: integral,
  decimal,
  date,
  timestamp,
}

/** `type` as the catalog has it: `decimal(10,2)`, `varchar(20)`. Refuses types that cannot be filtered on. */
export function keyType(type: string): KeyType {
  const name = type
    .toLowerCase()
    .replace(/\s*\(.*$/s, '')
    .trim()
  const found = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  if (found === undefined) throw invalidExpression(`Unknown type : '${type}'`)
  return found
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const parsed = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}
