import { expect, test } from 'vitest'
import type { GetMetricStatisticsInput } from '../../../src/wire/model/cloudwatch.ts'
import { at, CloudWatchWorld, metric } from './cloudwatch-world.ts'

const asked: GetMetricStatisticsInput = {
  ...metric,
  StartTime: at(-10),
  EndTime: at(1),
  Period: 300,
  Statistics: ['Sum'],
}

test('every statistic of every period, the periods counted from the beginning', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put(
    { Value: 1, Timestamp: at(-10) },
    { Value: 3, Timestamp: at(-6) },
    { Value: 8, Timestamp: at(-5) },
    { Value: 100, Timestamp: at(1) },
  )
  const answer = await cloudWatch.call('GetMetricStatistics', {
    ...asked,
    StartTime: new Date(at(-10).getTime() + 59_999),
    Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
  })
  expect(answer).toEqual({
    Label: 'Latency',
    Datapoints: [
      { Timestamp: at(-10), Unit: 'None', SampleCount: 2, Average: 2, Sum: 4, Minimum: 1, Maximum: 3 },
      { Timestamp: at(-5), Unit: 'None', SampleCount: 1, Average: 8, Sum: 8, Minimum: 8, Maximum: 8 },
    ],
  })
})

test('percentiles come by their names, and not where nobody can know them', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put(
    { Values: [1, 2, 3, 4], Timestamp: at(-10) },
    { StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 }, Timestamp: at(-5) },
  )
  const { Datapoints } = await cloudWatch.call('GetMetricStatistics', {
    ...metric,
    StartTime: at(-10),
    EndTime: at(1),
    Period: 300,
    ExtendedStatistics: ['p50', 'p100'],
  })
  expect(Datapoints?.[0]?.ExtendedStatistics?.['p100']).toBe(4)
  expect(Datapoints?.[0]?.ExtendedStatistics?.['p50']).toBeCloseTo(2, 1)
  expect(Datapoints?.[1]?.ExtendedStatistics).toEqual({ p100: 2 })
})

test('units have datapoints of their own, or one unit is asked for', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put({ Value: 1, Unit: 'Seconds' }, { Value: 1000, Unit: 'Milliseconds' })
  const { Datapoints } = await cloudWatch.call('GetMetricStatistics', asked)
  expect(Datapoints?.map(({ Unit, Sum }) => [Unit, Sum])).toEqual([
    ['Seconds', 1],
    ['Milliseconds', 1000],
  ])
  const one = await cloudWatch.call('GetMetricStatistics', { ...asked, Unit: 'Seconds' })
  expect(one.Datapoints).toHaveLength(1)
})

test('a metric that nobody knows has no datapoints', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put({ Value: 1 })
  for (const other of [{ MetricName: 'Other' }, { Dimensions: [] }, { Namespace: 'Other' }]) {
    expect(await cloudWatch.call('GetMetricStatistics', { ...asked, ...other })).toMatchObject({ Datapoints: [] })
  }
})

test.each<[Partial<GetMetricStatisticsInput>, string, string]>([
  [
    { StartTime: at(-1441), EndTime: at(0), Period: 60 },
    'InvalidParameterCombinationException',
    'You have requested up to 1441 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
  ],
  [{ EndTime: at(-10) }, 'InvalidParameterCombinationException', 'StartTime must be less than the parameter EndTime'],
  [{ Period: 61 }, 'InvalidParameterValueException', 'The value 61 for parameter Period is not valid'],
  [{ Statistics: [] }, 'MissingRequiredParameterException', 'Statistics and ExtendedStatistics must be specified'],
  [{ ExtendedStatistics: ['p50'] }, 'InvalidParameterCombinationException', 'mutually exclusive'],
  [{ Statistics: [], ExtendedStatistics: ['x'] }, 'InvalidParameterValueException', 'not a valid statistic'],
  [
    { Statistics: [], ExtendedStatistics: ['tm99'] },
    'InvalidParameterValueException',
    'The statistic tm99 is not offered',
  ],
])('%j is refused', async (change, code, text) => {
  const cloudWatch = await CloudWatchWorld.open()
  await expect(cloudWatch.call('GetMetricStatistics', { ...asked, ...change })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text),
  })
})

test('as many datapoints as are allowed are given', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put({ Value: 1 })
  const full = { ...asked, StartTime: at(-1439), EndTime: at(1), Period: 60 }
  expect((await cloudWatch.call('GetMetricStatistics', full)).Datapoints).toHaveLength(1)
})
