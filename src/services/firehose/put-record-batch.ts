import type {
  PutRecordBatchInput,
  PutRecordBatchOutput,
  PutRecordBatchResponseEntry,
} from '../../wire/model/firehose.ts'
import type { FirehoseOperation } from './context.ts'
import { invalidArgument, SLOW_DOWN } from './errors.ts'

/** Quota on the whole call. The limits per list (500) and per record (1,000 KiB) are in the model, already checked. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024

/**
 * Accepts as many records as there is room for, the first ones first; the others are refused one by one and outcomes
 * come back in request order. Answering means the accepted ones are on stable storage.
 */
export const putRecordBatch: FirehoseOperation<PutRecordBatchInput, PutRecordBatchOutput> = async (
  { DeliveryStreamName, Records },
  { streams },
) => {
  const payloads = Records.map((record) => record.Data)
  const batchBytes = payloads.reduce((sum, payload) => sum + payload.byteLength, 0)
  if (batchBytes > BATCH_BYTES_MAX) throw invalidArgument('Records size exceeds 4 MB limit')

  const { acceptedCount, recordIdAt } = await streams.accept(DeliveryStreamName, payloads)

  return {
    FailedPutCount: payloads.length - acceptedCount,
    Encrypted: false,
    RequestResponses: payloads.map((_, index) => (index < acceptedCount ? { RecordId: recordIdAt(index) } : refused)),
  }
}

const refused: PutRecordBatchResponseEntry = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: SLOW_DOWN }
