/**
 * Which explicit CASTs exist: Trino's matrix. A missing pair is refused before anything runs.
 */
import { isSketch, type SqlType, sameType } from './types.ts'

type Kind = SqlType['kind']

const INTEGERS: readonly Kind[] = ['tinyint', 'smallint', 'integer', 'bigint']
const NUMBERS: readonly Kind[] = [...INTEGERS, 'real', 'double', 'decimal']
const TIMESTAMPS: readonly Kind[] = ['timestamp', 'timestamp with time zone']
const TIMES: readonly Kind[] = ['time', 'time with time zone']

/** From each scalar to scalars; containers follow their parts. */
const CASTS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  boolean: ['boolean', ...NUMBERS, 'varchar', 'json'],
  tinyint: ['boolean', ...NUMBERS, 'varchar', 'json'],
  smallint: ['boolean', ...NUMBERS, 'varchar', 'json'],
  integer: ['boolean', ...NUMBERS, 'varchar', 'json'],
  bigint: ['boolean', ...NUMBERS, 'varchar', 'json', 'bingtile'],
  real: ['boolean', ...NUMBERS, 'varchar', 'json'],
  double: ['boolean', ...NUMBERS, 'varchar', 'json'],
  decimal: ['boolean', ...NUMBERS, 'varchar', 'json'],
  varchar: [
    'boolean',
    ...NUMBERS,
    'varchar',
    'char',
    'varbinary',
    'json',
    'date',
    ...TIMES,
    ...TIMESTAMPS,
    'uuid',
    'ipaddress',
    'kdbtree',
  ],
  char: ['varchar', 'char', ...NUMBERS, 'boolean', 'date', 'varbinary', 'json'],
  varbinary: ['varbinary', 'uuid', 'ipaddress', 'opaque'],
  opaque: ['varbinary'],
  json: ['json', 'boolean', ...NUMBERS, 'varchar'],
  date: ['date', 'varchar', ...TIMESTAMPS, 'json'],
  time: [...TIMES, ...TIMESTAMPS, 'varchar'],
  'time with time zone': [...TIMES, ...TIMESTAMPS, 'varchar'],
  timestamp: ['date', ...TIMES, ...TIMESTAMPS, 'varchar', 'json'],
  'timestamp with time zone': ['date', ...TIMES, ...TIMESTAMPS, 'varchar', 'json'],
  'interval day to second': ['interval day to second', 'varchar'],
  'interval year to month': ['interval year to month', 'varchar'],
  uuid: ['uuid', 'varchar', 'varbinary'],
  bingtile: ['bigint'],
  ipaddress: ['ipaddress', 'varchar', 'varbinary'],
}

/** JSON object keys are text: what may be a key of a map that becomes JSON, or is made from it. */
const JSON_KEYS: readonly Kind[] = ['unknown', 'boolean', ...NUMBERS, 'varchar']
const FROM_JSON: readonly Kind[] = ['boolean', ...NUMBERS, 'varchar', 'json']
const TO_JSON: readonly Kind[] = ['unknown', 'boolean', ...NUMBERS, 'varchar', 'json', 'date', ...TIMESTAMPS]

export function canCast(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return true
  if (sameType(from, to)) return true
  if ((from.kind === 'opaque' && !isSketch(from)) || (to.kind === 'opaque' && !isSketch(to))) return false
  if (to.kind === 'json' && isContainer(from)) return becomesJson(from)
  if (from.kind === 'json' && isContainer(to)) return madeFromJson(to)
  if (from.kind === 'array') return to.kind === 'array' && canCast(from.element, to.element)
  if (from.kind === 'map') return to.kind === 'map' && canCast(from.key, to.key) && canCast(from.value, to.value)
  if (from.kind === 'row') {
    return (
      to.kind === 'row' &&
      from.fields.length === to.fields.length &&
      from.fields.every((field, index) => {
        const target = to.fields[index]
        return target !== undefined && canCast(field.type, target.type)
      })
    )
  }
  return CASTS[from.kind]?.includes(to.kind) ?? false
}

function isContainer(type: SqlType): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'row'
}

function becomesJson(type: SqlType): boolean {
  if (type.kind === 'array') return becomesJson(type.element)
  if (type.kind === 'map') return JSON_KEYS.includes(type.key.kind) && becomesJson(type.value)
  if (type.kind === 'row') return type.fields.every((field) => becomesJson(field.type))
  return TO_JSON.includes(type.kind)
}

function madeFromJson(type: SqlType): boolean {
  if (type.kind === 'array') return madeFromJson(type.element)
  if (type.kind === 'map') return JSON_KEYS.includes(type.key.kind) && madeFromJson(type.value)
  if (type.kind === 'row') return type.fields.every((field) => madeFromJson(field.type))
  return FROM_JSON.includes(type.kind)
}
