import type { ListDeliveryStreamsInput, ListDeliveryStreamsOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

const LIMIT_DEFAULT = 10

export const listDeliveryStreams: FirehoseOperation<ListDeliveryStreamsInput, ListDeliveryStreamsOutput> = async (
  { Limit = LIMIT_DEFAULT, DeliveryStreamType, ExclusiveStartDeliveryStreamName: after },
  { streams },
) => {
  // Every stream here is a Direct PUT one.
  if (DeliveryStreamType !== undefined && DeliveryStreamType !== 'DirectPut')
    return { DeliveryStreamNames: [], HasMoreDeliveryStreams: false }
  const page = streams.list({ after, limit: Limit })
  return { DeliveryStreamNames: page.streams.map(({ name }) => name), HasMoreDeliveryStreams: page.hasMore }
}
