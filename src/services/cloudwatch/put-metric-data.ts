import type { SeriesName } from '../../telemetry/metric.ts'
import type { MetricDatum, StatisticSet } from '../../wire/model/cloudwatch.ts'
import type { CloudWatchOperation } from './context.ts'
import { invalidCombination, invalidValue, missing, mutuallyExclusive, notOffered } from './errors.ts'
import { toDimensions } from './shapes.ts'

const DATA_MAX = 1000
const VALUES_MAX = 150
const VALUE_MAX = 2 ** 360
const PAST_MS_MAX = 14 * 24 * 3_600_000
const FUTURE_MS_MAX = 2 * 3_600_000

/** All of it or, when something is wrong with it, nothing. It is in the database within a minute. */
export const putMetricData: CloudWatchOperation<'PutMetricData'> = async (input, { metrics, clock }) => {
  const { Namespace, MetricData = [] } = input
  if (input.EntityMetricData !== undefined) throw notOffered('EntityMetricData')
  if (Namespace.startsWith('AWS/')) throw invalidValue(`The value ${Namespace} for parameter Namespace is invalid.`)
  if (MetricData.length > DATA_MAX) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${DATA_MAX}.`)
  }
  const nowMs = clock.nowMs()
  for (const [index, datum] of MetricData.entries()) requireDatum(datum, `MetricData.member.${index + 1}`, nowMs)
  const summaries = MetricData.map((datum) =>
    metrics.summaryAt(seriesOf(Namespace, datum), datum.Timestamp?.getTime() ?? nowMs),
  )
  for (const [index, summary] of summaries.entries()) {
    const datum = MetricData[index] as MetricDatum
    if (datum.StatisticValues !== undefined) {
      const { SampleCount, Sum, Minimum, Maximum } = datum.StatisticValues
      summary.addSet({ count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum })
    } else if (datum.Values !== undefined) {
      for (const [place, value] of datum.Values.entries()) summary.add(value, datum.Counts?.[place] ?? 1)
    } else if (datum.Value !== undefined) {
      summary.add(datum.Value)
    }
  }
  return {}
}

function seriesOf(namespace: string, { MetricName, Dimensions, Unit = 'None' }: MetricDatum): SeriesName {
  return { namespace, name: MetricName, dimensions: toDimensions(Dimensions), unit: Unit }
}

function requireDatum(datum: MetricDatum, path: string, nowMs: number): void {
  const { Value, Values, Counts, StatisticValues, Timestamp, StorageResolution = 60 } = datum
  if (Value !== undefined && StatisticValues !== undefined)
    throw mutuallyExclusive(`${path}.Value`, `${path}.StatisticValues`)
  if (Value !== undefined && Values !== undefined) throw mutuallyExclusive(`${path}.Value`, `${path}.Values`)
  if (Values !== undefined && StatisticValues !== undefined)
    throw mutuallyExclusive(`${path}.Values`, `${path}.StatisticValues`)
  if (Value === undefined && Values === undefined && StatisticValues === undefined) {
    throw missing(
      `At least one of the parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues must be specified.`,
    )
  }
  if (StorageResolution !== 60) throw notOffered(`${path}.StorageResolution ${StorageResolution}`)
  if (Value !== undefined) requireNumber(Value, `${path}.Value`)
  if (Values !== undefined) requireValues(Values, Counts, path)
  if (StatisticValues !== undefined) requireSet(StatisticValues, `${path}.StatisticValues`)
  if (Timestamp !== undefined) requireTime(Timestamp.getTime(), `${path}.Timestamp`, nowMs)
}

function requireValues(values: readonly number[], counts: readonly number[] | undefined, path: string): void {
  if (values.length > VALUES_MAX) {
    throw invalidValue(`The collection ${path}.Values must not have a size greater than ${VALUES_MAX}.`)
  }
  for (const value of values) requireNumber(value, `${path}.Values`)
  if (counts === undefined) return
  if (counts.length !== values.length) {
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`)
  }
  for (const count of counts) {
    requireNumber(count, `${path}.Counts`)
    if (count <= 0) throw invalidValue(`The value ${count} for parameter ${path}.Counts is invalid.`)
  }
}

function requireSet(set: StatisticSet, path: string): void {
  for (const word of ['SampleCount', 'Sum', 'Minimum', 'Maximum'] as const) requireNumber(set[word], `${path}.${word}`)
  if (set.SampleCount <= 0) throw invalidValue(`The parameter ${path}.SampleCount must be greater than 0.`)
  if (set.Minimum > set.Maximum) {
    throw invalidCombination(`The parameter ${path}.Minimum must be less than or equal to ${path}.Maximum.`)
  }
}

function requireNumber(value: number, path: string): void {
  if (!Number.isFinite(value) || Math.abs(value) > VALUE_MAX) {
    throw invalidValue(`The value ${value} for parameter ${path} is invalid.`)
  }
}

function requireTime(atMs: number, path: string, nowMs: number): void {
  if (atMs < nowMs - PAST_MS_MAX)
    throw invalidValue(`The parameter ${path} must specify a time within the past two weeks.`)
  if (atMs > nowMs + FUTURE_MS_MAX) {
    throw invalidValue(`The parameter ${path} must specify a time no more than two hours in the future.`)
  }
}
