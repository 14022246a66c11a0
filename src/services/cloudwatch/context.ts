/** What CloudWatch's operations work with. */
import type { Clock } from '../../platform/clock.ts'
import type { MetricStore } from '../../telemetry/metric-store.ts'
import type { CloudwatchOperations } from '../../wire/model/cloudwatch.ts'
import type { Operation } from '../operation.ts'

export interface CloudWatchContext {
  readonly metrics: MetricStore
  readonly clock: Clock
  /** Twelve digits. */
  readonly accountId: string
}

export type CloudWatchOperation<Name extends keyof CloudwatchOperations> = Operation<
  CloudwatchOperations[Name]['input'],
  CloudwatchOperations[Name]['output'],
  CloudWatchContext
>
