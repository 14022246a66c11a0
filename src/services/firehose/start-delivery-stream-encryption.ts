import type {
  StartDeliveryStreamEncryptionInput,
  StartDeliveryStreamEncryptionOutput,
} from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { toKey } from './encryption-shape.ts'

/** Also to change the key of a stream that is encrypted. Answering means that the change has begun. */
export const startDeliveryStreamEncryption: FirehoseOperation<
  StartDeliveryStreamEncryptionInput,
  StartDeliveryStreamEncryptionOutput
> = async ({ DeliveryStreamName, DeliveryStreamEncryptionConfigurationInput: input }, context) => {
  context.streams.streamNamed(DeliveryStreamName)
  await context.streams.setEncryption(DeliveryStreamName, input === undefined ? 'owned' : toKey(input, context))
  return {}
}
