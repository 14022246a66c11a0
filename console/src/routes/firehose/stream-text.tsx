/** What several pages say of delivery streams. */
import type { DeliveryStreamDescription, ExtendedS3DestinationDescription } from '@aws-sdk/client-firehose'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'

const STATES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  ACTIVE: 'success',
  CREATING: 'in-progress',
  DELETING: 'pending',
  CREATING_FAILED: 'error',
  DELETING_FAILED: 'error',
}

export function StreamState({ of }: { readonly of: DeliveryStreamDescription }) {
  const status: string = of.DeliveryStreamStatus ?? ''
  const text = status.charAt(0) + status.slice(1).toLowerCase().replace('_', ' ')
  return <StatusIndicator type={STATES[status] ?? 'info'}>{text}</StatusIndicator>
}

export function destinationOf({
  Destinations = [],
}: DeliveryStreamDescription): ExtendedS3DestinationDescription | undefined {
  return Destinations[0]?.ExtendedS3DestinationDescription
}

export function bucketOf(stream: DeliveryStreamDescription): string {
  return destinationOf(stream)?.BucketARN?.replace('arn:aws:s3:::', '') ?? ''
}

export function sourceText({ DeliveryStreamType, Source }: DeliveryStreamDescription): string {
  if (DeliveryStreamType === 'DirectPut') return 'Direct PUT'
  return Source?.KinesisStreamSourceDescription?.KinesisStreamARN?.replace(/^.*\//, '') ?? DeliveryStreamType ?? '–'
}

const PROCESSORS: Readonly<Record<string, string>> = {
  Lambda: 'Lambda function',
  MetadataExtraction: 'Partition keys by jq',
  RecordDeAggregation: 'De-aggregation',
  Decompression: 'Decompression',
  CloudWatchLogProcessing: 'Log messages',
  AppendDelimiterToRecord: 'New line after records',
}

export function transformationText(stream: DeliveryStreamDescription): string {
  const configuration = destinationOf(stream)?.ProcessingConfiguration
  if (configuration?.Enabled !== true) return 'Not enabled'
  return (configuration.Processors ?? []).map(({ Type = '' }) => PROCESSORS[Type] ?? Type).join(', ')
}
