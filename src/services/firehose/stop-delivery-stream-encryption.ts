import type {
  StopDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionOutput,
} from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** What is buffered encrypted stays so until it is delivered. A stream that is not encrypted stays as it is. */
export const stopDeliveryStreamEncryption: FirehoseOperation<
  StopDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionOutput
> = async ({ DeliveryStreamName }, { streams }) => {
  await streams.setEncryption(DeliveryStreamName, undefined)
  return {}
}
