/**
 * Calls of Firehose that AWS tells CloudWatch of: how many, how long, how much. Only those that succeed are counted. What
 * became of the records is told by the delivery.
 */
import type { Clock } from '../../platform/clock.ts'
import { type FirehoseMetrics, firehoseListMetrics, firehoseMetrics } from '../../telemetry/firehose-metrics.ts'
import type { MetricStore } from '../../telemetry/metric-store.ts'
import type { FirehoseOperations } from '../../wire/model/firehose.ts'
import type { OperationTable } from '../operation.ts'
import type { FirehoseContext } from './context.ts'

type Operations = Required<OperationTable<FirehoseOperations, FirehoseContext>>

/** More are forgotten together: a stream's meters are found again by its name. */
const STREAMS_MAX = 10_000

export function measured(operations: Operations): Operations {
  const { ofStream, ofAccount } = meters()

  return {
    ...operations,
    PutRecord: (input, context, caller) => {
      const startedAtMs = context.clock.nowMs()
      const note = notePut('PutRecord', ofStream(context), input.DeliveryStreamName, 1, input.Record.Data.byteLength)
      return timed(startedAtMs, operations.PutRecord(input, context, caller), context.clock, note)
    },
    PutRecordBatch: (input, context, caller) => {
      const startedAtMs = context.clock.nowMs()
      let bytes = 0
      for (const { Data } of input.Records) bytes += Data.byteLength
      const { DeliveryStreamName, Records } = input
      const note = notePut('PutRecordBatch', ofStream(context), DeliveryStreamName, Records.length, bytes)
      return timed(startedAtMs, operations.PutRecordBatch(input, context, caller), context.clock, note)
    },
    DescribeDeliveryStream: (input, context, caller) => {
      const startedAtMs = context.clock.nowMs()
      const note = noteCall('DescribeDeliveryStream', ofStream(context), input.DeliveryStreamName)
      return timed(startedAtMs, operations.DescribeDeliveryStream(input, context, caller), context.clock, note)
    },
    ListDeliveryStreams: (input, context, caller) =>
      timed(
        context.clock.nowMs(),
        operations.ListDeliveryStreams(input, context, caller),
        context.clock,
        ofAccount(context).listed,
      ),
    UpdateDestination: (input, context, caller) => {
      const startedAtMs = context.clock.nowMs()
      const note = noteCall('UpdateDeliveryStream', ofStream(context), input.DeliveryStreamName)
      return timed(startedAtMs, operations.UpdateDestination(input, context, caller), context.clock, note)
    },
  }
}

type OfStream = (name: string) => FirehoseMetrics

/** A lake that was emptied has another store. */
function meters() {
  let store: MetricStore | undefined
  let known = new Map<string, FirehoseMetrics>()
  let account: ReturnType<typeof firehoseListMetrics> | undefined
  const use = (metrics: MetricStore) => {
    if (metrics === store) return
    store = metrics
    known = new Map()
    account = undefined
  }
  return {
    ofStream:
      ({ metrics }: FirehoseContext): OfStream =>
      (name) => {
        use(metrics)
        const found = known.get(name)
        if (found !== undefined) return found
        if (known.size >= STREAMS_MAX) known.clear()
        const made = firehoseMetrics(metrics, name)
        known.set(name, made)
        return made
      },
    ofAccount({ metrics }: FirehoseContext) {
      use(metrics)
      account ??= firehoseListMetrics(metrics)
      return account
    },
  }
}

/** Not an `async` function: what waits for the disk must not hold on to the input. */
function timed<Output>(
  startedAtMs: number,
  output: Promise<Output>,
  clock: Clock,
  note: (latencyMs: number) => void,
): Promise<Output> {
  return output.then((value) => {
    note(Math.max(0, clock.nowMs() - startedAtMs))
    return value
  })
}

function notePut(
  kind: 'PutRecord' | 'PutRecordBatch',
  ofStream: OfStream,
  name: string,
  records: number,
  bytes: number,
) {
  return (latencyMs: number) => ofStream(name).putRequest(kind, latencyMs, records, bytes)
}

function noteCall(kind: 'DescribeDeliveryStream' | 'UpdateDeliveryStream', ofStream: OfStream, name: string) {
  return (latencyMs: number) => ofStream(name).called(kind, latencyMs)
}
