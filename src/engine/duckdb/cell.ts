/**
 * Text cells as values: what a JSON value, a delimited field or a partition's text means as each type, and what is
 * said when it means nothing (`HIVE_BAD_DATA`, with Athena's sentence).
 */
import type { SqlType } from '../../sql/types.ts'
import { EngineFailure } from '../engine.ts'
import { literal, quoted, raise, type SqlText } from './print/text.ts'
import { rowFieldKeys, storageType } from './representation.ts'

/** How one source of text differs from another. */
export interface CellRules {
  /** Text that stands for nothing in a column that is not a string: NULL, or bad data. */
  readonly emptyIsNull: boolean
  readonly dates: 'iso' | 'epochDays'
  readonly timestamps: 'openx' | 'jdbc' | 'epochMillis'
  /** How bytes are written as text. */
  readonly binary: 'base64' | 'base64OrPlain' | 'plain'
}

/** `cell`: VARCHAR, cheap to repeat. `field`: the column's place, from 0, for messages. */
export function cellValue(cell: SqlText, type: SqlType, field: number, rules: CellRules): SqlText {
  const given = rules.emptyIsNull ? `nullif(${cell}, '')` : cell
  const strictly = (text: SqlText, target = storageType(type)) => strictCast(text, cell, target, field)
  switch (type.kind) {
    case 'varchar':
      return type.length === undefined ? cell : `left(${cell}, ${type.length})`
    case 'char':
      return `rtrim(left(${cell}, ${type.length}), ' ')`
    case 'boolean':
      return `(lower(${given}) = 'true')`
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return wholeNumber(given, cell, storageType(type), field)
    case 'real':
    case 'double':
    case 'decimal':
      return strictly(given)
    case 'date':
      return rules.dates === 'epochDays'
        ? `(DATE '1970-01-01' + ${strictCast(given, cell, 'INTEGER', field)})`
        : strictly(`left(${given}, 10)`)
    case 'timestamp':
      return toPrecision(timestampOf(given, cell, field, rules), type.precision)
    case 'varbinary':
      return bytesOf(cell, rules.binary)
    default:
      throw new EngineFailure('NOT_SUPPORTED', `Columns of type ${type.kind} cannot be read from text files`)
  }
}

/** LazySimple takes for base64 what could be (Hive's LazyBinary); all else is the bytes themselves. */
function bytesOf(cell: SqlText, binary: CellRules['binary']): SqlText {
  if (binary === 'base64') return `from_base64(${cell})`
  if (binary === 'plain') return `encode(${cell})`
  const couldBe = `length(${cell}) % 4 = 0 AND regexp_full_match(${cell}, '[A-Za-z0-9+/]*={0,2}')`
  return `CASE WHEN ${couldBe} THEN from_base64(${cell}) ELSE encode(${cell}) END`
}

/** A fraction is cut off, as the SerDes do; anything else must be a whole number as written. */
function wholeNumber(text: SqlText, cell: SqlText, target: string, field: number): SqlText {
  const bad = badData(cell, field, target)
  const hasFraction = `contains(${text}, '.') OR contains(${text}, 'e') OR contains(${text}, 'E')`
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${hasFraction} THEN coalesce(TRY_CAST(trunc(TRY_CAST(${text} AS DOUBLE)) AS ${target}), ${bad}) ELSE coalesce(TRY_CAST(${text} AS ${target}), ${bad}) END`
}

function strictCast(text: SqlText, cell: SqlText, target: string, field: number): SqlText {
  return `CASE WHEN ${text} IS NOT NULL THEN coalesce(TRY_CAST(${text} AS ${target}), ${badData(cell, field, target)}) END`
}

function badData(cell: SqlText, field: number, target: string): SqlText {
  const message = `'Error parsing field value ''' || ${cell} || ''' for field ${field}: For input string: "' || ${cell} || '"'`
  return raise('HIVE_BAD_DATA', message, target)
}

/**
 * openx: `:` in it: a date and time, with `T`, zone or offset as it may be; digits alone: seconds since 1970, or
 * milliseconds from 13 digits on; with a point: seconds. jdbc: `yyyy-MM-dd HH:mm:ss[.f…]`.
 */
function timestampOf(text: SqlText, cell: SqlText, field: number, rules: CellRules): SqlText {
  const bad = badData(cell, field, 'TIMESTAMP')
  const wall = `CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS TIMESTAMP)`
  switch (rules.timestamps) {
    case 'jdbc':
      return `CASE WHEN ${text} IS NOT NULL THEN coalesce(TRY_CAST(${text} AS TIMESTAMP), ${bad}) END`
    case 'epochMillis':
      return `CASE WHEN ${text} IS NOT NULL THEN coalesce(make_timestamp_ms(TRY_CAST(${text} AS BIGINT)), TRY_CAST(${text} AS TIMESTAMP), ${bad}) END`
    case 'openx':
      return `CASE WHEN ${text} IS NULL THEN NULL WHEN contains(${text}, ':') THEN coalesce(${wall}, ${bad}) WHEN contains(${text}, '.') THEN coalesce(make_timestamp_ms(CAST(TRY_CAST(${text} AS DOUBLE) * 1000 AS BIGINT)), ${bad}) WHEN length(${text}) >= 13 THEN coalesce(make_timestamp_ms(TRY_CAST(${text} AS BIGINT)), ${bad}) ELSE coalesce(make_timestamp_ms(TRY_CAST(${text} AS BIGINT) * 1000), ${bad}) END`
  }
}

const MICROS_PER_DIGIT = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1] as const

/** Rounded half up to the digits of the type. */
export function toPrecision(value: SqlText, precision: number): SqlText {
  const step = MICROS_PER_DIGIT[precision]
  if (step === undefined || step === 1) return value
  return `time_bucket(to_microseconds(${step}), ${value} + to_microseconds(${step / 2}))`
}

/** The type in which DuckDB reads a value that will then go through `fromRead`: text where the cell rules decide. */
export function readType(type: SqlType, keyOf: (path: readonly string[]) => string, path: readonly string[]): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      return storageType(type)
    case 'array':
      return `${readType(type.element, keyOf, path)}[]`
    case 'map':
      return `MAP(VARCHAR, ${readType(type.value, keyOf, path)})`
    case 'row':
      return `STRUCT(${type.fields
        .map((field) => {
          const inner = [...path, field.name ?? '']
          return `${quoted(keyOf(inner))} ${readType(field.type, keyOf, inner)}`
        })
        .join(', ')})`
    default:
      return 'VARCHAR'
  }
}

/** From the type of `readType` to the type held. */
export function fromRead(
  value: SqlText,
  type: SqlType,
  field: number,
  rules: CellRules,
  keyOf: (path: readonly string[]) => string,
  path: readonly string[],
  depth = 0,
): SqlText {
  const name = `c${depth}`
  switch (type.kind) {
    case 'real':
    case 'double':
      return value
    case 'array': {
      const item = fromRead(name, type.element, field, rules, keyOf, path, depth + 1)
      return item === name ? value : `list_transform(${value}, lambda ${name}: ${item})`
    }
    case 'map': {
      const key = cellValue(`${name}."key"`, type.key, field, rules)
      const item = fromRead(`${name}."value"`, type.value, field, rules, keyOf, path, depth + 1)
      if (key === `${name}."key"` && item === `${name}."value"`) return value
      return `CASE WHEN ${value} IS NOT NULL THEN map_from_entries(list_transform(map_entries(${value}), lambda ${name}: {'k': ${key}, 'v': ${item}})) END`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const members = type.fields.map((member, index) => {
        const inner = [...path, member.name ?? '']
        const from = `${value}.${quoted(keyOf(inner))}`
        return `${quoted(keys[index] ?? '')} := ${fromRead(from, member.type, field, rules, keyOf, inner, depth)}`
      })
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${members.join(', ')}) END`
    }
    default:
      return cellValue(value, type, field, rules)
  }
}

/** A partition's value is text in the catalog and a constant of its type in the relation. */
export function partitionValue(text: string | null, column: string, type: SqlType): SqlText {
  const target = storageType(type)
  if (text === null) return `NULL::${target}`
  if (type.kind === 'varchar' || type.kind === 'char')
    return `${cellValue(literal(text), type, 0, PARTITION_RULES)}::VARCHAR`
  const invalid = raise(
    'HIVE_INVALID_PARTITION_VALUE',
    literal(`Invalid partition value '${text}' for ${type.kind} partition key: ${column}`),
    target,
  )
  return `coalesce(TRY_CAST(${literal(text)} AS ${target}), ${invalid})`
}

const PARTITION_RULES: CellRules = { emptyIsNull: false, dates: 'iso', timestamps: 'jdbc', binary: 'plain' }
