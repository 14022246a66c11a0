/**
 * Column types as they are found in data, and how two findings become one. Printed as Hive type text, which is what
 * the catalog keeps (`array<struct<a:int>>`).
 *
 * Widening follows the Glue crawler: int, bigint, double, string; members of structs are merged; what cannot be
 * reconciled is `string`. A value that was only ever null is `unknown` while findings are merged and `string` when printed.
 */

export type InferredType =
  | { readonly kind: 'unknown' }
  | Scalar
  | { readonly kind: 'array'; readonly element: InferredType }
  | { readonly kind: 'map'; readonly key: InferredType; readonly value: InferredType }
  | { readonly kind: 'struct'; readonly fields: readonly InferredField[] }

export interface Scalar {
  readonly kind: 'scalar'
  readonly name: string
}

export interface InferredField {
  readonly name: string
  readonly type: InferredType
}

/** Glue's bound on a column's type text; a longer one is given as `string`. */
export const TYPE_TEXT_LENGTH_MAX = 131_072

/** A struct with more members is a map in disguise, keyed by data: it is text, which any reader can take apart. */
export const MEMBERS_MAX = 1000

export const unknown: InferredType = { kind: 'unknown' }
export const boolean = scalar('boolean')
export const int = scalar('int')
export const bigint = scalar('bigint')
export const double = scalar('double')
export const string = scalar('string')

export function scalar(name: string): InferredType {
  return { kind: 'scalar', name }
}

export function array(element: InferredType): InferredType {
  return { kind: 'array', element }
}

export function struct(fields: readonly InferredField[]): InferredType {
  return fields.length > MEMBERS_MAX ? string : { kind: 'struct', fields }
}

/** Narrow to wide: every value of one fits the next (double takes a bigint with loss, as the crawler accepts). */
const NUMBERS = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double']

/** The narrowest type that holds what either holds. Associative and commutative, except for the order of struct members. */
export function widen(a: InferredType, b: InferredType): InferredType {
  if (a === b || b.kind === 'unknown') return a
  if (a.kind === 'unknown') return b
  if (a.kind === 'scalar' && b.kind === 'scalar') return widenScalars(a, b)
  if (a.kind === 'array' && b.kind === 'array') {
    const element = widen(a.element, b.element)
    return element === a.element ? a : array(element)
  }
  if (a.kind === 'map' && b.kind === 'map')
    return { kind: 'map', key: widen(a.key, b.key), value: widen(a.value, b.value) }
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = mergeFields(a.fields, b.fields)
    return fields === a.fields ? a : struct(fields)
  }
  return string
}

/** First finding first: members keep their order of appearance. */
export function mergeFields(a: readonly InferredField[], b: readonly InferredField[]): readonly InferredField[] {
  if (a === b || b.length === 0) return a
  if (areSameNames(a, b)) return mergeInPlace(a, b)
  const merged = new Map(a.map((field) => [field.name, field.type]))
  for (const field of b) merged.set(field.name, widen(merged.get(field.name) ?? unknown, field.type))
  return [...merged].map(([name, type]) => ({ name, type }))
}

function areSameNames(a: readonly InferredField[], b: readonly InferredField[]): boolean {
  return a.length === b.length && a.every((field, index) => field.name === b[index]?.name)
}

/** The common case, and `a` itself when it says all that `b` says: records are many and seldom bring anything new. */
function mergeInPlace(a: readonly InferredField[], b: readonly InferredField[]): readonly InferredField[] {
  const merged = a.map((field, index) => {
    const type = widen(field.type, b[index]?.type ?? unknown)
    return type === field.type ? field : { name: field.name, type }
  })
  return merged.every((field, index) => field === a[index]) ? a : merged
}

/** Whether two findings are of one sort, so that merging them loses no meaning. Numbers are; a number and a text are not. */
export function areAlike(a: InferredType, b: InferredType): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true
  if (a.kind === 'scalar' && b.kind === 'scalar')
    return a.name === b.name || (isNumber(a.name) && isNumber(b.name)) || (isDecimal(a.name) && isDecimal(b.name))
  if (a.kind === 'array' && b.kind === 'array') return areAlike(a.element, b.element)
  if (a.kind === 'map' && b.kind === 'map') return areAlike(a.key, b.key) && areAlike(a.value, b.value)
  return a.kind === b.kind
}

/** Hive type text. A struct whose member names Hive's grammar cannot carry, or that has none, is read as text: `string`. */
export function typeText(type: InferredType): string {
  const text = writableText(type)
  return text === undefined || text.length > TYPE_TEXT_LENGTH_MAX ? 'string' : text
}

function writableText(type: InferredType): string {
  switch (type.kind) {
    case 'unknown':
      return 'string'
    case 'scalar':
      return type.name
    case 'array':
      return `array<${writableText(type.element)}>`
    case 'map':
      return `map<${writableText(type.key)},${writableText(type.value)}>`
    case 'struct': {
      const isWritable = type.fields.length > 0 && type.fields.every((field) => /^[^,:<>]+$/.test(field.name))
      if (!isWritable) return 'string'
      return `struct<${type.fields.map((field) => `${field.name}:${writableText(field.type)}`).join(',')}>`
    }
  }
}

/** Reads Hive type text back; undefined when it is not well formed (a hand-made table may hold anything). */
export function parseTypeText(text: string): InferredType | undefined {
  const cursor = { text: text.trim(), at: 0 }
  const type = readType(cursor)
  return cursor.at === cursor.text.length ? type : undefined
}

interface Cursor {
  readonly text: string
  at: number
}

function readType(cursor: Cursor): InferredType | undefined {
  const word = take(cursor, /[a-z0-9_ ]*(\([0-9, ]*\))?/iy)
    .trim()
    .toLowerCase()
  if (word === '') return undefined
  if (cursor.text[cursor.at] !== '<') return scalar(word)
  cursor.at += 1
  const inner = readInner(word, cursor)
  if (inner === undefined || cursor.text[cursor.at] !== '>') return undefined
  cursor.at += 1
  return inner
}

function readInner(word: string, cursor: Cursor): InferredType | undefined {
  if (word === 'array') {
    const element = readType(cursor)
    return element && array(element)
  }
  if (word === 'map') {
    const key = readType(cursor)
    if (take(cursor, /,/y) === '') return undefined
    const value = readType(cursor)
    return key && value && { kind: 'map', key, value }
  }
  if (word !== 'struct') return undefined
  const fields: InferredField[] = []
  do {
    const name = take(cursor, /[^,:<>]+/y)
    if (name === '' || take(cursor, /:/y) === '') return undefined
    const type = readType(cursor)
    if (type === undefined) return undefined
    fields.push({ name: name.trim(), type })
  } while (take(cursor, /,/y) !== '')
  return struct(fields)
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}

function widenScalars(a: Scalar, b: Scalar): InferredType {
  if (a.name === b.name) return a
  if (isNumber(a.name) && isNumber(b.name)) return NUMBERS.indexOf(a.name) >= NUMBERS.indexOf(b.name) ? a : b
  if (isDecimal(a.name) && isDecimal(b.name)) return widenDecimals(a.name, b.name)
  return string
}

function widenDecimals(a: string, b: string): InferredType {
  const [left, right] = [decimalShape(a), decimalShape(b)]
  const scale = Math.max(left.scale, right.scale)
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale)
  return whole + scale > 38 ? string : scalar(`decimal(${whole + scale},${scale})`)
}

function decimalShape(name: string): { precision: number; scale: number } {
  const [precision = 10, scale = 0] = (name.match(/\d+/g) ?? []).map(Number)
  return { precision, scale }
}

function isNumber(name: string): boolean {
  return NUMBERS.includes(name)
}

function isDecimal(name: string): boolean {
  return name.startsWith('decimal')
}
