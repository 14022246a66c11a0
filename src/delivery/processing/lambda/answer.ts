/**
 * What a function said of each record it was given:
 *
 *     {"records":[{"recordId":"…","result":"Ok"|"Dropped"|"ProcessingFailed","data":"<base64>",
 *                  "metadata":{"partitionKeys":{"name":"value"}}}, ... ]}
 *
 * The order does not matter. An answer that has come is final, however it is made: AWS invokes again only when none
 * came (its error lines say one attempt for a missing record id, and all attempts for a function that failed). Each
 * record is judged by itself, so that one bad entry does not take its neighbours with it; ids that were never sent are
 * passed over. Only an answer that cannot be read at all fails every record.
 */
import type { RecordIds } from './event.ts'
import { failure, invalidResult, type LambdaFailure } from './failure.ts'

export type Verdict =
  | { readonly kind: 'ok'; readonly data: Uint8Array; readonly partitionKeys?: Readonly<Record<string, string>> }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly failure: LambdaFailure }

const DROPPED: Verdict = { kind: 'dropped' }
const MISSING = failed(failure('MissingRecordId'))
const DUPLICATED = failed(failure('DuplicatedRecordId'))
const PROCESSING_FAILED = failed(failure('ProcessingFailedStatus'))
const INVALID_RESULT = failed(invalidResult)
const NO_DATA = failed(failure('InvalidReturnFormat'))
const UNREADABLE = failed(failure('JsonProcessingException'))

/** One verdict for each of the `count` records that were sent, in their order. */
export function verdicts(document: unknown, ids: RecordIds, count: number): Verdict[] {
  const entries = entriesOf(document)
  if (entries === undefined) return new Array<Verdict>(count).fill(UNREADABLE)
  const said = new Array<Verdict | undefined>(count)
  const bytes = new ByteRoom(entries)
  for (const entry of entries) {
    const id = entry['recordId']
    const index = typeof id === 'string' ? ids.indexOf(id) : undefined
    if (index === undefined) continue
    said[index] = said[index] === undefined ? verdict(entry, bytes) : DUPLICATED
  }
  return Array.from(said, (found) => found ?? MISSING)
}

type Entry = Readonly<Record<string, unknown>>

/** An answer without records says nothing of any. undefined: it is not of the form that one can say something with. */
function entriesOf(document: unknown): readonly Entry[] | undefined {
  if (document === null) return []
  if (!isObject(document)) return undefined
  const records = document['records'] ?? []
  return Array.isArray(records) && records.every(isObject) ? records : undefined
}

function verdict({ result, data, metadata }: Entry, bytes: ByteRoom): Verdict {
  switch (result) {
    case 'Dropped':
      return DROPPED
    case 'ProcessingFailed':
      return PROCESSING_FAILED
    case 'Ok':
      break
    default:
      return INVALID_RESULT
  }
  if (data === undefined || data === null) return NO_DATA
  const decoded = typeof data === 'string' ? bytes.decoded(data) : undefined
  const partitionKeys = keysOf(metadata)
  if (decoded === undefined || partitionKeys === 'unreadable') return UNREADABLE
  return partitionKeys === undefined ? { kind: 'ok', data: decoded } : { kind: 'ok', data: decoded, partitionKeys }
}

/** Values are texts; numbers and truth values become texts, a null is no value. */
function keysOf(metadata: unknown): Readonly<Record<string, string>> | 'unreadable' | undefined {
  if (metadata === undefined || metadata === null) return undefined
  if (!isObject(metadata)) return 'unreadable'
  const keys = metadata['partitionKeys']
  if (keys === undefined || keys === null) return undefined
  if (!isObject(keys)) return 'unreadable'
  const given = Object.entries(keys).filter(([, value]) => value !== null)
  return given.every(([, value]) => typeof value !== 'object')
    ? Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
    : 'unreadable'
}

/** All data of an answer goes into one buffer: half the time of one for each record. */
class ByteRoom {
  readonly #buffer: Buffer
  #used = 0

  constructor(entries: readonly Entry[]) {
    const size = entries.reduce((sum, { data }) => sum + (typeof data === 'string' ? decodedBytesMax(data) : 0), 0)
    this.#buffer = Buffer.allocUnsafe(size)
  }

  /** undefined: not base64 as RFC 4648 has it. Node passes over what it does not know and needs no padding: its count tells. */
  decoded(text: string): Uint8Array | undefined {
    if (text.includes('-') || text.includes('_')) return undefined
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
    const written = this.#buffer.write(text, this.#used, 'base64')
    if (written !== decodedBytesMax(text) - padding) return undefined
    this.#used += written
    return this.#buffer.subarray(this.#used - written, this.#used)
  }
}

function decodedBytesMax(base64: string): number {
  return Math.ceil(base64.length / 4) * 3
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function failed(why: LambdaFailure): Verdict {
  return { kind: 'failed', failure: why }
}
