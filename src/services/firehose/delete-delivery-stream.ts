import type { DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** `AllowForceDelete` changes nothing: it is about grants of keys that cannot be given back, and here they always can. */
export const deleteDeliveryStream: FirehoseOperation<DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput> = async (
  { DeliveryStreamName },
  { streams },
) => {
  await streams.delete(DeliveryStreamName)
  return {}
}
