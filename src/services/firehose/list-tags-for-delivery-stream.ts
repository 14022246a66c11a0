import type { ListTagsForDeliveryStreamInput, ListTagsForDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** All that a stream may have. */
const LIMIT_DEFAULT = 50

export const listTagsForDeliveryStream: FirehoseOperation<
  ListTagsForDeliveryStreamInput,
  ListTagsForDeliveryStreamOutput
> = async ({ DeliveryStreamName, ExclusiveStartTagKey: after, Limit = LIMIT_DEFAULT }, { streams }) => {
  const { tags } = streams.streamNamed(DeliveryStreamName)
  const keys = Object.keys(tags)
    .filter((key) => after === undefined || key > after)
    .sort()
  return {
    Tags: keys.slice(0, Limit).map((key) => ({ Key: key, Value: tags[key] })),
    HasMoreTags: keys.length > Limit,
  }
}
