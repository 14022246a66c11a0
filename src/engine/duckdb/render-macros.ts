/**
 * Macros that turn values into the text Athena shows, where DuckDB's own text differs. `render.ts` prints the calls.
 */
import type { DuckDBConnection } from '@duckdb/node-api'

/**
 * Java's Double.toString: plain digits from 10^-3 up to 10^7, beyond that one digit, a point and an exponent (`1.0E20`).
 * DuckDB already finds the shortest digits; only their layout changes, and the smallest number, of which Java says two.
 */
const JAVA_NUMBER = `
CREATE MACRO lake_java_number(x) AS CASE
  WHEN x IS NULL THEN NULL
  WHEN x = 0 OR (abs(x) >= 0.001 AND abs(x) < 10000000) THEN CAST(x AS VARCHAR)
  WHEN isnan(x) THEN 'NaN'
  WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
  WHEN abs(x) = 4.9e-324 THEN CASE WHEN x < 0 THEN '-4.9E-324' ELSE '4.9E-324' END
  ELSE lake_java_exponent(CASE WHEN x < 0 THEN '-' ELSE '' END, ltrim(CAST(x AS VARCHAR), '-'))
END`

/** \`digits\` is \`1.5e+20\`, \`12345678.9\` or \`0.00012\`. */
const JAVA_EXPONENT = `
CREATE MACRO lake_java_exponent(sign, digits) AS sign || CASE
  WHEN contains(digits, 'e') THEN
    split_part(digits, 'e', 1)
    || CASE WHEN contains(split_part(digits, 'e', 1), '.') THEN '' ELSE '.0' END
    || 'E' || CAST(CAST(split_part(digits, 'e', 2) AS INTEGER) AS VARCHAR)
  WHEN starts_with(digits, '0.') THEN
    lake_java_mantissa(ltrim(split_part(digits, '.', 2), '0'))
    || 'E-' || CAST(length(split_part(digits, '.', 2)) - length(ltrim(split_part(digits, '.', 2), '0')) + 1 AS VARCHAR)
  ELSE
    lake_java_mantissa(rtrim(replace(digits, '.', ''), '0'))
    || 'E' || CAST(length(split_part(digits, '.', 1)) - 1 AS VARCHAR)
END`

const JAVA_MANTISSA = `
CREATE MACRO lake_java_mantissa(digits) AS
  left(digits, 1) || '.' || CASE WHEN length(digits) > 1 THEN substr(digits, 2) ELSE '0' END`

const HEX_PAIRS = `
CREATE MACRO lake_hex_pairs(bytes) AS rtrim(regexp_replace(lower(hex(bytes)), '(..)', '\\1 ', 'g'))`

/** The wall clock of an instant in a zone: a region or a fixed offset like +05:30. */
const LOCAL_TIME = `
CREATE MACRO lake_local_time(instant, region) AS CASE
  WHEN region = 'UTC' THEN instant
  WHEN region[1] = '+' OR region[1] = '-' THEN
    instant + to_minutes(CASE WHEN region[1] = '-' THEN -1 ELSE 1 END
      * (CAST(substr(region, 2, 2) AS INTEGER) * 60 + CAST(substr(region, 5, 2) AS INTEGER)))
  ELSE timezone(region, timezone('UTC', instant))
END`

/** \`text\` pieces already rendered: NULL items show as null. */
const JOIN_ITEMS = `
CREATE MACRO lake_join_items(items) AS
  coalesce(array_to_string(list_transform(items, lambda item: coalesce(item, 'null')), ', '), '')`

export const renderMacros: readonly string[] = [
  JAVA_MANTISSA,
  JAVA_EXPONENT,
  JAVA_NUMBER,
  HEX_PAIRS,
  LOCAL_TIME,
  JOIN_ITEMS,
]

export async function installMacros(connection: DuckDBConnection): Promise<void> {
  for (const macro of renderMacros) await connection.run(macro)
}
