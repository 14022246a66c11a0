/**
 * DynamicPartitioningConfiguration. It can be given to a new stream only, and is never switched off; what it needs of
 * prefix, hints and processors is in `delivery/check-destination.ts`.
 */
import type { S3Destination } from '../../../delivery/destination.ts'
import type { DynamicPartitioningConfiguration } from '../../../wire/model/firehose.ts'
import { invalidArgument } from '../errors.ts'

type Config = DynamicPartitioningConfiguration | undefined

const RETRY_SECONDS_DEFAULT = 300

export function toPartitioning(config: Config): S3Destination['partitioning'] {
  if (config?.Enabled !== true) return undefined
  return { retryMs: retrySeconds(config) * 1000 }
}

/** An update that says nothing of it is none of this. */
export function checkPartitioningChange(current: S3Destination, change: Config): void {
  if (change === undefined) return
  const wasOn = current.partitioning !== undefined
  if (change.Enabled === true && !wasOn)
    throw invalidArgument('Enabling Dynamic Partitioning is only supported when the delivery stream is created.')
  if (change.Enabled !== true && wasOn) throw invalidArgument('Disabling Dynamic Partitioning is not supported.')
}

export function describePartitioning(config: DynamicPartitioningConfiguration): DynamicPartitioningConfiguration {
  if (config.Enabled !== true) return config
  return { RetryOptions: { DurationInSeconds: retrySeconds(config) }, Enabled: true }
}

function retrySeconds({ RetryOptions }: DynamicPartitioningConfiguration): number {
  return RetryOptions?.DurationInSeconds ?? RETRY_SECONDS_DEFAULT
}
