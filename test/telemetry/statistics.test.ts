import { expect, test } from 'vitest'
import { byPeriod, isOtherStatistic, parseStatistic, statisticOf } from '../../src/telemetry/statistics.ts'
import { Summary } from '../../src/telemetry/summary.ts'

function point(atMs: number, ...values: number[]) {
  const summary = new Summary()
  for (const value of values) summary.add(value)
  return { atMs, summary }
}

test.each([
  ['SampleCount', 3],
  ['Average', 4],
  ['Sum', 12],
  ['Minimum', 2],
  ['Maximum', 6],
  ['p100', 6],
  ['p0', 2],
])('%s of 2, 4 and 6 is %d', (text, expected) => {
  const statistic = parseStatistic(text)
  expect(statistic && statisticOf(point(0, 2, 4, 6).summary, statistic)).toBe(expected)
})

test.each(['p101', 'p', 'p-1', 'sum', 'Median', 'p50.', ''])('%s is no statistic', (text) => {
  expect(parseStatistic(text)).toBeUndefined()
  expect(isOtherStatistic(text)).toBe(false)
})

test.each(['tm99', 'TM(10%:90%)', 'IQM', 'PR(:300)', 'wm98', 'tc90', 'TS(80%:)'])(
  '%s is one that is not kept',
  (text) => {
    expect(isOtherStatistic(text)).toBe(true)
  },
)

test('p99.9 asks for a part of a percent', () => {
  expect(parseStatistic('p99.9')).toEqual({ percentile: 99.9 })
})

test('periods begin where was asked from, those without values are left out', () => {
  const points = [point(60, 1), point(120, 2), point(180, 4), point(600, 8)]
  expect(byPeriod(points, 60, 120).map(({ atMs, summary }) => [atMs, summary.sum])).toEqual([
    [60, 3],
    [180, 4],
    [540, 8],
  ])
})
