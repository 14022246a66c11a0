/** Records in and out of steps under test. */
import type { Outcome, Processor, StreamRecord } from '../../../src/delivery/processing/record.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export const ARRIVAL_MS = 1_700_000_000_123
export const NOW_MS = 1_700_000_060_000
export const clock = new FakeClock(NOW_MS)

export function recordOf(data: string | Uint8Array, arrivalMs = ARRIVAL_MS): StreamRecord {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  return { data: bytes, source: { data: bytes, arrivalMs } }
}

export async function processed(processor: Processor, ...data: readonly (string | Uint8Array)[]): Promise<Outcome> {
  const outcome = await processor.process(
    data.map((each) => recordOf(each)),
    new AbortController().signal,
  )
  await processor.close()
  return outcome
}

export const texts = ({ records }: Outcome) => records.map(({ data }) => Buffer.from(data).toString())
export const sources = ({ records }: Outcome) => records.map(({ source }) => Buffer.from(source.data).toString())

/** The entry that a failed record has in error output. */
export function failure(rawData: string | Uint8Array, outputType: string, errorCode: string, errorMessage: string) {
  return {
    outputType,
    source: { data: Buffer.from(rawData), arrivalMs: ARRIVAL_MS },
    entry: {
      attemptsMade: 1,
      arrivalTimestamp: ARRIVAL_MS,
      errorCode,
      errorMessage,
      attemptEndingTimestamp: NOW_MS,
      rawData: Buffer.from(rawData).toString('base64'),
    },
  }
}
