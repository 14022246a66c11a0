import { expect, test } from 'vitest'
import { checkTimeZone, zonedDate } from '../../../src/delivery/prefix/zoned-date.ts'

const cases: [string, string, string, number][] = [
  ['2026-03-08T06:59:59.999Z', 'America/New_York', '2026-3-8 1:59:59.999', -5 * 3600],
  ['2026-03-08T07:00:00.000Z', 'America/New_York', '2026-3-8 3:0:0.0', -4 * 3600],
  ['2026-11-01T05:30:00.000Z', 'America/New_York', '2026-11-1 1:30:0.0', -4 * 3600],
  ['2026-11-01T06:30:00.000Z', 'America/New_York', '2026-11-1 1:30:0.0', -5 * 3600],
  ['2026-12-31T23:00:00.001Z', 'Asia/Kathmandu', '2027-1-1 4:45:0.1', 5.75 * 3600],
  ['2026-12-31T23:00:00.001Z', 'UTC', '2026-12-31 23:0:0.1', 0],
]

for (const [instant, zone, wall, offsetSeconds] of cases) {
  test(`${instant} is ${wall} in ${zone}`, () => {
    const date = zonedDate(Date.parse(instant), zone)
    const { year, month, day, hour, minute, second, millisecond } = date
    expect(`${year}-${month}-${day} ${hour}:${minute}:${second}.${millisecond}`).toBe(wall)
    expect(date.offsetSeconds).toBe(offsetSeconds)
  })
}

for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/UTC'])
  test(`${zone} is taken as a time zone`, () => expect(() => checkTimeZone(zone)).not.toThrow())

for (const zone of ['EST', 'CET', 'Mars/Olympus', 'nowhere', '/'])
  test(`${zone} is refused as a time zone`, () =>
    expect(() => checkTimeZone(zone)).toThrow('the supported IANA time zone formats are non-3-letter identifiers'))
