/**
 * Records that did not become rows, as lines of an error object (A11). Their raw data is kept as bytes outside of the heap,
 * at most as many as the batch has; an entry is made when it is asked for.
 */
import type { Conversion } from '../destination.ts'
import type { FailedRecord } from '../processing/record.ts'
import type { Failure } from './record-converter.ts'

export interface FailureContext {
  /** When the conversion was attempted. Journalled by the caller, so that doing it again writes the same lines. */
  readonly attemptMs: number
  readonly accountId: string
  readonly region: string
}

interface Kept extends Failure {
  readonly arrivalMs: number
  readonly data: Uint8Array
}

/** May be gone through more than once. */
export class FailedRecords implements Iterable<FailedRecord> {
  readonly #schema: Conversion['schema']
  readonly #context: FailureContext
  readonly #kept: Kept[] = []
  #bytes = 0

  constructor(schema: Conversion['schema'], context: FailureContext) {
    this.#schema = schema
    this.#context = context
  }

  get count(): number {
    return this.#kept.length
  }

  /** Of raw data. */
  get bytes(): number {
    return this.#bytes
  }

  /** Copies `data`. */
  add(data: Uint8Array, arrivalMs: number, { code, message }: Failure): void {
    this.#kept.push({ code, message, arrivalMs, data: new Uint8Array(data) })
    this.#bytes += data.length
  }

  *[Symbol.iterator](): Iterator<FailedRecord> {
    for (const kept of this.#kept) yield { outputType: 'format-conversion-failed', entry: this.#entry(kept) }
  }

  #entry({ code, message, arrivalMs, data }: Kept): FailedRecord['entry'] {
    const { attemptMs, accountId, region } = this.#context
    const schema = this.#schema
    return {
      attemptsMade: 1,
      arrivalTimestamp: arrivalMs,
      lastErrorCode: code,
      lastErrorMessage: message,
      attemptEndingTimestamp: attemptMs,
      rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      // Records that were put directly have none.
      sequenceNumber: null,
      subSequenceNumber: null,
      dataCatalogTable: {
        catalogId: schema.catalogId ?? accountId,
        databaseName: schema.database,
        tableName: schema.table,
        region: schema.region ?? region,
        versionId: schema.version,
        catalogArn: null,
      },
    }
  }
}
