/** What Firehose's operations may use. */
import type { DeliveryStreams } from '../../delivery/delivery-streams.ts'
import type { CustomerKeys } from '../../keys/customer-keys.ts'
import type { Clock } from '../../platform/clock.ts'
import type { MetricStore } from '../../telemetry/metric-store.ts'
import type { Operation } from '../operation.ts'

export interface FirehoseContext {
  readonly streams: DeliveryStreams
  /** Those that streams may be encrypted under. */
  readonly keys: CustomerKeys
  /** Where calls are counted. */
  readonly metrics: MetricStore
  readonly clock: Clock
  readonly region: string
  /** Twelve digits. */
  readonly accountId: string
}

export type FirehoseOperation<Input, Output> = Operation<Input, Output, FirehoseContext>

export function streamArn(name: string, { region, accountId }: FirehoseContext): string {
  return `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`
}
