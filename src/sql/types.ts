/**
 * The types of Athena's query language (Trino's), as values. Precision and scale are part of the type.
 */

export type SqlType =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'tinyint' }
  | { readonly kind: 'smallint' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'real' }
  | { readonly kind: 'double' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** `length` undefined: unbounded. */
  | { readonly kind: 'varchar'; readonly length: number | undefined }
  | { readonly kind: 'char'; readonly length: number }
  | { readonly kind: 'varbinary' }
  | { readonly kind: 'json' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time'; readonly precision: number }
  | { readonly kind: 'time with time zone'; readonly precision: number }
  | { readonly kind: 'timestamp'; readonly precision: number }
  | { readonly kind: 'timestamp with time zone'; readonly precision: number }
  | { readonly kind: 'interval day to second' }
  | { readonly kind: 'interval year to month' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'ipaddress' }
  | { readonly kind: 'geometry' }
  | { readonly kind: 'sphericalgeography' }
  | { readonly kind: 'bingtile' }
  | { readonly kind: 'kdbtree' }
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: 'row'; readonly fields: readonly RowField[] }
  /** Only as the type of a lambda argument. */
  | { readonly kind: 'function'; readonly parameters: readonly SqlType[]; readonly result: SqlType }
  /** Types that are named in signatures but cannot be computed with here yet are refused by name before this point. */
  | {
      readonly kind: 'opaque'
      readonly name: SketchName | 'p4hyperloglog' | 'color' | 'jsonpath'
    }

/** Bytes that only their own functions can read. */
export type SketchName = 'hyperloglog' | 'tdigest' | 'setdigest' | `qdigest(${'bigint' | 'double' | 'real'})`

export interface RowField {
  /** undefined for an anonymous field. Lower-case. */
  readonly name: string | undefined
  readonly type: SqlType
}

export const unknown: SqlType = { kind: 'unknown' }
export const boolean: SqlType = { kind: 'boolean' }
export const tinyint: SqlType = { kind: 'tinyint' }
export const smallint: SqlType = { kind: 'smallint' }
export const integer: SqlType = { kind: 'integer' }
export const bigint: SqlType = { kind: 'bigint' }
export const real: SqlType = { kind: 'real' }
export const double: SqlType = { kind: 'double' }
export const varchar: SqlType = { kind: 'varchar', length: undefined }
export const varbinary: SqlType = { kind: 'varbinary' }
export const json: SqlType = { kind: 'json' }
export const date: SqlType = { kind: 'date' }
export const intervalDayToSecond: SqlType = { kind: 'interval day to second' }
export const intervalYearToMonth: SqlType = { kind: 'interval year to month' }
export const uuid: SqlType = { kind: 'uuid' }
export const ipaddress: SqlType = { kind: 'ipaddress' }

export const decimal = (precision: number, scale: number): SqlType => ({ kind: 'decimal', precision, scale })
export const varcharOf = (length: number): SqlType => ({ kind: 'varchar', length })
export const charOf = (length: number): SqlType => ({ kind: 'char', length })
export const time = (precision = 3): SqlType => ({ kind: 'time', precision })
export const timeWithTimeZone = (precision = 3): SqlType => ({ kind: 'time with time zone', precision })
export const timestamp = (precision = 3): SqlType => ({ kind: 'timestamp', precision })
export const timestampWithTimeZone = (precision = 3): SqlType => ({ kind: 'timestamp with time zone', precision })
export const array = (element: SqlType): SqlType => ({ kind: 'array', element })
export const map = (key: SqlType, value: SqlType): SqlType => ({ kind: 'map', key, value })
export const row = (fields: readonly RowField[]): SqlType => ({ kind: 'row', fields })

/** As Trino prints types in messages and typeof(): `decimal(10,2)`, `row(a integer, varchar)`, `timestamp(3) with time zone`. */
export function typeText(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'varchar':
      return type.length === undefined ? 'varchar' : `varchar(${type.length})`
    case 'char':
      return `char(${type.length})`
    case 'time':
    case 'timestamp':
      return `${type.kind}(${type.precision})`
    case 'time with time zone':
      return `time(${type.precision}) with time zone`
    case 'timestamp with time zone':
      return `timestamp(${type.precision}) with time zone`
    case 'array':
      return `array(${typeText(type.element)})`
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.value)})`
    case 'row':
      return `row(${type.fields.map((field) => (field.name === undefined ? '' : `${fieldNameText(field.name)} `) + typeText(field.type)).join(', ')})`
    case 'function':
      return `function(${[...type.parameters, type.result].map(typeText).join(',')})`
    case 'opaque':
      return OPAQUE_TEXTS[type.name] ?? type.name
    case 'geometry':
      return 'Geometry'
    case 'sphericalgeography':
      return 'SphericalGeography'
    case 'bingtile':
      return 'BingTile'
    case 'kdbtree':
      return 'KdbTree'
    default:
      return type.kind
  }
}

const OPAQUE_TEXTS: Readonly<Record<string, string>> = {
  hyperloglog: 'HyperLogLog',
  p4hyperloglog: 'P4HyperLogLog',
  setdigest: 'SetDigest',
}

/** Whether values can be held: sketches, not the other types that only have a name. */
export function isSketch(type: SqlType): boolean {
  return type.kind === 'opaque' && !['p4hyperloglog', 'color', 'jsonpath'].includes(type.name)
}

function fieldNameText(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export function sameType(left: SqlType, right: SqlType): boolean {
  return typeText(left) === typeText(right)
}
