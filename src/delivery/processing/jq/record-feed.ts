/**
 * Standard input and output of a run of jq: records go in one at a time, order after order. When jq asks for the next
 * one, it has said all that it has to say about the one before.
 */
import { isUtf8 } from 'node:buffer'
import { extractionOf, jqFailure, NOT_JSON } from './extraction.ts'
import { type Extraction, type ExtractOrder, type FromThread, phases, type ToThread } from './jq-thread-protocol.ts'
import { Lines } from './lines.ts'
import { nestsTooDeeply, TOO_DEEP } from './nesting.ts'
import { type Needs, neededPart, queryNeeds } from './query-needs.ts'

/** Where orders come from and answers go to. */
export interface Desk {
  /** Blocks until there is one. */
  nextOrder(): ToThread
  answer(message: FromThread): void
  enter(phase: number): void
  /** The record of the order that jq is at. */
  tell(record: number): void
}

/** A run that has grown past this is not kept for the next order. */
const KEPT_MEMORY_BYTES_MAX = 48 * 1024 * 1024
/** Extractions that are kept, and how long the text may be that they are kept by: 2 MiB at most. */
const KNOWN_MAX = 4_096
const KNOWN_CHARS_MAX = 256
/** One is right, and another shows that it is not. */
const RESULTS_KEPT = 2
/** So many may have no end. To start jq again costs as much as they did. */
const RESULTS_MAX = 10_000
const LINE_BREAK = 0x0a

export class TooManyResults extends Error {}

export class RecordFeed {
  /** The order that ended the run. */
  next: ToThread | undefined
  /** Whether the run has read anything yet: it compiles its program before. */
  hasBegun = false
  recordsDone = 0
  readonly #desk: Desk
  readonly #needs: Needs | undefined
  #order: ExtractOrder
  #extractions: Extraction[] = []
  /** What jq is reading, or is at: the record after those with an extraction. undefined: none. */
  #input: Uint8Array | undefined
  #inputAt = 0
  /** The input as text, when only parts of the record matter. */
  #part: string | undefined
  readonly #ofPart = new KnownExtractions()
  /** Most records have the keys of others: they share them, on their way to the main thread, too. */
  readonly #ofResult = new KnownExtractions()
  #output = new Lines()
  #results: string[] = []
  #resultCount = 0
  #errors: Buffer[] = []

  constructor(desk: Desk, order: ExtractOrder) {
    this.#desk = desk
    this.#order = order
    this.#needs = queryNeeds(order.query)
  }

  /**
   * Blocks until there is something to read, or an order for somebody else. That ends the input for good: jq now and
   * then reads once more behind the end, and would have its last order again and swallow the next one.
   */
  read(into: Uint8Array): number {
    if (this.next !== undefined) return 0
    this.hasBegun = true
    this.#desk.enter(phases.running)
    if (this.#input !== undefined && this.#inputAt === this.#input.length) this.#answer()
    while (this.#input === undefined) {
      if (!this.#toNextRecord() && !this.#toNextOrder(into.buffer.byteLength)) return 0
    }
    const part = this.#input.subarray(this.#inputAt, this.#inputAt + into.length)
    into.set(part)
    this.#inputAt += part.length
    return part.length
  }

  /** Throws TooManyResults, which ends the run. */
  write(bytes: Uint8Array): void {
    for (const line of this.#output.lines(bytes)) {
      if (this.#results.length < RESULTS_KEPT) this.#results.push(line)
      if (++this.#resultCount > RESULTS_MAX) throw new TooManyResults()
    }
  }

  writeError(bytes: Uint8Array): void {
    this.#errors.push(Buffer.from(bytes))
  }

  /** What jq has said against the record that it is at, or against the query. */
  get complaint(): string {
    return this.#errors.length === 0 ? '' : Buffer.concat(this.#errors).toString()
  }

  /** The record that jq is at has failed, for all of these reasons. */
  fail(complaint?: string): void {
    this.#settle(complaint === undefined ? extractionOf(this.#results, this.complaint) : jqFailure(complaint))
  }

  /** All of the order have. */
  giveUp(reason: string): ToThread {
    while (this.#extractions.length < this.#order.ends.length) this.#settle(reason)
    this.#finish()
    return this.#desk.nextOrder()
  }

  /** For a new run of jq: it reads from the record on that the one before has not answered. */
  restart(): void {
    this.#output = new Lines()
    this.#results = []
    this.#resultCount = 0
    this.#errors = []
    this.#input = undefined
    this.hasBegun = false
  }

  /** Settles records that need no jq; false: there is no further one. */
  #toNextRecord(): boolean {
    const record = this.#record(this.#extractions.length)
    if (record === undefined) return false
    const parsed = parsedRecord(record)
    if (typeof parsed === 'string') {
      this.#settle(parsed)
      return true
    }
    this.#part = this.#needs === undefined ? undefined : neededPart(parsed.value, this.#needs)
    const known = this.#part === undefined ? undefined : this.#ofPart.of(this.#part)
    if (known !== undefined) this.#settle(known)
    else {
      this.#input = this.#part === undefined ? withBreak(record) : Buffer.from(`${this.#part}\n`)
      this.#inputAt = 0
    }
    return true
  }

  /** False: it is not for this run of jq. */
  #toNextOrder(memoryBytes: number): boolean {
    this.#finish()
    const next = this.#desk.nextOrder()
    if (next.kind !== 'extract' || next.query !== this.#order.query || memoryBytes > KEPT_MEMORY_BYTES_MAX) {
      this.next = next
      return false
    }
    this.#desk.enter(phases.running)
    this.#order = next
    return true
  }

  #record(index: number): Buffer | undefined {
    const { bytes, ends } = this.#order
    const end = ends[index]
    const start = index === 0 ? 0 : (ends[index - 1] ?? 0)
    return end === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  }

  #answer(): void {
    const extraction = this.#extraction()
    if (this.#part !== undefined) this.#ofPart.keep(this.#part, extraction)
    this.#settle(extraction)
  }

  #extraction(): Extraction {
    const [only = '', ...more] = this.#results
    const isPlain = only !== '' && more.length === 0 && this.#errors.length === 0
    if (!isPlain) return extractionOf(this.#results, this.complaint)
    const extraction = this.#ofResult.of(only) ?? extractionOf(this.#results, '')
    this.#ofResult.keep(only, extraction)
    return extraction
  }

  #settle(extraction: Extraction): void {
    this.#extractions.push(extraction)
    this.#input = undefined
    if (this.#results.length > 0) this.#results = []
    this.#resultCount = 0
    if (this.#errors.length > 0) this.#errors = []
    this.recordsDone++
    this.#desk.tell(this.#extractions.length)
  }

  #finish(): void {
    this.#desk.answer({ kind: 'extracted', order: this.#order.order, extractions: this.#extractions })
    this.#extractions = []
  }
}

/** A document; or why jq is not asked at all. */
function parsedRecord(record: Buffer): { readonly value: unknown } | string {
  if (!isUtf8(record)) return NOT_JSON
  try {
    const value: unknown = JSON.parse(record.toString())
    return nestsTooDeeply(record) ? jqFailure(TOO_DEEP) : { value }
  } catch {
    // What is wrong with it is not told: neither does AWS.
    return NOT_JSON
  }
}

function withBreak(record: Uint8Array): Uint8Array {
  const line = new Uint8Array(record.length + 1)
  line.set(record)
  line[record.length] = LINE_BREAK
  return line
}

class KnownExtractions {
  readonly #kept = new Map<string, Extraction>()

  of(text: string): Extraction | undefined {
    return this.#kept.get(text)
  }

  keep(text: string, extraction: Extraction): void {
    if (text.length > KNOWN_CHARS_MAX) return
    if (this.#kept.size >= KNOWN_MAX) this.#kept.clear()
    this.#kept.set(text, extraction)
  }
}
