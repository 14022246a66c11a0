import type { UntagDeliveryStreamInput, UntagDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** Keys that the stream does not have are ignored. */
export const untagDeliveryStream: FirehoseOperation<UntagDeliveryStreamInput, UntagDeliveryStreamOutput> = async (
  { DeliveryStreamName, TagKeys },
  { streams },
) => {
  await streams.untag(DeliveryStreamName, TagKeys)
  return {}
}
