/** SQL macros that printed statements call. Each is one expression; arguments are written out, so calls stay short. */

const FLOOR_DIVISION = `
CREATE OR REPLACE MACRO lk_floor_div(a, b) AS (a // b) - CASE WHEN (a % b) < 0 THEN 1 ELSE 0 END`

const FLOOR_MODULUS = `
CREATE OR REPLACE MACRO lk_floor_mod(a, b) AS ((a % b) + b) % b`

/** Half up to whole units of microseconds. */
const ROUND_TIMESTAMP = `
CREATE OR REPLACE MACRO lk_round_timestamp(t, unit) AS
  make_timestamp(CAST(lk_floor_div(epoch_us(t) + unit // 2, unit) * unit AS BIGINT))`

const CUT_TO_MILLIS = `
CREATE OR REPLACE MACRO lk_cut_to_millis(t) AS make_timestamp(lk_floor_div(epoch_us(t), 1000) * 1000)`

const OFFSET_MINUTES = `
CREATE OR REPLACE MACRO lk_offset_minutes(region) AS
  CASE WHEN region[1] = '-' THEN -1 ELSE 1 END
    * (CAST(substr(region, 2, 2) AS INTEGER) * 60 + CAST(substr(region, 5, 2) AS INTEGER))`

/** The wall clock of an instant in a zone. */
const LOCAL = `
CREATE OR REPLACE MACRO lk_local(instant, region) AS CASE
  WHEN region = 'UTC' THEN instant
  WHEN region[1] = '+' OR region[1] = '-' THEN instant + to_minutes(lk_offset_minutes(region))
  ELSE timezone(region, timezone('UTC', instant))
END`

/** The instant of a wall clock: of two candidates the earlier, and in a gap as much later as the gap is long. */
const INSTANT = `
CREATE OR REPLACE MACRO lk_instant(wall, region) AS CASE
  WHEN region = 'UTC' THEN wall
  WHEN region[1] = '+' OR region[1] = '-' THEN wall - to_minutes(lk_offset_minutes(region))
  WHEN timezone(region, timezone(region, wall) - to_hours(1)) = wall THEN timezone('UTC', timezone(region, wall) - to_hours(1))
  ELSE timezone('UTC', timezone(region, wall))
END`

const TIME_TEXT = `
CREATE OR REPLACE MACRO lk_time_text(t, digits) AS
  lpad(CAST(t // 3600000000000000 AS VARCHAR), 2, '0') || ':'
  || lpad(CAST(t // 60000000000000 % 60 AS VARCHAR), 2, '0') || ':'
  || lpad(CAST(t // 1000000000000 % 60 AS VARCHAR), 2, '0')
  || CASE WHEN digits = 0 THEN '' ELSE '.' || substr(lpad(CAST(t % 1000000000000 AS VARCHAR), 12, '0'), 1, digits) END`

const OFFSET_TEXT = `
CREATE OR REPLACE MACRO lk_offset_text(minutes) AS
  CASE WHEN minutes < 0 THEN '-' ELSE '+' END
  || lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0')`

/** \`1 02:03:04.567\`. */
const DAYS_TEXT = `
CREATE OR REPLACE MACRO lk_days_text(ms) AS
  CASE WHEN ms < 0 THEN '-' ELSE '' END
  || CAST(abs(ms::HUGEINT) // 86400000 AS VARCHAR) || ' '
  || lpad(CAST(abs(ms::HUGEINT) // 3600000 % 24 AS VARCHAR), 2, '0') || ':'
  || lpad(CAST(abs(ms::HUGEINT) // 60000 % 60 AS VARCHAR), 2, '0') || ':'
  || lpad(CAST(abs(ms::HUGEINT) // 1000 % 60 AS VARCHAR), 2, '0') || '.'
  || lpad(CAST(abs(ms::HUGEINT) % 1000 AS VARCHAR), 3, '0')`

/** \`1-2\`. */
const MONTHS_TEXT = `
CREATE OR REPLACE MACRO lk_months_text(months) AS
  CASE WHEN months < 0 THEN '-' ELSE '' END
  || CAST(abs(months::BIGINT) // 12 AS VARCHAR) || '-' || CAST(abs(months::BIGINT) % 12 AS VARCHAR)`

export const functionMacros: readonly string[] = [
  FLOOR_DIVISION,
  FLOOR_MODULUS,
  ROUND_TIMESTAMP,
  CUT_TO_MILLIS,
  OFFSET_MINUTES,
  LOCAL,
  INSTANT,
  TIME_TEXT,
  OFFSET_TEXT,
  DAYS_TEXT,
  MONTHS_TEXT,
]
