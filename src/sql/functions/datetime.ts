/** Dates, times, timestamps, zones and intervals. */
import { type FunctionDeclaration, scalar } from './declare.ts'

const DATE = 'date'
const TIME = 'time(p)'
const TIME_ZONED = 'time(p) with time zone'
const TIMESTAMP = 'timestamp(p)'
const TIMESTAMP_ZONED = 'timestamp(p) with time zone'
const DAY_TO_SECOND = 'interval day to second'
const YEAR_TO_MONTH = 'interval year to month'

const DATES = [DATE, TIMESTAMP, TIMESTAMP_ZONED] as const
const TIMES = [TIMESTAMP, TIMESTAMP_ZONED, TIME, TIME_ZONED] as const
const POINTS = [DATE, ...TIMES] as const

const part = (name: string, types: readonly string[], aliases: readonly string[] = []) =>
  scalar(
    name,
    types.map((type) => `(${type}) -> bigint`),
    { aliases },
  )

/** `2024-01-31T01:02:03` with room for long years, and as many digits as the precision has. */
const isoTimestampLength = (precision: number) => 22 + (precision > 0 ? precision + 1 : 0)
const isoZonedLength = (precision: number) => isoTimestampLength(precision) + 6

export const datetimeDeclarations: readonly FunctionDeclaration[] = [
  part('year', [...DATES, YEAR_TO_MONTH]),
  part('quarter', DATES),
  part('month', [...DATES, YEAR_TO_MONTH]),
  part('week', DATES, ['week_of_year']),
  part('day', [...DATES, DAY_TO_SECOND], ['day_of_month']),
  part('day_of_week', DATES, ['dow']),
  part('day_of_year', DATES, ['doy']),
  part('year_of_week', DATES, ['yow']),
  part('hour', [...TIMES, DAY_TO_SECOND]),
  part('minute', [...TIMES, DAY_TO_SECOND]),
  part('second', [...TIMES, DAY_TO_SECOND]),
  part('millisecond', [...TIMES, DAY_TO_SECOND]),
  part('timezone_hour', [TIMESTAMP_ZONED, TIME_ZONED]),
  part('timezone_minute', [TIMESTAMP_ZONED, TIME_ZONED]),

  scalar('current_date', ['() -> date'], { volatile: true }),
  scalar('current_time', ['() -> time(3) with time zone'], { volatile: true }),
  scalar('current_timestamp', ['() -> timestamp(3) with time zone'], { aliases: ['now'], volatile: true }),
  scalar('localtime', ['() -> time(3)'], { volatile: true }),
  scalar('localtimestamp', ['() -> timestamp(3)'], { volatile: true }),
  scalar('current_timezone', ['() -> varchar']),

  scalar('date', ['(varchar(x)) -> date', '(timestamp(p)) -> date', '(timestamp(p) with time zone) -> date']),
  scalar('last_day_of_month', ['(date) -> date', '(timestamp(p)) -> date', '(timestamp(p) with time zone) -> date']),
  scalar(
    'date_trunc',
    POINTS.map((type) => `(varchar(x), ${type}) -> ${type}`),
  ),
  scalar(
    'date_add',
    POINTS.map((type) => `(varchar(x), bigint, ${type}) -> ${type}`),
  ),
  scalar(
    'date_diff',
    POINTS.map((type) => `(varchar(x), ${type}, ${type}) -> bigint`),
  ),
  scalar('date_format', [
    '(timestamp(p), varchar(x)) -> varchar',
    '(timestamp(p) with time zone, varchar(x)) -> varchar',
  ]),
  scalar('date_parse', ['(varchar(x), varchar(y)) -> timestamp(3)']),
  scalar('format_datetime', [
    '(timestamp(p), varchar(x)) -> varchar',
    '(timestamp(p) with time zone, varchar(x)) -> varchar',
  ]),
  scalar('parse_datetime', ['(varchar(x), varchar(y)) -> timestamp(3) with time zone']),
  scalar('to_char', ['(timestamp(p) with time zone, varchar) -> varchar']),
  scalar('to_date', ['(varchar, varchar) -> date']),
  scalar('to_timestamp', ['(varchar, varchar) -> timestamp(3)']),

  scalar('from_unixtime', [
    '(double) -> timestamp(3) with time zone',
    '(double, varchar(x)) -> timestamp(3) with time zone',
    '(double, bigint, bigint) -> timestamp(3) with time zone',
  ]),
  scalar('from_unixtime_nanos', [
    '(bigint) -> timestamp(9) with time zone',
    '(decimal(p, s)) -> timestamp(9) with time zone',
  ]),
  scalar('to_unixtime', ['(timestamp(p)) -> double', '(timestamp(p) with time zone) -> double']),
  scalar('from_iso8601_timestamp', ['(varchar(x)) -> timestamp(3) with time zone']),
  scalar('from_iso8601_timestamp_nanos', ['(varchar(x)) -> timestamp(9) with time zone']),
  scalar('from_iso8601_date', ['(varchar(x)) -> date']),
  scalar('to_iso8601', [
    '(date) -> varchar(16)',
    { text: '(timestamp(p)) -> varchar(n)', bind: ({ p = 0 }) => ({ n: isoTimestampLength(p) }) },
    {
      text: '(timestamp(p) with time zone) -> varchar(n)',
      bind: ({ p = 0 }) => ({ n: isoZonedLength(p) }),
    },
  ]),
  scalar('at_timezone', [
    '(timestamp(p) with time zone, varchar(x)) -> timestamp(p) with time zone',
    '(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone',
    '(time(p) with time zone, varchar(x)) -> time(p) with time zone',
    '(time(p) with time zone, interval day to second) -> time(p) with time zone',
  ]),
  scalar('with_timezone', ['(timestamp(p), varchar(x)) -> timestamp(p) with time zone']),
  scalar('timezone', ['(timestamp(p) with time zone) -> varchar', '(time(p) with time zone) -> varchar']),
  scalar('to_milliseconds', ['(interval day to second) -> bigint']),
  scalar('parse_duration', ['(varchar) -> interval day to second']),
  scalar('human_readable_seconds', ['(double) -> varchar']),
]
