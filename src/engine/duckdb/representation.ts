/**
 * How each SQL type is held inside DuckDB, so that values, comparison, grouping and ordering come out as the language
 * promises. Scans produce these forms, the printer computes with them, rendering reads them.
 *
 * | type                                  | DuckDB                                              | remarks                                   |
 * |---------------------------------------|-----------------------------------------------------|-------------------------------------------|
 * | unknown                               | INTEGER                                             | always NULL                               |
 * | boolean, tinyint … bigint             | BOOLEAN, TINYINT … BIGINT                           |                                           |
 * | real, double                          | FLOAT, DOUBLE                                       | NaN compares by operators of print/       |
 * | decimal(p, s)                         | DECIMAL(p, s)                                       |                                           |
 * | varchar, varchar(n)                   | VARCHAR                                             | length is kept by casts                   |
 * | char(n)                               | VARCHAR without trailing blanks                     | padded where it becomes text              |
 * | varbinary                             | BLOB                                                |                                           |
 * | json                                  | VARCHAR: canonical text                             | no blanks, object keys in order           |
 * | date                                  | DATE                                                |                                           |
 * | time(p)                               | BIGINT: picoseconds of the day                      |                                           |
 * | time(p) with time zone                | STRUCT(picos BIGINT, "offset" INTEGER)              | local picoseconds of the day, minutes     |
 * | timestamp(p ≤ 6)                      | TIMESTAMP                                           |                                           |
 * | timestamp(p > 6)                      | STRUCT(micros TIMESTAMP, picos INTEGER)             | picos 0 … 999_999 on top of the micros    |
 * | timestamp(p ≤ 6) with time zone       | STRUCT(instant TIMESTAMP, zone VARCHAR)             | instant in UTC; compared by instant alone |
 * | timestamp(p > 6) with time zone       | STRUCT(instant TIMESTAMP, picos INTEGER, zone …)    |                                           |
 * | interval day to second                | BIGINT: milliseconds                                |                                           |
 * | interval year to month                | INTEGER: months                                     |                                           |
 * | uuid                                  | UUID                                                |                                           |
 * | ipaddress                             | BLOB: 16 bytes, IPv4 mapped into IPv6               | sorts as the language sorts               |
 * | Geometry, SphericalGeography          | VARCHAR: canonical WKT                              | shown as it is                            |
 * | BingTile                              | BIGINT: x << 28, y << 5, zoom                       | one tile, one number                      |
 * | KdbTree                               | VARCHAR: its JSON                                   |                                           |
 * | HyperLogLog, digests                  | BLOB                                                | read by their own functions only          |
 * | array(T)                              | T[]                                                 |                                           |
 * | map(K, V)                             | MAP(K, V)                                           | compared without regard to entry order    |
 * | row(…)                                | STRUCT(…)                                           | field names by `rowFieldKeys`             |
 *
 * Zones are `UTC`, `+05:30` or a region name.
 */
import { isSketch, type RowField, type SqlType } from '../../sql/types.ts'
import { EngineFailure } from '../engine.ts'
import { quoted } from './print/text.ts'

const PLAIN: Readonly<Partial<Record<SqlType['kind'], string>>> = {
  unknown: 'INTEGER',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  varbinary: 'BLOB',
  json: 'VARCHAR',
  date: 'DATE',
  time: 'BIGINT',
  'time with time zone': 'STRUCT(picos BIGINT, "offset" INTEGER)',
  'interval day to second': 'BIGINT',
  'interval year to month': 'INTEGER',
  uuid: 'UUID',
  ipaddress: 'BLOB',
  geometry: 'VARCHAR',
  sphericalgeography: 'VARCHAR',
  bingtile: 'BIGINT',
  kdbtree: 'VARCHAR',
}

/** Above this many fraction digits, timestamps carry picoseconds beside their microseconds. */
export const MICROS_PRECISION = 6

/** Decimals of up to this many digits are 64 bits wide. */
export const NARROW_DIGITS = 18

/** The DuckDB type that holds `type`, as SQL text. */
export function storageType(type: SqlType): string {
  const plain = PLAIN[type.kind]
  if (plain !== undefined) return plain
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'timestamp':
      return type.precision > MICROS_PRECISION ? 'STRUCT(micros TIMESTAMP, picos INTEGER)' : 'TIMESTAMP'
    case 'timestamp with time zone':
      return type.precision > MICROS_PRECISION
        ? 'STRUCT(instant TIMESTAMP, picos INTEGER, "zone" VARCHAR)'
        : 'STRUCT(instant TIMESTAMP, "zone" VARCHAR)'
    case 'array':
      return `${storageType(type.element)}[]`
    case 'map':
      return `MAP(${storageType(type.key)}, ${storageType(type.value)})`
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      return `STRUCT(${type.fields.map((field, index) => `${quoted(keys[index] ?? '')} ${storageType(field.type)}`).join(', ')})`
    }
    case 'opaque':
      if (isSketch(type)) return 'BLOB'
      throw new EngineFailure('NOT_SUPPORTED', `Values of type ${type.name} are not supported`)
    default:
      throw new EngineFailure('NOT_SUPPORTED', `Values of type ${type.kind} are not supported`)
  }
}

/**
 * Names of a row's fields inside the STRUCT: its own when every field has one and none repeats (so that columns of
 * files need no rewriting), otherwise `f1`, `f2`, … for all of them.
 */
export function rowFieldKeys(fields: readonly RowField[]): readonly string[] {
  const names = fields.flatMap((field) => (field.name === undefined ? [] : [field.name.toLowerCase()]))
  const usable = names.length === fields.length && new Set(names).size === names.length && !names.includes('')
  return usable ? names : fields.map((_, index) => `f${index + 1}`)
}
