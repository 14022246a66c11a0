/**
 * Values as the text Athena shows in result files and GetQueryResults. Prints SQL: DuckDB makes the text of a million
 * rows in the time JavaScript would need for a few thousand of them to cross over.
 *
 * | type | text |
 * |---|---|
 * | double, real | Java's: `1.0`, `1.0E20`, `NaN`, `Infinity` |
 * | decimal | plain, all digits of the scale |
 * | timestamp(3), with zone | `2017-01-01 00:00:00.000`, `… UTC` |
 * | varbinary | `01 02 ff`; inside arrays, maps and rows `[B@…` |
 * | array, map, row | `[1, 2, null]`, `{k=1, l=2}` by key, `{a=1, b=x}` or `{1, x}` |
 * | interval | `1 00:00:00.000`, `1-0` |
 */
import type { SqlType } from '../../sql/types.ts'
import { literal, quoted, type SqlText } from './print/text.ts'
import { MICROS_PRECISION, rowFieldKeys } from './representation.ts'

/** `value` must be cheap to write several times: a column or a lambda's parameter. Gives VARCHAR, NULL for NULL. */
export function renderText(value: SqlText, type: SqlType): SqlText {
  return render(value, type, 0)
}

const PICOS_PER_SECOND = '1000000000000'

function render(value: SqlText, type: SqlType, depth: number): SqlText {
  switch (type.kind) {
    case 'varchar':
    case 'json':
      return value
    case 'char':
      return `rpad(${value}, ${type.length}, ' ')`
    case 'real':
    case 'double':
      return `lake_java_number(${value})`
    case 'decimal':
      return decimalText(value, type)
    case 'varbinary':
    case 'opaque':
      return depth === 0 ? `lake_hex_pairs(${value})` : `'[B@' || left(md5(${value}), 8)`
    case 'time':
      return timeText(value, type.precision)
    case 'time with time zone':
      return `${timeText(`${value}.picos`, type.precision)} || ${offsetText(`${value}."offset"`)}`
    case 'timestamp':
      return type.precision > MICROS_PRECISION
        ? timestampText(`${value}.micros`, type.precision, `${value}.picos`)
        : timestampText(value, type.precision)
    case 'timestamp with time zone': {
      const local = `lake_local_time(${value}.instant, ${value}."zone")`
      return `${timestampText(local, type.precision, `${value}.picos`)} || ' ' || ${value}."zone"`
    }
    case 'interval day to second':
      return intervalDayText(value)
    case 'interval year to month':
      return `CASE WHEN ${value} < 0 THEN '-' ELSE '' END || (abs(${value}) // 12) || '-' || (abs(${value}) % 12)`
    case 'ipaddress':
      return `lake_address_text(hex(${value}))`
    case 'geometry':
    case 'sphericalgeography':
    case 'kdbtree':
      return value
    case 'bingtile':
      return `'{x=' || (${value} >> 28) || ', y=' || (${value} >> 5 & 8388607) || ', zoom=' || (${value} & 31) || '}'`
    case 'array':
      return `CASE WHEN ${value} IS NOT NULL THEN '[' || ${joined(value, type.element, depth)} || ']' END`
    case 'map':
      return mapText(value, type.key, type.value, depth)
    case 'row':
      return rowText(value, type, depth)
    default:
      return `CAST(${value} AS VARCHAR)`
  }
}

/** Without digits before the point DuckDB writes none: `.5`. */
function decimalText(value: SqlText, { precision, scale }: Extract<SqlType, { kind: 'decimal' }>): SqlText {
  const text = `CAST(${value} AS VARCHAR)`
  return scale < precision ? text : `regexp_replace(${text}, '^(-?)\\.', '\\10.')`
}

function joined(list: SqlText, element: SqlType, depth: number): SqlText {
  const item = `e${depth}`
  return `lake_join_items(list_transform(${list}, lambda ${item}: ${render(item, element, depth + 1)}))`
}

function mapText(value: SqlText, key: SqlType, item: SqlType, depth: number): SqlText {
  const entry = `e${depth}`
  const pair = `${render(`${entry}."key"`, key, depth + 1)} || '=' || coalesce(${render(`${entry}."value"`, item, depth + 1)}, 'null')`
  const pairs = `lake_join_items(list_transform(list_sort(map_entries(${value})), lambda ${entry}: ${pair}))`
  return `CASE WHEN ${value} IS NOT NULL THEN '{' || ${pairs} || '}' END`
}

function rowText(value: SqlText, type: Extract<SqlType, { kind: 'row' }>, depth: number): SqlText {
  const keys = rowFieldKeys(type.fields)
  const parts = type.fields.map((field, index) => {
    const label = field.name === undefined ? '' : `${field.name}=`
    const text = render(`${value}.${quoted(keys[index] ?? '')}`, field.type, depth + 1)
    return `${literal((index === 0 ? '' : ', ') + label)} || coalesce(${text}, 'null')`
  })
  return `CASE WHEN ${value} IS NOT NULL THEN '{' || ${parts.join(' || ')} || '}' END`
}

function timestampText(value: SqlText, precision: number, picos?: SqlText): SqlText {
  if (precision === 0) return `strftime(${value}, '%Y-%m-%d %H:%M:%S')`
  if (precision === 3) return `strftime(${value}, '%Y-%m-%d %H:%M:%S.%g')`
  const micros = `strftime(${value}, '%Y-%m-%d %H:%M:%S.%f')`
  if (precision === MICROS_PRECISION) return micros
  if (precision < MICROS_PRECISION) return `left(${micros}, ${'yyyy-mm-dd hh:mm:ss.'.length + precision})`
  return `${micros} || left(lpad(CAST(${picos} AS VARCHAR), 6, '0'), ${precision - MICROS_PRECISION})`
}

function timeText(picosOfDay: SqlText, precision: number): SqlText {
  const seconds = `(${picosOfDay} // ${PICOS_PER_SECOND})`
  const two = (part: SqlText) => `lpad(CAST(${part} AS VARCHAR), 2, '0')`
  const clock = `${two(`${seconds} // 3600`)} || ':' || ${two(`${seconds} // 60 % 60`)} || ':' || ${two(`${seconds} % 60`)}`
  if (precision === 0) return clock
  return `${clock} || '.' || left(lpad(CAST(${picosOfDay} % ${PICOS_PER_SECOND} AS VARCHAR), 12, '0'), ${precision})`
}

function offsetText(minutes: SqlText): SqlText {
  return `CASE WHEN ${minutes} < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(${minutes}) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(${minutes}) % 60 AS VARCHAR), 2, '0')`
}

function intervalDayText(millis: SqlText): SqlText {
  const size = `abs(${millis})`
  const padded = (part: SqlText, width: number) => `lpad(CAST(${part} AS VARCHAR), ${width}, '0')`
  return [
    `CASE WHEN ${millis} < 0 THEN '-' ELSE '' END || (${size} // 86400000)`,
    `' ' || ${padded(`${size} // 3600000 % 24`, 2)}`,
    `':' || ${padded(`${size} // 60000 % 60`, 2)}`,
    `':' || ${padded(`${size} // 1000 % 60`, 2)}`,
    `'.' || ${padded(`${size} % 1000`, 3)}`,
  ].join(' || ')
}
