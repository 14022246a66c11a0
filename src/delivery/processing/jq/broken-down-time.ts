/** Time as the C library keeps it, in UTC: what jq's `gmtime` and `mktime` ask of their host. */

/** `struct tm`: `year` counts from 1900, `month` and `yearDay` from 0, `weekDay` from Sunday. */
export interface BrokenDownTime {
  second: number
  minute: number
  hour: number
  day: number
  month: number
  year: number
  weekDay: number
  yearDay: number
}

const DAY_S = 86_400
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
export const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** `gmtime_r` */
export function brokenDown(epochS: number): BrokenDownTime {
  const days = Math.floor(epochS / DAY_S)
  const ofDay = epochS - days * DAY_S
  const date = new Date(days * DAY_S * 1000)
  const year = date.getUTCFullYear()
  return {
    second: ofDay % 60,
    minute: Math.floor(ofDay / 60) % 60,
    hour: Math.floor(ofDay / 3600),
    day: date.getUTCDate(),
    month: date.getUTCMonth(),
    year: year - 1900,
    weekDay: date.getUTCDay(),
    yearDay: days - daysBefore(year, 0, 1),
  }
}

/** `timegm`: seconds since 1970; members out of their range carry over. */
export function epochSeconds(time: BrokenDownTime): number {
  const days = daysBefore(time.year + 1900, time.month, time.day)
  return days * DAY_S + time.hour * 3600 + time.minute * 60 + time.second
}

/** Days from 1970 to a date; months and days out of their range carry over. */
export function daysBefore(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month, day) / (DAY_S * 1000)
}

export function daysIn(year: number): number {
  return daysBefore(year + 1, 0, 1) - daysBefore(year, 0, 1)
}

/** Never negative. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
