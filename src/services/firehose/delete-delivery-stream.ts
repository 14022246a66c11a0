import type { DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** `AllowForceDelete` changes nothing: it is about giving back keys, and no stream holds any. */
export const deleteDeliveryStream: FirehoseOperation<DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput> = async (
  { DeliveryStreamName },
  { streams },
) => {
  await streams.delete(DeliveryStreamName)
  return {}
}
