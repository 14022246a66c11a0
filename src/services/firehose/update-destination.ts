import type { S3Destination } from '../../delivery/destination.ts'
import type { UpdateDestinationInput, UpdateDestinationOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { DESTINATION_ID, mergeDestination } from './destination-shape.ts'
import { invalidArgument, notOffered } from './errors.ts'

export const updateDestination: FirehoseOperation<UpdateDestinationInput, UpdateDestinationOutput> = async (
  input,
  { streams },
) => {
  const { DeliveryStreamName, CurrentDeliveryStreamVersionId, DestinationId } = input
  await streams.updateDestination(DeliveryStreamName, CurrentDeliveryStreamVersionId, (current) => {
    if (DestinationId !== DESTINATION_ID) throw invalidArgument(`Destination Id ${DestinationId} not found`)
    return merged(current, input)
  })
  return {}
}

const UNOFFERED_UPDATES = [
  'RedshiftDestinationUpdate',
  'ElasticsearchDestinationUpdate',
  'AmazonopensearchserviceDestinationUpdate',
  'AmazonOpenSearchServerlessDestinationUpdate',
  'SplunkDestinationUpdate',
  'HttpEndpointDestinationUpdate',
  'SnowflakeDestinationUpdate',
  'IcebergDestinationUpdate',
] as const

function merged(current: S3Destination, input: UpdateDestinationInput): S3Destination {
  const { ExtendedS3DestinationUpdate: extended, S3DestinationUpdate: plain } = input
  const updates = [extended, plain, ...UNOFFERED_UPDATES.map((member) => input[member])]
  const isOne = updates.filter((update) => update !== undefined).length === 1
  if (isOne && extended !== undefined) return mergeDestination(current, extended, 'ExtendedS3DestinationUpdate')
  if (isOne && plain !== undefined) return mergeDestination(current, plain, 'S3DestinationUpdate')
  for (const member of UNOFFERED_UPDATES) if (isOne && input[member] !== undefined) throw notOffered(member)
  throw invalidArgument('Exactly one destination configuration is supported for a Firehose')
}
