import type { Point } from '../../telemetry/metric-store.ts'
import { byPeriod, STATISTICS, type Statistic, statisticOf } from '../../telemetry/statistics.ts'
import type { Datapoint, GetMetricStatisticsInput, StandardUnit } from '../../wire/model/cloudwatch.ts'
import type { CloudWatchOperation } from './context.ts'
import { invalidCombination, invalidValue, missing, mutuallyExclusive } from './errors.ts'
import { isPeriod, roundedStart, toDimensions, toStatistic } from './shapes.ts'

const DATAPOINTS_MAX = 1440

/** Every unit of the metric has datapoints of its own, as on AWS. */
export const getMetricStatistics: CloudWatchOperation<'GetMetricStatistics'> = async (input, { metrics }) => {
  requireSense(input)
  const wanted = statisticsWanted(input)
  const metric = { namespace: input.Namespace, name: input.MetricName, dimensions: toDimensions(input.Dimensions) }
  const [fromMs, periodMs] = [roundedStart(input.StartTime), input.Period * 1000]
  const datapoints = metrics.unitsOf(metric, input.Unit).flatMap((series) => {
    const withSpread = wanted.extended.length > 0
    const points = metrics.points(series, fromMs, input.EndTime.getTime(), { withSpread })
    return byPeriod(points, fromMs, periodMs).map((point) => datapointOf(point, series.unit, wanted))
  })
  return { Label: input.MetricName, Datapoints: datapoints }
}

interface Wanted {
  readonly simple: readonly Statistic[]
  readonly extended: readonly (readonly [text: string, statistic: Statistic])[]
}

function requireSense({ StartTime, EndTime, Period }: GetMetricStatisticsInput): void {
  if (EndTime <= StartTime) {
    throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.')
  }
  if (!isPeriod(Period)) {
    throw invalidValue(
      `The value ${Period} for parameter Period is not valid. Valid values are 1, 5, 10, 20, 30, or any multiple of 60.`,
    )
  }
  const asked = Math.ceil((EndTime.getTime() - StartTime.getTime()) / 1000 / Period)
  if (asked > DATAPOINTS_MAX) {
    throw invalidCombination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${DATAPOINTS_MAX}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    )
  }
}

function statisticsWanted({ Statistics = [], ExtendedStatistics = [] }: GetMetricStatisticsInput): Wanted {
  if (Statistics.length > 0 && ExtendedStatistics.length > 0)
    throw mutuallyExclusive('Statistics', 'ExtendedStatistics')
  if (Statistics.length === 0 && ExtendedStatistics.length === 0) {
    throw missing('At least one of the parameters Statistics and ExtendedStatistics must be specified.')
  }
  const extended = ExtendedStatistics.map((text) => {
    const statistic = toStatistic(text)
    if (typeof statistic !== 'object') {
      throw invalidValue(`The value ${text} for parameter ExtendedStatistics is not a valid statistic.`)
    }
    return [text, statistic] as const
  })
  return { simple: STATISTICS.filter((word) => Statistics.includes(word)), extended }
}

function datapointOf({ atMs, summary }: Point, unit: string, { simple, extended }: Wanted): Datapoint {
  const values = simple.map((word) => [word as string, statisticOf(summary, word)] as const)
  const percentiles = extended.flatMap(([text, statistic]) => {
    const value = statisticOf(summary, statistic)
    return value === undefined ? [] : [[text, value] as const]
  })
  return {
    Timestamp: new Date(atMs),
    Unit: unit as StandardUnit,
    ...Object.fromEntries(values),
    ...(extended.length > 0 && { ExtendedStatistics: Object.fromEntries(percentiles) }),
  }
}
