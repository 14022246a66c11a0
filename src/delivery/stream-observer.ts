/**
 * What a stream tells CloudWatch: metrics under AWS's names, and, where its owner asked for logs, an entry for each thing
 * that goes wrong, in the shape of Firehose's own (group and stream as configured):
 *
 *   {"deliveryStreamARN": …, "destination": "arn:aws:s3:::bucket", "deliveryStreamVersionId": 1, "message": …, "errorCode": …}
 *
 * Codes and messages of S3 are those of the developer guide ("Amazon S3 data delivery errors"); those of processors and
 * conversions are the ones of the error output.
 */
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { FirehoseMetrics } from '../telemetry/firehose-metrics.ts'
import type { LogStore } from '../telemetry/log-store.ts'
import type { S3Destination } from './destination.ts'
import type { DeliveredTo, StreamObserver } from './observer.ts'
import type { FailedRecord } from './processing/record.ts'

export interface StreamObserverParts {
  readonly streamArn: string
  readonly metrics: FirehoseMetrics
  readonly logs: Pick<LogStore, 'append'>
  readonly clock: Clock
  /** As it is now, with the stream's version. */
  readonly current: () => { readonly version: number; readonly destination: S3Destination }
}

export function streamObserver({ streamArn, metrics, logs, clock, current }: StreamObserverParts): StreamObserver {
  const tell = (to: DeliveredTo, bucket: string, trouble: Trouble) => {
    const { version, destination } = current()
    const log = to === 'backup' ? destination.backup?.errorLog : destination.errorLog
    if (log === undefined) return
    const entry = {
      deliveryStreamARN: streamArn,
      destination: `arn:aws:s3:::${bucket}`,
      deliveryStreamVersionId: version,
      ...trouble,
    }
    logs.append(log.group, log.stream, JSON.stringify(entry))
  }
  const attempted = (to: DeliveredTo, delivery: Parameters<FirehoseMetrics['delivered']>[0]) =>
    to === 'backup' ? metrics.backedUp(delivery) : metrics.delivered(delivery)

  return {
    accepted: (records, bytes) => metrics.incoming(records, bytes),
    throttled: (records) => metrics.throttled(records),
    processed({ records, failed }, partitions) {
      const { destination } = current()
      if (destination.processing !== undefined) {
        const bytes = records.reduce((sum, { data }) => sum + data.byteLength, 0)
        metrics.succeedProcessing(records.length, bytes)
      }
      if (destination.partitioning !== undefined) {
        metrics.partitionCount(partitions.active)
        metrics.partitionCountExceeded(partitions.areExceeded)
      }
      for (const trouble of troublesOf(failed)) tell('destination', destination.bucket, trouble)
    },
    converted({ succeededRecords, succeededBytes, failedRecords, failedBytes }) {
      metrics.conversion('succeeded', succeededRecords, succeededBytes)
      if (failedRecords > 0) metrics.conversion('failed', failedRecords, failedBytes)
    },
    delivered(to, { recordCount, bytes, firstRecordAtMs }) {
      const freshnessSeconds = ageSeconds(firstRecordAtMs, clock.nowMs())
      attempted(to, { objects: 1, records: recordCount, bytes, freshnessSeconds, success: true })
      // What a partition gathered since its buffer began, by the second.
      if (to === 'destination' && current().destination.partitioning !== undefined)
        metrics.perPartitionThroughput(bytes / Math.max(1, freshnessSeconds))
    },
    notDelivered(to, { firstRecordAtMs }, { bucket }, error) {
      const freshnessSeconds = ageSeconds(firstRecordAtMs, clock.nowMs())
      attempted(to, { objects: 0, records: 0, bytes: 0, freshnessSeconds, success: false })
      const code = isRefusal(error) ? error.code : ''
      const problem = KEY_PROBLEMS[code]
      if (problem !== undefined) metrics.kmsKey(problem)
      tell(to, bucket, S3_TROUBLES[code] ?? unknownTrouble(error))
    },
  }
}

interface Trouble {
  readonly message: string
  readonly errorCode: string
}

/** One entry for each code and message of a step: a log of thousands of equal lines tells nobody more. */
function troublesOf(failed: readonly FailedRecord[]): Trouble[] {
  const told = new Map<string, Trouble>()
  for (const { entry } of failed) {
    const trouble = { message: String(entry['errorMessage'] ?? ''), errorCode: String(entry['errorCode'] ?? '') }
    told.set(JSON.stringify(trouble), trouble)
  }
  return [...told.values()]
}

function ageSeconds(firstRecordAtMs: number | undefined, nowMs: number): number {
  return firstRecordAtMs === undefined ? 0 : Math.max(0, nowMs - firstRecordAtMs) / 1000
}

const KEY_PROBLEMS: Readonly<Record<string, Parameters<FirehoseMetrics['kmsKey']>[0]>> = {
  keyNotFound: 'NotFound',
  keyDisabled: 'Disabled',
  keyPendingDeletion: 'InvalidState',
}

const S3_TROUBLES: Readonly<Record<string, Trouble>> = {
  noSuchBucket: {
    errorCode: 'S3.NoSuchBucket',
    message: 'The specified bucket could not be found. Create the bucket or use a different bucket that does exist.',
  },
  roleNotAssumable: {
    errorCode: 'S3.AccessDenied',
    message:
      'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
  },
  keyNotFound: {
    errorCode: 'S3.KMS.NotFoundException',
    message:
      'The provided AWS KMS key was not found. If you are using what you believe to be a valid AWS KMS key with the correct role, check if there is a problem with the account to which the AWS KMS key is attached.',
  },
  keyDisabled: {
    errorCode: 'S3.KMS.DisabledException',
    message: 'The provided AWS KMS key is disabled. Enable it, or use another key.',
  },
  keyPendingDeletion: {
    errorCode: 'S3.KMS.KMSInvalidStateException',
    message: 'The provided AWS KMS key is to be deleted. Cancel its deletion, or use another key.',
  },
}

function unknownTrouble(error: unknown): Trouble {
  return { errorCode: 'S3.InternalError', message: error instanceof Error ? error.message : String(error) }
}
