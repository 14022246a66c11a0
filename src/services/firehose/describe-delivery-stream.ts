import type {
  DeliveryStreamDescription,
  DescribeDeliveryStreamInput,
  DescribeDeliveryStreamOutput,
} from '../../wire/model/firehose.ts'
import { type FirehoseContext, type FirehoseOperation, streamArn } from './context.ts'
import { DESTINATION_ID, describeDestination } from './destination-shape.ts'
import { describeFailure, describeStreamEncryption } from './encryption-shape.ts'

/** `Limit` never matters: there is one destination. */
export const describeDeliveryStream: FirehoseOperation<
  DescribeDeliveryStreamInput,
  DescribeDeliveryStreamOutput
> = async ({ DeliveryStreamName, ExclusiveStartDestinationId }, context) => {
  const description = descriptionOf(DeliveryStreamName, context)
  const isPastIt = ExclusiveStartDestinationId === DESTINATION_ID
  return { DeliveryStreamDescription: isPastIt ? { ...description, Destinations: [] } : description }
}

function descriptionOf(name: string, context: FirehoseContext): DeliveryStreamDescription {
  const stream = context.streams.streamNamed(name)
  const { state, encryption } = stream
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: streamArn(name, context),
    DeliveryStreamStatus: state,
    ...(state === 'CREATING_FAILED' &&
      encryption.failure && { FailureDescription: describeFailure(encryption.failure) }),
    DeliveryStreamEncryptionConfiguration: describeStreamEncryption(encryption),
    DeliveryStreamType: 'DirectPut',
    VersionId: String(stream.version),
    CreateTimestamp: new Date(stream.createdAtMs),
    ...(stream.updatedAtMs !== undefined && { LastUpdateTimestamp: new Date(stream.updatedAtMs) }),
    Destinations: [describeDestination(stream.destination)],
    HasMoreDestinations: false,
  }
}
