/**
 * A stream's steps as one processor, in AWS's order whatever order they were configured in:
 * KPL, decompression, log messages, JSON or delimited parts, Lambda, partition keys, delimiter.
 *
 * Documented: "Deaggregation → Data Transformation via Lambda → Partitioning Keys", and decompression before message
 * extraction. Aggregates of the Kinesis Producer Library are taken apart whether or not anything was configured.
 *
 * Memory: the records of one call are views into what was put, or copies no longer than that (decompressed records have a
 * bound of their own). Each costs 200 bytes more, and none is shorter than two bytes of the call: 100 MiB for a call of
 * 1 MiB that is nothing but `{}`.
 */
import type { Clock } from '../../platform/clock.ts'
import type { ProcessingStep } from '../destination.ts'
import { delimiterAppender } from './append-delimiter.ts'
import { delimitedDeaggregator } from './deaggregate-delimited.ts'
import { jsonDeaggregator } from './deaggregate-json.ts'
import { kplDeaggregator } from './deaggregate-kpl.ts'
import { decompressor } from './decompress.ts'
import { logMessageExtractor } from './extract-log-messages.ts'
import type { FailedRecord, Outcome, Processor, StreamRecord } from './record.ts'

type Step<Kind extends ProcessingStep['kind']> = Extract<ProcessingStep, { readonly kind: Kind }>

export interface ProcessorMakers {
  /** For the times in error entries. */
  readonly clock: Clock
  lambda(step: Step<'lambda'>): Processor
  extractMetadata(step: Step<'extractMetadata'>): Processor
}

/** Refuses a step whose parameters mean nothing. The result owns the processors that the makers give. */
export function makeProcessor(steps: readonly ProcessingStep[], makers: ProcessorMakers): Processor {
  const ordered = steps.toSorted((one, other) => PLACES[one.kind] - PLACES[other.kind])
  return inTurn([kplDeaggregator(), ...ordered.map((step) => processorOf(step, makers))])
}

const PLACES: Readonly<Record<ProcessingStep['kind'], number>> = {
  decompress: 1,
  extractLogMessages: 2,
  deaggregate: 3,
  lambda: 4,
  extractMetadata: 5,
  appendDelimiter: 6,
}

function processorOf(step: ProcessingStep, makers: ProcessorMakers): Processor {
  const { clock } = makers
  switch (step.kind) {
    case 'decompress':
      return decompressor(clock)
    case 'extractLogMessages':
      return logMessageExtractor(clock)
    case 'deaggregate':
      return step.subRecord.kind === 'json' ? jsonDeaggregator(clock) : delimitedDeaggregator(step.subRecord.delimiter)
    case 'lambda':
      return makers.lambda(step)
    case 'extractMetadata':
      return makers.extractMetadata(step)
    case 'appendDelimiter':
      return delimiterAppender(step.delimiter)
  }
}

/** Each gets what the one before it gave. Failures come in the order of the steps, and within one in that of the records. */
function inTurn(processors: readonly Processor[]): Processor {
  return {
    async process(records, signal): Promise<Outcome> {
      let left: readonly StreamRecord[] = records
      const failed: FailedRecord[] = []
      for (const processor of processors) {
        if (left.length === 0) break
        const outcome = await processor.process(left, signal)
        for (const failure of outcome.failed) failed.push(failure)
        left = outcome.records
      }
      return { records: left, failed: onePerSource(failed) }
    },

    async close() {
      const closings = await Promise.allSettled(processors.map((processor) => processor.close()))
      const failures = closings.flatMap((closing) => (closing.status === 'rejected' ? [closing.reason as unknown] : []))
      if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures)
    },
  }
}

/**
 * An entry holds its whole source. Of a log batch of thousands of messages that all fail one is enough, and a bound: error
 * output is never more than the sources are.
 */
function onePerSource(failed: readonly FailedRecord[]): FailedRecord[] {
  const told = new Map<unknown, Set<string>>()
  return failed.filter(({ source, outputType }) => {
    if (source === undefined) return true
    const types = told.get(source)
    if (types?.has(outputType)) return false
    if (types === undefined) told.set(source, new Set([outputType]))
    else types.add(outputType)
    return true
  })
}
