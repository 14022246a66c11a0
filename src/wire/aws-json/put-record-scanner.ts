/**
 * The fast path for the two calls that carry the data. SDKs write them in one shape, which is scanned as bytes
 * instead of parsed as JSON:
 *
 *   {"DeliveryStreamName": "<plain>", "Record": {"Data": "<base64>"}}
 *   {"DeliveryStreamName": "<plain>", "Records": [{"Data": "<base64>"}, …]}
 *
 * with the two members in either order and blanks where JSON allows them. Anything else, valid or not (escapes, other
 * members, nulls), gives undefined and goes to the general decoder, which then also makes the refusal. Where this one
 * answers or refuses, the two agree exactly.
 *
 * Records are decoded into the body itself, over text already read, one after the other from its first byte: a second
 * buffer of half a megabyte would cost more than the decoding. So the body is taken over as soon as the scan succeeds.
 */
import { isAscii } from 'node:buffer'
import type { WireError } from '../error.ts'
import { invalidBase64, noJson } from './decode.ts'

interface DataRecord {
  readonly Data: Buffer
}

/** Where a record's base64 stands in the body. */
interface Text {
  readonly start: number
  readonly end: number
  /** What it decodes to when every character of it is base64. */
  readonly decodedBytes: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const COLON = 0x3a
const EQUALS = 0x3d
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const UNDERSCORE = 0x5f
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const STREAM_NAME = Buffer.from('"DeliveryStreamName"')
const RECORD = Buffer.from('"Record"')
const RECORDS = Buffer.from('"Records"')
const DATA = Buffer.from('"Data"')

/** Throws WireError where the body has the shape and a record is no base64. */
export function scanPutBody(
  operation: 'PutRecord' | 'PutRecordBatch',
  body: Uint8Array,
): Record<string, unknown> | undefined {
  if (!isAscii(body)) return undefined
  const scanner = new Scanner(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  return operation === 'PutRecord' ? scanner.putRecord() : scanner.putRecordBatch()
}

class Scanner {
  readonly #body: Buffer
  /** Where the next of those bytes is that must not stand in base64 here: see `#decode`. */
  readonly #strays: { readonly byte: number; at: number }[]
  #at = 0

  constructor(body: Buffer) {
    this.#body = body
    this.#strays = [MINUS, UNDERSCORE, BACKSLASH].map((byte) => ({ byte, at: -1 }))
  }

  putRecord(): Record<string, unknown> | undefined {
    const found = this.#twoMembers(RECORD, () => {
      const text = this.#record()
      return text === undefined ? undefined : [text]
    })
    if (found === undefined) return undefined
    const [Record] = this.#decode(found.texts)
    return { DeliveryStreamName: found.name, Record }
  }

  putRecordBatch(): Record<string, unknown> | undefined {
    const found = this.#twoMembers(RECORDS, () => this.#records())
    if (found === undefined) return undefined
    return { DeliveryStreamName: found.name, Records: this.#decode(found.texts) }
  }

  #twoMembers(
    dataName: Buffer,
    readData: () => Text[] | undefined,
  ): { readonly name: string; readonly texts: readonly Text[] } | undefined {
    if (!this.#take(OPEN_BRACE)) return undefined
    let name: string | undefined
    let texts: readonly Text[] | undefined
    const nameFirst = this.#takeWord(STREAM_NAME)
    if (!nameFirst && !this.#takeWord(dataName)) return undefined
    if (nameFirst) name = this.#streamName()
    else texts = this.#value(readData)
    if (!this.#take(COMMA) || !this.#takeWord(nameFirst ? dataName : STREAM_NAME)) return undefined
    if (nameFirst) texts = this.#value(readData)
    else name = this.#streamName()
    if (name === undefined || texts === undefined || !this.#take(CLOSE_BRACE) || !this.#isAtEnd()) return undefined
    return { name, texts }
  }

  #value(read: () => Text[] | undefined): Text[] | undefined {
    return this.#take(COLON) ? read() : undefined
  }

  /** A name of printable ASCII without escapes. */
  #streamName(): string | undefined {
    if (!this.#take(COLON) || !this.#take(QUOTE)) return undefined
    const start = this.#at
    const end = this.#body.indexOf(QUOTE, start)
    if (end < 0) return undefined
    for (let index = start; index < end; index++) {
      const byte = this.#body[index] as number
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return undefined
    }
    this.#at = end + 1
    return this.#body.toString('latin1', start, end)
  }

  #records(): Text[] | undefined {
    if (!this.#take(OPEN_BRACKET)) return undefined
    const texts: Text[] = []
    if (this.#take(CLOSE_BRACKET)) return texts
    for (;;) {
      const text = this.#record()
      if (text === undefined) return undefined
      texts.push(text)
      if (this.#take(COMMA)) continue
      return this.#take(CLOSE_BRACKET) ? texts : undefined
    }
  }

  #record(): Text | undefined {
    if (!this.#take(OPEN_BRACE) || !this.#takeWord(DATA) || !this.#take(COLON) || !this.#take(QUOTE)) return undefined
    const start = this.#at
    const end = this.#body.indexOf(QUOTE, start)
    if (end < 0 || this.#hasStray(start, end)) return undefined
    const length = end - start
    if (length % 4 !== 0) return undefined
    const padding = length === 0 ? 0 : this.#paddingBefore(end)
    this.#at = end + 1
    return this.#take(CLOSE_BRACE) ? { start, end, decodedBytes: (length / 4) * 3 - padding } : undefined
  }

  /**
   * Node's decoder skips what is no base64, so a text is right only when it has whole quartets and gives exactly the
   * bytes they promise, and contains none of the other characters Node takes (`-`, `_`, and the backslash of an escape
   * counts with them). Four characters give at most three bytes, so writing never overtakes reading.
   */
  #decode(texts: readonly Text[]): DataRecord[] {
    const body = this.#body
    const records: DataRecord[] = []
    let from = 0
    for (const [index, { start, end, decodedBytes }] of texts.entries()) {
      const written = body.write(body.toString('latin1', start, end), from, 'base64')
      if (written !== decodedBytes) throw this.#refusal(texts.slice(index))
      records.push({ Data: body.subarray(from, from + written) })
      from += written
    }
    return records
  }

  /** What the general decoder says of texts of which the first is no base64: in JSON no control character may stand bare. */
  #refusal(texts: readonly Text[]): WireError {
    const isBare = (byte: number) => byte < 0x20
    return texts.some(({ start, end }) => this.#body.subarray(start, end).some(isBare)) ? noJson() : invalidBase64()
  }

  /** Looks through the whole body for the next one, so that a body without any is searched once and not by record. */
  #hasStray(start: number, end: number): boolean {
    for (const stray of this.#strays) {
      if (stray.at < start) {
        const found = this.#body.indexOf(stray.byte, start)
        stray.at = found < 0 ? this.#body.byteLength : found
      }
      if (stray.at < end) return true
    }
    return false
  }

  #paddingBefore(end: number): number {
    if (this.#body[end - 1] !== EQUALS) return 0
    return this.#body[end - 2] === EQUALS ? 2 : 1
  }

  #skipBlanks(): void {
    for (;;) {
      const byte = this.#body[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  #take(byte: number): boolean {
    this.#skipBlanks()
    if (this.#body[this.#at] !== byte) return false
    this.#at++
    return true
  }

  #takeWord(word: Buffer): boolean {
    this.#skipBlanks()
    const end = this.#at + word.byteLength
    for (let index = 0; index < word.byteLength; index++) {
      if (this.#body[this.#at + index] !== word[index]) return false
    }
    this.#at = end
    return true
  }

  #isAtEnd(): boolean {
    this.#skipBlanks()
    return this.#at === this.#body.byteLength
  }
}
