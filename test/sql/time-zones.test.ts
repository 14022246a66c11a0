import { expect, test } from 'vitest'
import { canonicalZone, localToEpochMs } from '../../src/sql/time-zones.ts'

test.each([
  ['utc', 'UTC'],
  ['Z', 'UTC'],
  ['+00:00', 'UTC'],
  ['+5:30', '+05:30'],
  ['-0800', '-08:00'],
  ['America/New_York', 'America/New_York'],
  ['+14:00', '+14:00'],
  ['+14:01', undefined],
  ['Nowhere/City', undefined],
  ['', undefined],
])('%s is the zone %s', (name, expected) => {
  expect(canonicalZone(name)).toBe(expected)
})

test.each([
  ['2024-01-15T12:00:00', 'Europe/Paris', '2024-01-15T11:00:00'],
  ['2024-07-15T12:00:00', 'Europe/Paris', '2024-07-15T10:00:00'],
  // 02:30 does not exist on this day: clocks jump from 02:00 to 03:00.
  ['2024-03-31T02:30:00', 'Europe/Paris', '2024-03-31T01:30:00'],
  // 02:30 happens twice on this day: the first is meant.
  ['2024-10-27T02:30:00', 'Europe/Paris', '2024-10-27T00:30:00'],
  ['1900-01-01T00:00:00', 'Asia/Kathmandu', '1899-12-31T18:18:44'],
  ['2024-01-01T00:00:00', '-08:00', '2024-01-01T08:00:00'],
])('%s in %s is %s UTC', (local, zone, utc) => {
  expect(new Date(localToEpochMs(Date.parse(`${local}Z`), zone)).toISOString()).toBe(`${utc}.000Z`)
})
