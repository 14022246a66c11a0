/** What processors made of a step, sorted into the lanes of the journal. */
import { FRAME_BODY_BYTES_MAX } from '../journal/frame.ts'
import type { LaneRecords } from '../journal/journal.ts'
import { laneName } from '../lane.ts'
import type { Partitions } from '../partitions.ts'
import type { ErrorOutputType, FailedRecord, Outcome, SourceRecord, StreamRecord } from './record.ts'

/** Partitions with records that are not delivered yet: AWS's quota for a stream. */
export const ACTIVE_PARTITIONS_MAX = 500
/** What the journal takes as one record. Nothing but a function or a decompressor makes one that is larger. */
const RECORD_BYTES_MAX = FRAME_BODY_BYTES_MAX - 64 * 1024

export interface LaneRules {
  /** Of a stream that partitions. */
  readonly partitions: Partitions | undefined
  readonly hasBackup: boolean
  /** Names of the data lanes that are active already. */
  readonly active: ReadonlySet<string>
  readonly nowMs: number
}

export function outcomeLanes(sources: readonly SourceRecord[], outcome: Outcome, rules: LaneRules): LaneRecords[] {
  const lanes = new Map<string, SourceRecord[]>()
  const active = new Set(rules.active)
  const add = (lane: string, record: SourceRecord) => {
    const records = lanes.get(lane)
    if (records === undefined) lanes.set(lane, [record])
    else records.push(record)
  }
  const fail = (failed: FailedRecord) =>
    add(laneName({ kind: 'error', outputType: failed.outputType }), errorLine(failed))

  for (const record of outcome.records) {
    if (record.data.byteLength > RECORD_BYTES_MAX) {
      fail(refused(record, rules.nowMs, TOO_LARGE))
      continue
    }
    const partitionKeys = rules.partitions?.keysOf(record) ?? {}
    if ('missing' in partitionKeys) {
      fail(refused(record, rules.nowMs, withoutPlace(partitionKeys.missing)))
      continue
    }
    const name = laneName({ kind: 'data', partitionKeys })
    if (rules.partitions !== undefined && !active.has(name)) {
      if (active.size >= ACTIVE_PARTITIONS_MAX) {
        fail(refused(record, rules.nowMs, TOO_MANY_PARTITIONS))
        continue
      }
      active.add(name)
    }
    add(name, { data: record.data, arrivalMs: record.source.arrivalMs })
  }
  for (const failed of outcome.failed) fail(failed)
  if (rules.hasBackup) for (const source of sources) add(laneName({ kind: 'backup' }), source)
  return [...lanes].map(([lane, records]) => ({ lane, records }))
}

interface Refused {
  readonly outputType: ErrorOutputType
  readonly errorCode: string
  readonly errorMessage: string
}

const TOO_LARGE: Refused = {
  outputType: 'processing-failed',
  errorCode: 'Processing.RecordTooLarge',
  errorMessage: `Processing made a record of more than ${RECORD_BYTES_MAX} bytes of it.`,
}
// Code and text are our own: AWS's are not recorded, only the folder is.
const TOO_MANY_PARTITIONS: Refused = {
  outputType: 'activePartitionExceeded',
  errorCode: 'DynamicPartitioning.ActivePartitionsExceeded',
  errorMessage: `The stream has ${ACTIVE_PARTITIONS_MAX} active partitions, the most that it may have.`,
}

// Codes and texts of these, too, are our own.
function withoutPlace(why: string): Refused {
  return { outputType: 'processing-failed', errorCode: 'DynamicPartitioning.MissingPartitionKey', errorMessage: why }
}

function refused({ source }: StreamRecord, nowMs: number, { outputType, ...error }: Refused): FailedRecord {
  return {
    outputType,
    entry: {
      attemptsMade: 1,
      arrivalTimestamp: source.arrivalMs,
      ...error,
      attemptEndingTimestamp: nowMs,
      rawData: Buffer.from(source.data).toString('base64'),
    },
  }
}

/** Error objects hold one JSON object a line. */
function errorLine({ entry }: FailedRecord): SourceRecord {
  const { arrivalTimestamp } = entry
  return {
    data: Buffer.from(`${JSON.stringify(entry)}\n`),
    arrivalMs: typeof arrivalTimestamp === 'number' ? arrivalTimestamp : 0,
  }
}
