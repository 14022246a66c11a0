import type { PutRecordInput, PutRecordOutput } from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'

/** Answering means the record is on stable storage. */
export const putRecord: FirehoseOperation<PutRecordInput, PutRecordOutput> = async (
  { DeliveryStreamName, Record },
  { streams },
) => {
  const Encrypted = streams.isEncrypted(DeliveryStreamName)
  const { recordIdAt } = await streams.accept(DeliveryStreamName, [Record.Data])
  return { RecordId: recordIdAt(0), Encrypted }
}
