import { expect, test } from 'vitest'
import type { GetMetricDataInput, MetricDataQuery } from '../../../src/wire/model/cloudwatch.ts'
import { ACCOUNT, at, CloudWatchWorld, metric } from './cloudwatch-world.ts'

const stat = (Stat: string, Period = 60) => ({ Metric: metric, Period, Stat })
const asked = (...MetricDataQueries: MetricDataQuery[]): GetMetricDataInput => ({
  MetricDataQueries,
  StartTime: at(-10),
  EndTime: at(1),
})

async function opened() {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put(
    { Value: 1, Timestamp: at(-3) },
    { Value: 2, Timestamp: at(-2) },
    { Value: 4, Timestamp: at(-1) },
    { Value: 6, Timestamp: at(-1) },
  )
  return cloudWatch
}

test('the newest datapoint comes first, or last when asked so', async () => {
  const cloudWatch = await opened()
  const input = asked({ Id: 'a', MetricStat: stat('Sum') })
  expect(await cloudWatch.call('GetMetricData', input)).toEqual({
    MetricDataResults: [
      {
        Id: 'a',
        Label: 'Latency',
        Timestamps: [at(-1), at(-2), at(-3)],
        Values: [10, 2, 1],
        StatusCode: 'Complete',
      },
    ],
    Messages: [],
  })
  const ascending = await cloudWatch.call('GetMetricData', { ...input, ScanBy: 'TimestampAscending' })
  expect(ascending.MetricDataResults?.[0]?.Values).toEqual([1, 2, 10])
})

test.each<[string, number[]]>([
  ['a / 2 + 1', [6, 2, 1.5]],
  ['(a - b) * 10', [50, 0, 0]],
  ['-a ^ 2', [-100, -4, -1]],
  ['(-a) ^ 2 - -1', [101, 5, 2]],
  ['2 ^ 3 ^ 0 * a', [20, 4, 2]],
  ['1 - a - b', [-14, -3, -1]],
  ['1 / (a - b)', [0.2]],
  ['1.5e1 * a', [150, 30, 15]],
])('the expression %s is worked out time by time', async (Expression, expected) => {
  const cloudWatch = await opened()
  const input = asked(
    { Id: 'e', Expression, Label: 'math' },
    { Id: 'a', MetricStat: stat('Sum'), ReturnData: false },
    { Id: 'b', MetricStat: stat('Average'), ReturnData: false },
  )
  const { MetricDataResults } = await cloudWatch.call('GetMetricData', input)
  expect(MetricDataResults).toMatchObject([{ Id: 'e', Label: 'math', Values: expected }])
})

test('an expression may stand before those that it needs, and need others', async () => {
  const cloudWatch = await opened()
  const input = asked(
    { Id: 'c', Expression: 'b + 1' },
    { Id: 'b', Expression: 'a * 2' },
    { Id: 'a', MetricStat: stat('Maximum', 600) },
  )
  const { MetricDataResults } = await cloudWatch.call('GetMetricData', input)
  expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
    ['c', [13]],
    ['b', [12]],
    ['a', [6]],
  ])
})

test('pages hold so many datapoints of all results together, each once', async () => {
  const cloudWatch = await opened()
  const input = asked({ Id: 'a', MetricStat: stat('Sum') }, { Id: 'b', MetricStat: stat('Minimum') })
  const seen: (readonly [string | undefined, readonly number[] | undefined, string | undefined])[][] = []
  let NextToken: string | undefined
  do {
    const answer = await cloudWatch.call('GetMetricData', {
      ...input,
      MaxDatapoints: 2,
      ...(NextToken !== undefined && { NextToken }),
    })
    seen.push((answer.MetricDataResults ?? []).map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode] as const))
    NextToken = answer.NextToken
  } while (NextToken !== undefined)
  expect(seen).toEqual([
    [
      ['a', [10, 2], 'PartialData'],
      ['b', [], 'PartialData'],
    ],
    [
      ['a', [1], 'Complete'],
      ['b', [4], 'PartialData'],
    ],
    [
      ['a', [], 'Complete'],
      ['b', [2, 1], 'Complete'],
    ],
  ])
})

const many = Array.from({ length: 501 }, (_, index) => ({ Id: `a${index}`, MetricStat: stat('Sum') }))
test.each<[string, GetMetricDataInput, string]>([
  ['a period of 61 s', asked({ Id: 'a', MetricStat: stat('Sum', 61) }), 'MetricStat.Period is not valid'],
  [
    'a statistic that is none',
    asked({ Id: 'a', MetricStat: stat('None') }),
    'The value None for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid statistic.',
  ],
  ['an id in capitals', asked({ Id: 'A', MetricStat: stat('Sum') }), 'is not matching the expected pattern'],
  ['one id twice', asked({ Id: 'a', MetricStat: stat('Sum') }, { Id: 'a', MetricStat: stat('Sum') }), 'not unique'],
  ['neither metric nor expression', asked({ Id: 'a' }), 'give one of them'],
  ['both', asked({ Id: 'a', MetricStat: stat('Sum'), Expression: '1' }), 'give one of them'],
  ['more than 500 queries', asked(...many), 'must not have a size greater than 500'],
  ['no time at all', { ...asked({ Id: 'a', MetricStat: stat('Sum') }), EndTime: at(-10) }, 'EndTime must be greater'],
  ['an unknown id', asked({ Id: 'a', Expression: 'b + 1' }), "Unknown id 'b'"],
  ['itself', asked({ Id: 'a', Expression: 'a + 1' }), 'it needs itself'],
  ['a constant', asked({ Id: 'a', Expression: '1 + 1' }), 'must not be a constant'],
  ['half an expression', asked({ Id: 'a', Expression: '1 +' }), 'Invalid syntax'],
  ['an open bracket', asked({ Id: 'a', Expression: '(1' }), 'Invalid syntax'],
  ['two values side by side', asked({ Id: 'a', Expression: '1 1' }), 'Invalid syntax'],
  ['deep brackets', asked({ Id: 'a', Expression: '('.repeat(500) }), 'Invalid syntax'],
])('%s is refused', async (_what, input, text) => {
  const cloudWatch = await opened()
  await expect(cloudWatch.call('GetMetricData', input)).rejects.toMatchObject({
    code: 'ValidationException',
    message: expect.stringContaining(text),
  })
})

test.each<[string, MetricDataQuery, string]>([
  ['a search', { Id: 'a', Expression: "SEARCH('x', 'Sum', 60)" }, 'SEARCH in the expression'],
  ['Metrics Insights', { Id: 'a', Expression: 'SELECT AVG(x) FROM y' }, 'SELECT in the expression'],
  ['a function', { Id: 'a', Expression: 'RATE(b)' }, 'RATE in the expression'],
  ['a trimmed mean', { Id: 'a', MetricStat: stat('tm90') }, 'The statistic tm90'],
  ['another account', { Id: 'a', MetricStat: stat('Sum'), AccountId: '999999999999' }, 'AccountId of another account'],
  ['a dynamic label', { Id: 'a', MetricStat: stat('Sum'), Label: '\u0024{MAX}' }, 'A dynamic label'],
])('%s is not offered, and named', async (_what, query, text) => {
  const cloudWatch = await opened()
  await expect(cloudWatch.call('GetMetricData', asked(query))).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: expect.stringContaining(`${text}`),
  })
})

test('the own account may be named', async () => {
  const cloudWatch = await opened()
  const input = asked({ Id: 'a', MetricStat: stat('SampleCount', 600), AccountId: ACCOUNT })
  expect((await cloudWatch.call('GetMetricData', input)).MetricDataResults?.[0]?.Values).toEqual([4])
})

test('a token that nobody gave is refused', async () => {
  const cloudWatch = await opened()
  const input = { ...asked({ Id: 'a', MetricStat: stat('Sum') }), NextToken: 'x' }
  await expect(cloudWatch.call('GetMetricData', input)).rejects.toMatchObject({ code: 'InvalidNextToken' })
})
