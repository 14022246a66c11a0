/**
 * Metadata extraction: a query in real jq takes partition keys out of every record (`MetadataExtraction` with the
 * engine `JQ-1.6`). One of these serves all streams of the lake.
 *
 * A record fails by itself, whatever it does to jq. Its folder, code and texts are those seen on AWS:
 * `metadata-extraction-failed`, `DynamicPartitioning.MetadataExtractionFailed`, `Non JSON record provided`,
 * `partitionKeys values must not be null or empty`, `JQ Subprocess failed due to: …`.
 * Known defect: the text behind the last may be rubbish where the query called `halt_error`.
 */
import type { Clock } from '../../../platform/clock.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { ProcessingStep } from '../../destination.ts'
import type { FailedRecord, Outcome, Processor, StreamRecord } from '../record.ts'
import { jqFailure } from './extraction.ts'
import { JqThreads } from './jq-threads.ts'

const THREADS_MAX = 2
const RECORD_MS_MAX = 5_000

export interface JqExtractorParts {
  readonly clock: Clock
  readonly threadsMax?: number
  /** A record that keeps jq longer than this, twice, fails. */
  readonly recordMsMax?: number
}

export class JqExtractor {
  readonly #clock: Clock
  readonly #threads: JqThreads

  constructor({ clock, threadsMax = THREADS_MAX, recordMsMax = RECORD_MS_MAX }: JqExtractorParts) {
    this.#clock = clock
    this.#threads = new JqThreads({ clock, threadsMax, recordMsMax })
  }

  extractMetadata({ query }: Extract<ProcessingStep, { kind: 'extractMetadata' }>): Processor {
    return {
      process: (records, signal) => this.#process(query, records, signal),
      close: async () => undefined,
    }
  }

  /** Throws a Refusal 'invalidDestination' with what jq says when the query does not compile. */
  async checkQuery(query: string): Promise<void> {
    const complaint = query.includes('\0') ? 'jq: error: NUL in the query' : await this.#threads.check(query)
    if (complaint !== undefined) throw new Refusal('invalidDestination', jqFailure(complaint))
  }

  async close(): Promise<void> {
    await this.#threads.close()
  }

  async #process(query: string, records: readonly StreamRecord[], signal: AbortSignal): Promise<Outcome> {
    const extractions = await this.#threads.extract(
      query,
      records.map(({ data }) => data),
      signal,
    )
    const endedAtMs = this.#clock.nowMs()
    const extracted: StreamRecord[] = []
    const failed: FailedRecord[] = []
    for (const [index, record] of records.entries()) {
      const extraction = extractions[index]
      if (typeof extraction !== 'object') failed.push(failure(record, extraction ?? '', endedAtMs))
      else {
        const { data, source, partitionKeys } = record
        extracted.push({
          data,
          source,
          partitionKeys: { fromLambda: partitionKeys?.fromLambda, fromQuery: extraction },
        })
      }
    }
    return { records: extracted, failed }
  }
}

function failure({ source }: StreamRecord, errorMessage: string, endedAtMs: number): FailedRecord {
  return {
    outputType: 'metadata-extraction-failed',
    entry: {
      attemptsMade: 1,
      arrivalTimestamp: source.arrivalMs,
      errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
      errorMessage,
      attemptEndingTimestamp: endedAtMs,
      rawData: base64(source.data),
    },
  }
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
