import type { TagDeliveryStreamInput, TagDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { toTags } from './tag-shape.ts'

export const tagDeliveryStream: FirehoseOperation<TagDeliveryStreamInput, TagDeliveryStreamOutput> = async (
  { DeliveryStreamName, Tags },
  { streams },
) => {
  await streams.tag(DeliveryStreamName, toTags(Tags))
  return {}
}
