/**
 * Tables of any nested schema with rows that fit it, for property tests, and the forms in which two readers show the same row.
 *
 * A row is kept in its canonical form: whole numbers as bigint, decimals as text, timestamps and dates as ISO text, maps as
 * sorted lists of pairs.
 */
import fc from 'fast-check'
import { parseHiveType } from '../../../../src/sql/hive-type.ts'
import type { SqlType } from '../../../../src/sql/types.ts'

export interface AnyTable {
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

export type Row = Readonly<Record<string, Value>>
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | { readonly pairs: readonly (readonly [string, Value])[] }
  | { readonly fields: Row }

const SCALARS = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal(9,2)',
  'decimal(38,10)',
  'string',
  'varchar(500)',
  'timestamp',
  'date',
]

const anyType = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 6, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 2, arbitrary: tie('type').map((element) => `array<${element}>`) },
    { weight: 2, arbitrary: tie('type').map((value) => `map<string,${value}>`) },
    {
      weight: 2,
      arbitrary: fc
        .array(tie('type'), { minLength: 1, maxLength: 3 })
        .map((types) => `struct<${types.map((type, index) => `f${index}:${type}`).join(',')}>`),
    },
  ),
})).type

const maybe = (value: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: value })

// Made once: to make some of them takes longer than to draw from them.
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constant('x'.repeat(100)))
/** In lower case, as the deserialiser makes keys of maps. */
const anyKey = fc.oneof(fc.string({ unit: fc.constantFrom(...'abcxyz019 é'), maxLength: 5 }), fc.constant('tostring'))
const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true })
const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true })

const whole = (bits: bigint) => fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n })

function anyValue(type: SqlType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case 'boolean':
      return maybe(fc.boolean())
    case 'tinyint':
      return maybe(whole(8n))
    case 'smallint':
      return maybe(whole(16n))
    case 'integer':
      return maybe(whole(32n))
    case 'bigint':
      return maybe(whole(64n))
    case 'real':
      return maybe(anyFloat)
    case 'double':
      return maybe(anyDouble)
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision) - 1n
      return maybe(fc.bigInt({ min: -limit, max: limit }).map((unscaled) => decimalText(unscaled, type.scale)))
    }
    case 'varchar':
      return maybe(anyText)
    case 'timestamp':
      return maybe(anyInstant)
    case 'date':
      return maybe(anyInstant.map((instant) => instant.slice(0, 10)))
    case 'array':
      return maybe(fc.array(anyValue(type.element), { maxLength: 4 }))
    case 'map':
      return maybe(
        fc
          .dictionary(anyKey, anyValue(type.value), {
            maxKeys: 3,
            noNullPrototype: true,
          })
          .map((entries) => ({ pairs: Object.entries(entries) })),
      )
    case 'row':
      return maybe(
        fc
          .record(Object.fromEntries(type.fields.map((field) => [field.name, anyValue(field.type)])))
          .map((fields) => ({ fields: fields as Row })),
      )
    default:
      throw new Error(`no values of ${type.kind}`)
  }
}

/** Milliseconds are what hyparquet shows. */
const anyInstant = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

export const anyTable: fc.Arbitrary<AnyTable> = fc
  .array(anyType, { minLength: 1, maxLength: 4 })
  .map((types) => Object.fromEntries(types.map((type, index) => [`c${index}`, type])))
  .chain((columns) =>
    fc
      .array(
        fc.record(
          Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, anyValue(parseHiveType(type))])),
        ),
        { maxLength: 15 },
      )
      .map((rows) => ({ columns, rows: rows as Row[] })),
  )

function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** A document of the row; numbers keep their digits. */
export function asJson(row: Row): string {
  return `{${Object.entries(row)
    .map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`)
    .join(',')}}`
}

function jsonOf(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : JSON.stringify(value)
  if (typeof value !== 'object') return JSON.stringify(value)
  if ('pairs' in value)
    return `{${value.pairs.map(([key, item]) => `${JSON.stringify(key)}:${jsonOf(item)}`).join(',')}}`
  if ('fields' in value) return asJson(value.fields)
  return `[${value.map(jsonOf).join(',')}]`
}

type Columns = AnyTable['columns']

/** What hyparquet read, in the canonical form. Its decimals are doubles, so they are only as close as those are. */
export function asHyparquet(row: Record<string, unknown>, columns: Columns): Row {
  return Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [name, fromHyparquet(row[name], parseHiveType(type))]),
  )
}

function fromHyparquet(value: unknown, type: SqlType): Value {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return BigInt(value as number)
    case 'decimal':
      return expectedDecimal(value as number)
    case 'timestamp':
      return (value as Date).toISOString()
    case 'date':
      return (value as Date).toISOString().slice(0, 10)
    case 'array':
      return (value as unknown[]).map((item) => fromHyparquet(item, type.element))
    case 'map':
      return {
        pairs: Object.entries(value as object).map(([key, item]) => [key, fromHyparquet(item, type.value)] as const),
      }
    case 'row':
      return {
        fields: Object.fromEntries(
          type.fields.map(({ name = '', type: field }) => [
            name,
            fromHyparquet((value as Record<string, unknown>)[name], field),
          ]),
        ),
      }
    default:
      return value as Value
  }
}

/** Equal to the text of a decimal that is the nearest to it. */
function expectedDecimal(value: number): Value {
  return {
    asymmetricMatch: (other: unknown) => Math.abs(Number(other) - value) <= Math.abs(value) * 1e-15,
  } as unknown as Value
}

/** The row as DuckDB shows it in JSON. */
export function asDuckDB(row: Row, columns: Columns): unknown {
  return Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [name, toDuckDB(row[name] as Value, parseHiveType(type))]),
  )
}

function toDuckDB(value: Value, type: SqlType): unknown {
  if (value === null) return null
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
      return Number(value)
    case 'bigint':
      return String(value)
    case 'timestamp':
      return String(value)
        .replace('T', ' ')
        .replace(/\.000Z|0{0,2}Z/, '')
        .replace(/\.$/, '')
    case 'array':
      return (value as readonly Value[]).map((item) => toDuckDB(item, type.element))
    case 'map':
      return (value as { pairs: readonly (readonly [string, Value])[] }).pairs.map(([key, item]) => ({
        key,
        value: toDuckDB(item, type.value),
      }))
    case 'row': {
      const { fields } = value as { fields: Row }
      return Object.fromEntries(
        type.fields.map(({ name = '', type: field }) => [name, toDuckDB(fields[name] as Value, field)]),
      )
    }
    default:
      return value
  }
}
