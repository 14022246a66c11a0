import { expect, test } from 'vitest'
import type { MetricDatum, PutMetricDataInput } from '../../../src/wire/model/cloudwatch.ts'
import { at, CloudWatchWorld, metric, NAMESPACE } from './cloudwatch-world.ts'

const all = { StartTime: at(-60), EndTime: at(60), Period: 7200 }

test.each<[string, Partial<MetricDatum>, object]>([
  ['a value', { Value: 3 }, { SampleCount: 1, Sum: 3 }],
  ['values with counts', { Values: [1, 10], Counts: [3, 2] }, { SampleCount: 5, Sum: 23 }],
  ['values without counts', { Values: [1, 10] }, { SampleCount: 2, Sum: 11 }],
  [
    'a statistic set',
    { StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 } },
    { SampleCount: 4, Sum: 10 },
  ],
  ['a value of an hour ago', { Value: 3, Timestamp: at(-59) }, { SampleCount: 1, Sum: 3 }],
])('%s is read back', async (_what, datum, expected) => {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put({ Unit: 'Milliseconds', ...datum })
  const { Datapoints } = await cloudWatch.call('GetMetricStatistics', {
    ...metric,
    ...all,
    Statistics: ['SampleCount', 'Sum'],
  })
  expect(Datapoints).toEqual([{ Timestamp: at(-60), Unit: 'Milliseconds', ...expected }])
})

const MANY = Array.from({ length: 151 }, () => 1)
test.each<[Partial<MetricDatum>, string, string]>([
  [{}, 'MissingRequiredParameterException', 'At least one of the parameters MetricData.member.2.Value'],
  [
    { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
    'InvalidParameterCombinationException',
    'The parameters MetricData.member.2.Value and MetricData.member.2.StatisticValues are mutually exclusive and you have specified both.',
  ],
  [{ Value: 1, Values: [1] }, 'InvalidParameterCombinationException', 'mutually exclusive'],
  [
    { Value: Number.NaN },
    'InvalidParameterValueException',
    'The value NaN for parameter MetricData.member.2.Value is invalid.',
  ],
  [{ Value: Number.POSITIVE_INFINITY }, 'InvalidParameterValueException', 'is invalid'],
  [{ Value: 2 ** 361 }, 'InvalidParameterValueException', 'is invalid'],
  [{ Values: MANY }, 'InvalidParameterValueException', 'must not have a size greater than 150.'],
  [{ Values: [1, 2], Counts: [1] }, 'InvalidParameterValueException', 'must be of the same size.'],
  [{ Values: [1], Counts: [0] }, 'InvalidParameterValueException', 'Counts is invalid'],
  [
    { StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } },
    'InvalidParameterValueException',
    'SampleCount must be greater than 0',
  ],
  [
    { StatisticValues: { SampleCount: 1, Sum: 0, Minimum: 2, Maximum: 1 } },
    'InvalidParameterCombinationException',
    'Minimum must be less than or equal',
  ],
  [{ Value: 1, Timestamp: at(-14 * 24 * 60 - 1) }, 'InvalidParameterValueException', 'within the past two weeks'],
  [{ Value: 1, Timestamp: at(121) }, 'InvalidParameterValueException', 'two hours in the future'],
  [
    { Value: 1, StorageResolution: 1 },
    'InvalidParameterValueException',
    'StorageResolution 1 is not offered by lakelet',
  ],
])('of two data the second, %j, is refused, and so is the first', async (datum, code, text) => {
  const cloudWatch = await CloudWatchWorld.open()
  await expect(cloudWatch.put({ Value: 1 }, datum)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text),
  })
  expect(await cloudWatch.call('ListMetrics', {})).toMatchObject({ Metrics: [] })
})

test.each<[string, PutMetricDataInput, string]>([
  [
    "AWS's own namespaces",
    { Namespace: 'AWS/EC2', MetricData: [] },
    'The value AWS/EC2 for parameter Namespace is invalid.',
  ],
  [
    'more than a thousand data',
    { Namespace: NAMESPACE, MetricData: Array.from({ length: 1001 }, () => ({ MetricName: 'm', Value: 1 })) },
    'The collection MetricData must not have a size greater than 1000.',
  ],
  ['entities', { Namespace: NAMESPACE, EntityMetricData: [] }, 'EntityMetricData is not offered by lakelet'],
])('%s are refused', async (_what, input, text) => {
  const cloudWatch = await CloudWatchWorld.open()
  await expect(cloudWatch.call('PutMetricData', input)).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
    message: expect.stringContaining(text),
  })
})
