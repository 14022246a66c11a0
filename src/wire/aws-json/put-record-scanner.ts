/**
 * The fast path for the two calls that carry the data. SDKs write them in one shape, which is scanned as bytes
 * instead of parsed as JSON; all records of a batch are decoded into one buffer:
 *
 *   {"DeliveryStreamName": "<plain>", "Record": {"Data": "<base64>"}}
 *   {"DeliveryStreamName": "<plain>", "Records": [{"Data": "<base64>"}, …]}
 *
 * with the two members in either order and blanks where JSON allows them. Anything else, valid or not (escapes, other
 * members, nulls, wrong base64), gives undefined and goes to the general decoder, which then also makes the refusal.
 * Where this one answers, the two agree exactly.
 */

interface DataRecord {
  readonly Data: Buffer
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const EQUALS = 0x3d
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const STREAM_NAME = Buffer.from('"DeliveryStreamName"')
const RECORD = Buffer.from('"Record"')
const RECORDS = Buffer.from('"Records"')
const DATA = Buffer.from('"Data"')

export function scanPutBody(
  operation: 'PutRecord' | 'PutRecordBatch',
  body: Uint8Array,
): Record<string, unknown> | undefined {
  const scanner = new Scanner(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  return operation === 'PutRecord' ? scanner.putRecord() : scanner.putRecordBatch()
}

class Scanner {
  readonly #body: Buffer
  readonly #decoded: Buffer
  #at = 0
  #decodedLength = 0

  constructor(body: Buffer) {
    this.#body = body
    // Every quartet of text gives at most three bytes.
    this.#decoded = Buffer.allocUnsafe(Math.ceil(body.byteLength / 4) * 3)
  }

  putRecord(): Record<string, unknown> | undefined {
    return this.#twoMembers(RECORD, () => {
      const record = this.#record()
      return record === undefined ? undefined : { Record: record }
    })
  }

  putRecordBatch(): Record<string, unknown> | undefined {
    return this.#twoMembers(RECORDS, () => {
      const records = this.#records()
      return records === undefined ? undefined : { Records: records }
    })
  }

  #twoMembers(
    dataName: Buffer,
    readData: () => Record<string, unknown> | undefined,
  ): Record<string, unknown> | undefined {
    if (!this.#take(OPEN_BRACE)) return undefined
    const nameFirst = this.#takeWord(STREAM_NAME)
    const first = nameFirst ? this.#streamName() : this.#takeWord(dataName) ? this.#value(readData) : undefined
    if (first === undefined || !this.#take(COMMA)) return undefined
    if (!this.#takeWord(nameFirst ? dataName : STREAM_NAME)) return undefined
    const second = nameFirst ? this.#value(readData) : this.#streamName()
    if (second === undefined || !this.#take(CLOSE_BRACE) || !this.#isAtEnd()) return undefined
    return { ...first, ...second }
  }

  #value(read: () => Record<string, unknown> | undefined): Record<string, unknown> | undefined {
    return this.#take(COLON) ? read() : undefined
  }

  /** A name of printable ASCII without escapes. */
  #streamName(): Record<string, unknown> | undefined {
    if (!this.#take(COLON) || !this.#take(QUOTE)) return undefined
    const start = this.#at
    const end = this.#body.indexOf(QUOTE, start)
    if (end < 0) return undefined
    for (let index = start; index < end; index++) {
      const byte = this.#body[index] as number
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return undefined
    }
    this.#at = end + 1
    return { DeliveryStreamName: this.#body.toString('latin1', start, end) }
  }

  #records(): DataRecord[] | undefined {
    if (!this.#take(OPEN_BRACKET)) return undefined
    const records: DataRecord[] = []
    if (this.#take(CLOSE_BRACKET)) return records
    for (;;) {
      const record = this.#record()
      if (record === undefined) return undefined
      records.push(record)
      if (this.#take(COMMA)) continue
      return this.#take(CLOSE_BRACKET) ? records : undefined
    }
  }

  #record(): DataRecord | undefined {
    if (!this.#take(OPEN_BRACE) || !this.#takeWord(DATA) || !this.#take(COLON) || !this.#take(QUOTE)) return undefined
    const start = this.#at
    const end = this.#body.indexOf(QUOTE, start)
    if (end < 0) return undefined
    const data = this.#decode(start, end)
    if (data === undefined) return undefined
    this.#at = end + 1
    return this.#take(CLOSE_BRACE) ? { Data: data } : undefined
  }

  /**
   * Node's decoder skips what is no base64, so a text is right only when it has whole quartets and gives exactly the
   * bytes they promise, and contains none of the other characters Node takes (`-`, `_`).
   */
  #decode(start: number, end: number): Buffer | undefined {
    const length = end - start
    if (length % 4 !== 0) return undefined
    const padding = length === 0 ? 0 : this.#paddingBefore(end)
    const expected = (length / 4) * 3 - padding
    const text = this.#body.toString('latin1', start, end)
    if (text.includes('-') || text.includes('_')) return undefined
    const from = this.#decodedLength
    const written = this.#decoded.write(text, from, 'base64')
    if (written !== expected) return undefined
    this.#decodedLength = from + written
    return this.#decoded.subarray(from, from + written)
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
