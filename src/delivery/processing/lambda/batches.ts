/** Which records go to a function together. Pure. */
import type { StreamRecord } from '../record.ts'
import { REQUEST_BYTES_MAX, recordBytes } from './event.ts'

export interface BatchLimits {
  /** A batch that has this many bytes of payload is full: like every buffering hint it is exceeded by a record at most. */
  readonly payloadBytes: number
  /** Of an event without records. */
  readonly headBytes: number
}

export interface RecordRange {
  readonly from: number
  readonly to: number
  /** One record, and its event is larger than Lambda takes. */
  readonly isTooLarge: boolean
}

/** Ranges that follow each other and together are all records. No event of theirs is larger than Lambda takes. */
export function batches(records: readonly StreamRecord[], { payloadBytes, headBytes }: BatchLimits): RecordRange[] {
  const ranges: RecordRange[] = []
  const hasRoom = (next: StreamRecord | undefined, payload: number, event: number) =>
    next !== undefined && payload < payloadBytes && event + recordBytes(next) <= REQUEST_BYTES_MAX
  for (let from = 0; from < records.length; ) {
    let to = from
    let payload = 0
    let event = headBytes
    do {
      const record = records[to] as StreamRecord
      payload += record.data.byteLength
      event += recordBytes(record)
      to += 1
    } while (hasRoom(records[to], payload, event))
    ranges.push({ from, to, isTooLarge: event > REQUEST_BYTES_MAX })
    from = to
  }
  return ranges
}
