import type { S3Destination } from '../../delivery/destination.ts'
import type { CreateDeliveryStreamInput, CreateDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import { type FirehoseOperation, streamArn } from './context.ts'
import { toDestination } from './destination-shape.ts'
import { toKey } from './encryption-shape.ts'
import { invalidArgument, notOffered } from './errors.ts'
import { toTags } from './tag-shape.ts'

export const createDeliveryStream: FirehoseOperation<CreateDeliveryStreamInput, CreateDeliveryStreamOutput> = async (
  input,
  context,
) => {
  const { DeliveryStreamName: name } = input
  refuseUnoffered(input)
  const { DeliveryStreamEncryptionConfigurationInput: encryption } = input
  const key = encryption && toKey(encryption, context)
  await context.streams.create(name, destinationOf(input), toTags(input.Tags ?? []), key)
  return { DeliveryStreamARN: streamArn(name, context) }
}

const UNOFFERED_DESTINATIONS = [
  'RedshiftDestinationConfiguration',
  'ElasticsearchDestinationConfiguration',
  'AmazonopensearchserviceDestinationConfiguration',
  'AmazonOpenSearchServerlessDestinationConfiguration',
  'SplunkDestinationConfiguration',
  'HttpEndpointDestinationConfiguration',
  'SnowflakeDestinationConfiguration',
  'IcebergDestinationConfiguration',
] as const

const UNOFFERED_MEMBERS = [
  'DirectPutSourceConfiguration',
  'KinesisStreamSourceConfiguration',
  'MSKSourceConfiguration',
  'DatabaseSourceConfiguration',
  ...UNOFFERED_DESTINATIONS,
] as const

function refuseUnoffered(input: CreateDeliveryStreamInput): void {
  const destinations = [
    input.S3DestinationConfiguration,
    input.ExtendedS3DestinationConfiguration,
    ...UNOFFERED_DESTINATIONS.map((member) => input[member]),
  ]
  if (destinations.filter((destination) => destination !== undefined).length !== 1)
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose')
  for (const member of UNOFFERED_MEMBERS) if (input[member] !== undefined) throw notOffered(member)
  const { DeliveryStreamType: type } = input
  if (type !== undefined && type !== 'DirectPut') throw notOffered(`DeliveryStreamType ${type}`)
}

function destinationOf(input: CreateDeliveryStreamInput): S3Destination {
  const { ExtendedS3DestinationConfiguration: extended, S3DestinationConfiguration: plain } = input
  if (extended !== undefined) return toDestination(extended, 'ExtendedS3DestinationConfiguration')
  if (plain !== undefined) return toDestination(plain, 'S3DestinationConfiguration')
  throw invalidArgument('Exactly one destination configuration is supported for a Firehose')
}
