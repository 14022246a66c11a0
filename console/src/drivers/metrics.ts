/** CloudWatch metrics of the last hour, as charts draw them. */
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { client } from './connection.ts'

export interface Series {
  readonly title: string
  readonly points: readonly { readonly x: Date; readonly y: number }[]
}

export interface MetricRequest {
  readonly title: string
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'SampleCount'
}

const HOUR_MS = 3_600_000
const MINUTE_S = 60

/** A value a minute; minutes without one are 0. */
export async function lastHour(requests: readonly MetricRequest[]): Promise<readonly Series[]> {
  if (requests.length === 0) return []
  const end = new Date(Math.ceil(Date.now() / 60_000) * 60_000)
  const start = new Date(end.getTime() - HOUR_MS)
  const { MetricDataResults = [] } = await client('monitoring', (config) => new CloudWatchClient(config)).send(
    new GetMetricDataCommand({
      StartTime: start,
      EndTime: end,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: requests.map(({ namespace, name, dimensions, statistic }, index) => ({
        Id: `m${index}`,
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: MINUTE_S,
          Stat: statistic,
        },
      })),
    }),
  )
  return requests.map(({ title }, index) => {
    const found = MetricDataResults.find(({ Id }) => Id === `m${index}`)
    const values = new Map(
      (found?.Timestamps ?? []).map((at, place) => [new Date(at).getTime(), found?.Values?.[place] ?? 0]),
    )
    const points: { x: Date; y: number }[] = []
    for (let at = start.getTime(); at < end.getTime(); at += MINUTE_S * 1000)
      points.push({ x: new Date(at), y: values.get(at) ?? 0 })
    return { title, points }
  })
}
