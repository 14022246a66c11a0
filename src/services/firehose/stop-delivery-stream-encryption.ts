import type {
  StopDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionOutput,
} from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { invalidArgument } from './errors.ts'

/** Refused by name, as its counterpart is. */
export const stopDeliveryStreamEncryption: FirehoseOperation<
  StopDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionOutput
> = async ({ DeliveryStreamName }, { streams }) => {
  streams.streamNamed(DeliveryStreamName)
  throw invalidArgument('StopDeliveryStreamEncryption is not offered by lakelet: streams are not encrypted.')
}
