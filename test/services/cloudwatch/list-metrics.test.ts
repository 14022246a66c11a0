import { expect, test } from 'vitest'
import type { ListMetricsInput } from '../../../src/wire/model/cloudwatch.ts'
import { ACCOUNT, CloudWatchWorld, HOUR, NAMESPACE } from './cloudwatch-world.ts'

const hosts = [{ Name: 'Host', Value: 'a' }]

async function opened() {
  const cloudWatch = await CloudWatchWorld.open()
  await cloudWatch.put(
    { MetricName: 'Latency', Value: 1, Unit: 'Seconds' },
    { MetricName: 'Latency', Value: 1, Unit: 'Count' },
    { MetricName: 'Errors', Value: 1, Dimensions: [] },
    { MetricName: 'Errors', Value: 1, Dimensions: [...hosts, { Name: 'Zone', Value: 'z' }] },
  )
  return cloudWatch
}

test.each<[ListMetricsInput, string[]]>([
  [{}, ['Errors ', 'Errors Host=a Zone=z', 'Latency Host=a']],
  [{ Namespace: NAMESPACE, MetricName: 'Latency' }, ['Latency Host=a']],
  [{ Namespace: 'Other' }, []],
  [{ Dimensions: [{ Name: 'Host' }] }, ['Errors Host=a Zone=z', 'Latency Host=a']],
  [{ Dimensions: [{ Name: 'Host', Value: 'b' }] }, []],
  [{ Dimensions: [{ Name: 'Host' }, { Name: 'Zone', Value: 'z' }] }, ['Errors Host=a Zone=z']],
  [{ OwningAccount: ACCOUNT, MetricName: 'Latency' }, ['Latency Host=a']],
  [{ OwningAccount: '999999999999' }, []],
])('%j finds %j', async (input, expected) => {
  const { Metrics } = await (await opened()).call('ListMetrics', input)
  const found = Metrics?.map(
    ({ MetricName, Dimensions }) =>
      `${MetricName} ${Dimensions?.map(({ Name, Value }) => `${Name}=${Value}`).join(' ')}`,
  )
  expect(found?.sort()).toEqual(expected)
})

test('five hundred at a time, each once', async () => {
  const cloudWatch = await CloudWatchWorld.open()
  for (const part of [0, 600]) {
    await cloudWatch.put(...Array.from({ length: 600 }, (_, index) => ({ MetricName: `m${part + index}`, Value: 1 })))
  }
  const names: (string | undefined)[] = []
  const sizes: number[] = []
  let NextToken: string | undefined
  do {
    const answer = await cloudWatch.call('ListMetrics', NextToken === undefined ? {} : { NextToken })
    names.push(...(answer.Metrics ?? []).map(({ MetricName }) => MetricName))
    sizes.push(answer.Metrics?.length ?? 0)
    NextToken = answer.NextToken
  } while (NextToken !== undefined)
  expect(sizes).toEqual([500, 500, 200])
  expect(new Set(names).size).toBe(1200)
})

test('what had no value for three hours is not recent, for two weeks is not there', async () => {
  const cloudWatch = await opened()
  const count = async (input: ListMetricsInput) => (await cloudWatch.call('ListMetrics', input)).Metrics?.length
  cloudWatch.world.clock.jumpTo(cloudWatch.world.clock.nowMs() + 3 * HOUR + 1)
  expect(await count({ RecentlyActive: 'PT3H' })).toBe(0)
  expect(await count({})).toBe(3)
  cloudWatch.world.clock.jumpTo(cloudWatch.world.clock.nowMs() + 14 * 24 * HOUR)
  expect(await count({})).toBe(0)
})

test('a token that nobody gave is refused', async () => {
  await expect((await opened()).call('ListMetrics', { NextToken: 'x' })).rejects.toMatchObject({
    code: 'InvalidNextToken',
  })
})
