import type { Acceptance } from '../../delivery/delivery-stream.ts'
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
 *
 * No `async` here: what waits for the disk must not hold on to the records. 500 views that die at once cost the
 * garbage collector nothing, those of every call under way cost it as much as all other work on them together.
 */
export const putRecordBatch: FirehoseOperation<PutRecordBatchInput, PutRecordBatchOutput> = (input, { streams }) => {
  const payloads = input.Records.map((record) => record.Data)
  const batchBytes = payloads.reduce((sum, payload) => sum + payload.byteLength, 0)
  if (batchBytes > BATCH_BYTES_MAX) return Promise.reject(invalidArgument('Records size exceeds 4 MB limit'))
  const { DeliveryStreamName: name } = input
  return outcomes(payloads.length, streams.isEncrypted(name), streams.accept(name, payloads))
}

async function outcomes(
  count: number,
  Encrypted: boolean,
  acceptance: Promise<Acceptance>,
): Promise<PutRecordBatchOutput> {
  const { acceptedCount, recordIdAt } = await acceptance
  return {
    FailedPutCount: count - acceptedCount,
    Encrypted,
    RequestResponses: Array.from({ length: count }, (_, index) =>
      index < acceptedCount ? { RecordId: recordIdAt(index) } : refused,
    ),
  }
}

const refused: PutRecordBatchResponseEntry = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: SLOW_DOWN }
