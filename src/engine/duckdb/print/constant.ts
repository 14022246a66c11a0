/** Constants of every type as SQL of the form that `representation.ts` names. Each is typed: DuckDB guesses nothing. */
import type { ConstantValue } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import { MICROS_PRECISION, storageType } from '../representation.ts'
import { addressBytes } from './ip-address.ts'
import { literal, type SqlText } from './text.ts'

export function nullOf(type: SqlType): SqlText {
  return `CAST(NULL AS ${storageType(type)})`
}

export function constant(type: SqlType, value: ConstantValue): SqlText {
  if (value === null) return nullOf(type)
  switch (type.kind) {
    case 'boolean':
      return value === true ? 'true' : 'false'
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'time':
    case 'interval day to second':
    case 'interval year to month':
      return `(${typeof value === 'object' && 'picosOfDay' in value ? value.picosOfDay : value})::${storageType(type)}`
    case 'real':
    case 'double':
      return `${literal(doubleText(Number(value)))}::${storageType(type)}`
    case 'decimal':
      return `${literal(decimalText(BigInt(value as bigint), type.scale))}::${storageType(type)}`
    case 'varchar':
    case 'json':
      return literal(String(value))
    case 'char':
      return literal(String(value).replace(/ +$/, ''))
    case 'varbinary':
      return blob(value as Uint8Array)
    case 'date':
      return `(DATE '1970-01-01' + (${Number(value)}))`
    case 'timestamp':
    case 'timestamp with time zone':
      return timestampText(type, value as TimestampValue)
    case 'time with time zone': {
      const zoned = value as { picosOfDay: bigint; offsetMinutes: number }
      return `struct_pack(picos := (${zoned.picosOfDay})::BIGINT, "offset" := (${zoned.offsetMinutes})::INTEGER)`
    }
    case 'uuid':
      return `${literal(String(value))}::UUID`
    case 'ipaddress':
      return blob(addressBytes(String(value)) ?? new Uint8Array(16))
    default:
      return nullOf(type)
  }
}

type TimestampValue = { readonly epochMicros: bigint; readonly picos: number; readonly zone?: string }

function timestampText(type: SqlType & { precision: number }, value: TimestampValue): SqlText {
  const micros = `make_timestamp((${value.epochMicros})::BIGINT)`
  const fine = type.precision > MICROS_PRECISION
  if (type.kind === 'timestamp') {
    return fine ? `struct_pack(micros := ${micros}, picos := (${value.picos})::INTEGER)` : micros
  }
  const zone = `"zone" := ${literal(value.zone ?? 'UTC')}`
  return fine
    ? `struct_pack(instant := ${micros}, picos := (${value.picos})::INTEGER, ${zone})`
    : `struct_pack(instant := ${micros}, ${zone})`
}

export function blob(bytes: Uint8Array): SqlText {
  return `unhex('${Buffer.from(bytes).toString('hex')}')`
}

function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value)
}

/** 12345n at scale 2 is `123.45`. */
export function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction}`
}
