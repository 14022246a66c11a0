/**
 * What Firehose tells CloudWatch of a stream, under AWS's names and units: namespace AWS/Firehose, dimension
 * DeliveryStreamName (Developer Guide, "Monitor Amazon Data Firehose using CloudWatch metrics", 2026-11), and how
 * Prometheus is told the same. Nothing is kept of what never happened: a meter is made with its first value.
 *
 * Not told: the three …PerSecondLimit, because the lake has no such quotas, and what belongs to sources and
 * destinations that it does not have.
 */
import type { SeriesName } from './metric.ts'
import type { MetricStore } from './metric-store.ts'
import type { Exposition } from './prometheus.ts'
import type { Meter } from './series.ts'

export const FIREHOSE_NAMESPACE = 'AWS/Firehose'

interface Definition {
  readonly unit: 'Bytes' | 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes/Second'
  readonly exposition: Exposition
}

const counter = (unit: Definition['unit'], name: string, help: string): Definition => ({
  unit,
  exposition: { kind: 'counter', name: `lakelet_firehose_${name}_total`, help },
})
const summary = (unit: Definition['unit'], name: string, help: string, scale = 1): Definition => ({
  unit,
  exposition: { kind: 'summary', name: `lakelet_firehose_${name}`, help, scale },
})
const gauge = (unit: Definition['unit'], name: string, help: string): Definition => ({
  unit,
  exposition: { kind: 'gauge', name: `lakelet_firehose_${name}`, help },
})
const latency = (name: string, what: string) =>
  summary('Milliseconds', `${name}_seconds`, `Time taken by ${what}.`, 0.001)

export const FIREHOSE_METRICS = {
  IncomingBytes: counter('Bytes', 'incoming_bytes', 'Bytes of records that were accepted.'),
  IncomingRecords: counter('Count', 'incoming_records', 'Records that were accepted.'),
  IncomingPutRequests: counter(
    'Count',
    'incoming_put_requests',
    'Calls of PutRecord and PutRecordBatch that succeeded.',
  ),
  ThrottledRecords: counter('Count', 'throttled_records', 'Records that were refused with "Slow down."'),

  'PutRecord.Bytes': counter('Bytes', 'put_record_bytes', 'Bytes that came by PutRecord.'),
  'PutRecord.Latency': latency('put_record', 'PutRecord'),
  'PutRecord.Requests': counter('Count', 'put_record_requests', 'Calls of PutRecord.'),
  'PutRecordBatch.Bytes': counter('Bytes', 'put_record_batch_bytes', 'Bytes that came by PutRecordBatch.'),
  'PutRecordBatch.Latency': latency('put_record_batch', 'PutRecordBatch'),
  'PutRecordBatch.Records': counter('Count', 'put_record_batch_records', 'Records that came by PutRecordBatch.'),
  'PutRecordBatch.Requests': counter('Count', 'put_record_batch_requests', 'Calls of PutRecordBatch.'),
  'DescribeDeliveryStream.Latency': latency('describe_delivery_stream', 'DescribeDeliveryStream'),
  'DescribeDeliveryStream.Requests': counter('Count', 'describe_requests', 'Calls of DescribeDeliveryStream.'),
  'ListDeliveryStreams.Latency': latency('list_delivery_streams', 'ListDeliveryStreams'),
  'ListDeliveryStreams.Requests': counter('Count', 'list_requests', 'Calls of ListDeliveryStreams.'),
  'UpdateDeliveryStream.Latency': latency('update_delivery_stream', 'UpdateDestination'),
  'UpdateDeliveryStream.Requests': counter('Count', 'update_requests', 'Calls of UpdateDestination.'),

  'DeliveryToS3.Bytes': counter('Bytes', 'delivery_to_s3_bytes', 'Bytes that were delivered to S3.'),
  'DeliveryToS3.Records': counter('Count', 'delivery_to_s3_records', 'Records that were delivered to S3.'),
  'DeliveryToS3.ObjectCount': counter('Count', 'delivery_to_s3_objects', 'Objects that were delivered to S3.'),
  'DeliveryToS3.Success': summary(
    'Count',
    'delivery_to_s3_puts',
    'Puts to S3 (count), and those that succeeded (sum).',
  ),
  'DeliveryToS3.DataFreshness': gauge(
    'Seconds',
    'delivery_to_s3_data_freshness_seconds',
    'Age of the oldest record of the newest delivery.',
  ),
  'BackupToS3.Bytes': counter('Bytes', 'backup_to_s3_bytes', 'Bytes that were delivered to the backup in S3.'),
  'BackupToS3.Records': counter('Count', 'backup_to_s3_records', 'Records that were delivered to the backup in S3.'),
  'BackupToS3.ObjectCount': counter(
    'Count',
    'backup_to_s3_objects',
    'Objects that were delivered to the backup in S3.',
  ),
  'BackupToS3.Success': summary(
    'Count',
    'backup_to_s3_puts',
    'Puts to the backup in S3 (count), and those that succeeded (sum).',
  ),
  'BackupToS3.DataFreshness': gauge(
    'Seconds',
    'backup_to_s3_data_freshness_seconds',
    'Age of the oldest record of the newest delivery to the backup.',
  ),

  'ExecuteProcessing.Duration': latency('execute_processing', 'an invocation of a Lambda function'),
  'ExecuteProcessing.Success': summary(
    'Count',
    'execute_processing_invocations',
    'Invocations of Lambda functions (count), and those that succeeded (sum).',
  ),
  'SucceedProcessing.Records': counter('Count', 'succeed_processing_records', 'Records that were processed.'),
  'SucceedProcessing.Bytes': counter('Bytes', 'succeed_processing_bytes', 'Bytes that were processed.'),
  'SucceedConversion.Records': counter('Count', 'succeed_conversion_records', 'Records that were converted.'),
  'SucceedConversion.Bytes': counter('Bytes', 'succeed_conversion_bytes', 'Bytes of records that were converted.'),
  'FailedConversion.Records': counter('Count', 'failed_conversion_records', 'Records that could not be converted.'),
  'FailedConversion.Bytes': counter(
    'Bytes',
    'failed_conversion_bytes',
    'Bytes of records that could not be converted.',
  ),

  PartitionCount: gauge('Count', 'partitions', 'Active partitions.'),
  PartitionCountExceeded: gauge('Count', 'partitions_exceeded', '1 while there are too many partitions.'),
  PerPartitionThroughput: gauge('Bytes/Second', 'partition_bytes_per_second', 'Bytes of one partition by the second.'),
  'JQProcessing.Duration': latency('jq_processing', 'a run of the jq expression'),

  KMSKeyAccessDenied: counter('Count', 'kms_key_access_denied', 'Times that the key refused access.'),
  KMSKeyDisabled: counter('Count', 'kms_key_disabled', 'Times that the key was disabled.'),
  KMSKeyInvalidState: counter('Count', 'kms_key_invalid_state', 'Times that the key was in an invalid state.'),
  KMSKeyNotFound: counter('Count', 'kms_key_not_found', 'Times that the key was not found.'),
} as const satisfies Readonly<Record<string, Definition>>

export type FirehoseMetricName = keyof typeof FIREHOSE_METRICS

/** What became of one attempt to put an object. */
export interface Delivery {
  readonly objects: number
  readonly records: number
  /** As they are in the object. */
  readonly bytes: number
  /** Age of the oldest record when the attempt ended. */
  readonly freshnessSeconds: number
  readonly success: boolean
}

export interface FirehoseMetrics {
  /** Accepted: on stable storage. */
  incoming(records: number, bytes: number): void
  /** A call that was answered with 200, also where it refused some records. */
  putRequest(kind: 'PutRecord' | 'PutRecordBatch', latencyMs: number, records: number, bytes: number): void
  /** Refused with "Slow down." */
  throttled(records: number): void
  called(kind: 'DescribeDeliveryStream' | 'UpdateDeliveryStream', latencyMs: number): void
  /** To the destination. A failed attempt counts as that, and nothing else of it. */
  delivered(delivery: Delivery): void
  /** The same, to the backup. */
  backedUp(delivery: Delivery): void
  /** One invocation of the Lambda function, with its retries or without, as the caller counts them. */
  executeProcessing(durationMs: number, success: boolean): void
  succeedProcessing(records: number, bytes: number): void
  conversion(outcome: 'succeeded' | 'failed', records: number, bytes: number): void
  partitionCount(active: number): void
  partitionCountExceeded(isExceeded: boolean): void
  perPartitionThroughput(bytesPerSecond: number): void
  jqDuration(durationMs: number): void
  kmsKey(problem: 'AccessDenied' | 'Disabled' | 'InvalidState' | 'NotFound'): void
}

export function firehoseMetrics(store: MetricStore, streamName: string): FirehoseMetrics {
  const tell = teller(store, [{ name: 'DeliveryStreamName', value: streamName }])
  const deliver = (to: 'DeliveryToS3' | 'BackupToS3', delivery: Delivery) => {
    tell(`${to}.Success`, delivery.success ? 1 : 0)
    tell(`${to}.DataFreshness`, delivery.freshnessSeconds)
    if (!delivery.success) return
    tell(`${to}.Bytes`, delivery.bytes)
    tell(`${to}.Records`, delivery.records)
    tell(`${to}.ObjectCount`, delivery.objects)
  }
  return {
    incoming(records, bytes) {
      tell('IncomingRecords', records)
      tell('IncomingBytes', bytes)
    },
    putRequest(kind, latencyMs, records, bytes) {
      tell('IncomingPutRequests', 1)
      tell(`${kind}.Requests`, 1)
      tell(`${kind}.Latency`, latencyMs)
      tell(`${kind}.Bytes`, bytes)
      if (kind === 'PutRecordBatch') tell('PutRecordBatch.Records', records)
    },
    throttled: (records) => tell('ThrottledRecords', records),
    called(kind, latencyMs) {
      tell(`${kind}.Requests`, 1)
      tell(`${kind}.Latency`, latencyMs)
    },
    delivered: (delivery) => deliver('DeliveryToS3', delivery),
    backedUp: (delivery) => deliver('BackupToS3', delivery),
    executeProcessing(durationMs, success) {
      tell('ExecuteProcessing.Duration', durationMs)
      tell('ExecuteProcessing.Success', success ? 1 : 0)
    },
    succeedProcessing(records, bytes) {
      tell('SucceedProcessing.Records', records)
      tell('SucceedProcessing.Bytes', bytes)
    },
    conversion(outcome, records, bytes) {
      const kind = outcome === 'succeeded' ? 'SucceedConversion' : 'FailedConversion'
      tell(`${kind}.Records`, records)
      tell(`${kind}.Bytes`, bytes)
    },
    partitionCount: (active) => tell('PartitionCount', active),
    partitionCountExceeded: (isExceeded) => tell('PartitionCountExceeded', isExceeded ? 1 : 0),
    perPartitionThroughput: (bytesPerSecond) => tell('PerPartitionThroughput', bytesPerSecond),
    jqDuration: (durationMs) => tell('JQProcessing.Duration', durationMs),
    kmsKey: (problem) => tell(`KMSKey${problem}`, 1),
  }
}

/** Of the account: ListDeliveryStreams names no stream. */
export function firehoseListMetrics(store: MetricStore): { listed(latencyMs: number): void } {
  const tell = teller(store, [])
  return {
    listed(latencyMs) {
      tell('ListDeliveryStreams.Requests', 1)
      tell('ListDeliveryStreams.Latency', latencyMs)
    },
  }
}

function teller(store: MetricStore, dimensions: SeriesName['dimensions']) {
  const meters = new Map<FirehoseMetricName, Meter>()
  return (name: FirehoseMetricName, value: number): void => {
    let meter = meters.get(name)
    if (meter === undefined) {
      meter = store.meter({ namespace: FIREHOSE_NAMESPACE, name, dimensions, unit: FIREHOSE_METRICS[name].unit })
      meters.set(name, meter)
    }
    meter.record(value)
  }
}
