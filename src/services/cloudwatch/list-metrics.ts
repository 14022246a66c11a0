import { type SeriesName, seriesKey } from '../../telemetry/metric.ts'
import type { DimensionFilter, ListMetricsInput } from '../../wire/model/cloudwatch.ts'
import type { CloudWatchOperation } from './context.ts'
import { invalidToken } from './errors.ts'
import { fromDimensions } from './shapes.ts'

const PAGE_MAX = 500
const RECENT_MS = 3 * 3_600_000
/** CloudWatch forgets the names of metrics earlier than their values. */
const LISTED_MS = 14 * 24 * 3_600_000

export const listMetrics: CloudWatchOperation<'ListMetrics'> = async (input, { metrics, clock, accountId }) => {
  const isOwn = input.OwningAccount === undefined || input.OwningAccount === accountId
  const sinceMs = clock.nowMs() - (input.RecentlyActive === 'PT3H' ? RECENT_MS : LISTED_MS)
  const found = new Map<string, SeriesName>()
  for (const { name, lastMs } of isOwn ? metrics.known() : []) {
    if (lastMs >= sinceMs && matches(name, input)) found.set(seriesKey({ ...name, unit: '' }), name)
  }
  const after = input.NextToken === undefined ? '' : keyOf(input.NextToken)
  const rest = [...found].filter(([key]) => key > after).sort(([a], [b]) => (a < b ? -1 : 1))
  const page = rest.slice(0, PAGE_MAX)
  const last = page.at(-1)
  return {
    Metrics: page.map(([, { namespace, name, dimensions }]) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: fromDimensions(dimensions),
    })),
    ...(input.IncludeLinkedAccounts === true && { OwningAccounts: page.map(() => accountId) }),
    ...(rest.length > PAGE_MAX && last !== undefined && { NextToken: Buffer.from(last[0]).toString('base64url') }),
  }
}

function matches({ namespace, name, dimensions }: SeriesName, input: ListMetricsInput): boolean {
  if (input.Namespace !== undefined && input.Namespace !== namespace) return false
  if (input.MetricName !== undefined && input.MetricName !== name) return false
  return (input.Dimensions ?? NO_FILTERS).every(({ Name, Value }) =>
    dimensions.some((dimension) => dimension.name === Name && (Value === undefined || dimension.value === Value)),
  )
}

const NO_FILTERS: readonly DimensionFilter[] = []

function keyOf(token: string): string {
  const key = Buffer.from(token, 'base64url').toString()
  if (!key.startsWith('[')) throw invalidToken()
  return key
}
