import type {
  StartDeliveryStreamEncryptionInput,
  StartDeliveryStreamEncryptionOutput,
} from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { invalidArgument } from './errors.ts'

/** Refused by name: buffered records are not encrypted, so nothing here may say that they are. */
export const startDeliveryStreamEncryption: FirehoseOperation<
  StartDeliveryStreamEncryptionInput,
  StartDeliveryStreamEncryptionOutput
> = async ({ DeliveryStreamName }, { streams }) => {
  streams.streamNamed(DeliveryStreamName)
  throw invalidArgument('StartDeliveryStreamEncryption is not offered by lakelet: streams are not encrypted.')
}
