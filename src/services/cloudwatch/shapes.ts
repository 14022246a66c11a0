/** CloudWatch's words for metrics, and what its readers have in common. */
import type { Dimension as MetricDimension, MetricName } from '../../telemetry/metric.ts'
import { isOtherStatistic, parseStatistic, type Statistic } from '../../telemetry/statistics.ts'
import type { Dimension } from '../../wire/model/cloudwatch.ts'
import { notOffered } from './errors.ts'

const MINUTE_MS = 60_000
const PERIODS_BELOW_A_MINUTE: readonly number[] = [1, 5, 10, 20, 30]

export function toDimensions(dimensions: readonly Dimension[] = []): readonly MetricDimension[] {
  return dimensions.map(({ Name, Value }) => ({ name: Name, value: Value }))
}

export function fromDimensions(dimensions: MetricName['dimensions']): readonly Dimension[] {
  return dimensions.map(({ name, value }) => ({ Name: name, Value: value }))
}

/** undefined: no statistic at all. Throws for those that CloudWatch knows and the lake does not keep. */
export function toStatistic(text: string): Statistic | undefined {
  if (isOtherStatistic(text)) throw notOffered(`The statistic ${text}`)
  return parseStatistic(text)
}

export function isPeriod(seconds: number): boolean {
  return PERIODS_BELOW_A_MINUTE.includes(seconds) || seconds % 60 === 0
}

/** CloudWatch rounds the beginning down to the minute, and counts periods from there. */
export function roundedStart(start: Date): number {
  return Math.floor(start.getTime() / MINUTE_MS) * MINUTE_MS
}
