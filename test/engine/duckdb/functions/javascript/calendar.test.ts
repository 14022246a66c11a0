import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  civilFromDays,
  daysFromCivil,
  isoDayOfWeek,
  isoWeek,
} from '../../../../../src/engine/duckdb/functions/javascript/calendar.ts'

test('days and dates agree with Date', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (days) => {
      const date = new Date(days * 86_400_000)
      const { year, month, day } = civilFromDays(days)
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()])
      expect(daysFromCivil(year, month, day)).toBe(days)
      expect(isoDayOfWeek(days)).toBe(date.getUTCDay() || 7)
    }),
  )
})

test.each([
  [2024, 12, 30, { year: 2025, week: 1 }],
  [2021, 1, 3, { year: 2020, week: 53 }],
])('%d-%d-%d is in week %o', (year, month, day, week) => {
  expect(isoWeek(daysFromCivil(year, month, day))).toEqual(week)
})
