/**
 * Records that did not become rows, as lines of an error object (A11). They are kept packed, at most as many bytes as the
 * batch has, 16 bytes for each record, and every reason once; an entry is made when it is asked for.
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

const CHUNK_BYTES = 1024 * 1024
const RECORDS_FIRST = 16

/** May be gone through more than once. */
export class FailedRecords implements Iterable<FailedRecord> {
  readonly #schema: Conversion['schema']
  readonly #context: FailureContext
  readonly #reasons: Failure[] = []
  readonly #reasonOf = new Map<string, number>()
  /** Data of one record behind the other's; a record that does not fit begins the next chunk. */
  readonly #chunks: Uint8Array[] = []
  #filled = 0
  #arrivals = new Float64Array(RECORDS_FIRST)
  #lengths = new Uint32Array(RECORDS_FIRST)
  #reasonIndices = new Uint32Array(RECORDS_FIRST)
  #count = 0
  #bytes = 0

  constructor(schema: Conversion['schema'], context: FailureContext) {
    this.#schema = schema
    this.#context = context
  }

  get count(): number {
    return this.#count
  }

  /** Of raw data. */
  get bytes(): number {
    return this.#bytes
  }

  /** Copies `data`. */
  add(data: Uint8Array, arrivalMs: number, failure: Failure): void {
    if (this.#count === this.#arrivals.length) this.#grow()
    this.#arrivals[this.#count] = arrivalMs
    this.#lengths[this.#count] = data.length
    this.#reasonIndices[this.#count] = this.#reasonIndex(failure)
    this.#count += 1
    this.#bytes += data.length
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || this.#filled + data.length > chunk.length) {
      chunk = new Uint8Array(Math.max(CHUNK_BYTES, data.length))
      this.#chunks.push(chunk)
      this.#filled = 0
    }
    chunk.set(data, this.#filled)
    this.#filled += data.length
  }

  *[Symbol.iterator](): Iterator<FailedRecord> {
    let chunk = 0
    let from = 0
    for (let index = 0; index < this.#count; index++) {
      const length = this.#lengths[index] as number
      if (from + length > (this.#chunks[chunk]?.length ?? 0)) {
        chunk += 1
        from = 0
      }
      const data = this.#chunks[chunk]?.subarray(from, from + length) ?? new Uint8Array(0)
      from += length
      yield { outputType: 'format-conversion-failed', entry: this.#entry(index, data) }
    }
  }

  #entry(index: number, data: Uint8Array): FailedRecord['entry'] {
    const { attemptMs, accountId, region } = this.#context
    const reason = this.#reasons[this.#reasonIndices[index] as number]
    const schema = this.#schema
    return {
      attemptsMade: 1,
      arrivalTimestamp: this.#arrivals[index],
      lastErrorCode: reason?.code,
      lastErrorMessage: reason?.message,
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

  #reasonIndex(failure: Failure): number {
    const key = `${failure.code} ${failure.message}`
    const known = this.#reasonOf.get(key)
    if (known !== undefined) return known
    this.#reasons.push({ code: failure.code, message: failure.message })
    this.#reasonOf.set(key, this.#reasons.length - 1)
    return this.#reasons.length - 1
  }

  #grow(): void {
    const length = this.#count * 2
    const grown = <Numbers extends Float64Array | Uint32Array>(numbers: Numbers, larger: Numbers): Numbers => {
      larger.set(numbers)
      return larger
    }
    this.#arrivals = grown(this.#arrivals, new Float64Array(length))
    this.#lengths = grown(this.#lengths, new Uint32Array(length))
    this.#reasonIndices = grown(this.#reasonIndices, new Uint32Array(length))
  }
}
