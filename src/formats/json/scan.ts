/**
 * Finds the JSON documents in a piece of bytes, and the type of each, without building values: a number is judged by
 * its text (`1.0` is a double, `12345678901` a bigint), which a parsed value can no longer tell.
 *
 *   piece    = { blank document } [ the beginning of a document, when the piece was cut off ]
 *   document = object | array            one to a line, or a run: `{..}{..}`
 *
 * What is not JSON costs the rest of its line and is counted; reading goes on behind it.
 */
import {
  array,
  bigint,
  boolean,
  double,
  type InferredType,
  int,
  string,
  struct,
  unknown,
  widen,
} from '../inferred-type.ts'

/** A top-level object with its members, names as written; or a top-level array with its type. */
export type JsonDocument = { readonly members: readonly JsonMember[] } | { readonly elements: InferredType }

export interface JsonMember {
  readonly name: string
  readonly type: InferredType
}

export interface JsonScan {
  readonly documents: readonly JsonDocument[]
  /** Lines, or rests of lines, that are not JSON. */
  readonly malformed: number
  /** Bytes up to the end of the last document. */
  readonly consumed: number
}

/** Values nested deeper are typed as text; nested deeper than the second bound they are malformed. */
export const TYPED_DEPTH_MAX = 32
export const DEPTH_MAX = 500

export function scanJson(bytes: Buffer, isWhole: boolean): JsonScan {
  const scanner = new Scanner(bytes)
  const documents: JsonDocument[] = []
  let malformed = 0
  let consumed = 0
  while (scanner.skipBlanks()) {
    const start = scanner.at
    try {
      documents.push(scanner.document())
      consumed = scanner.at
    } catch (error) {
      if (error === CUT_OFF && !isWhole) break
      if (error !== CUT_OFF && error !== MALFORMED) throw error
      malformed += 1
      if (!scanner.toNextLine(start)) break
    }
  }
  return { documents, malformed, consumed }
}

const CUT_OFF = new Error('the document does not end within the piece')
const MALFORMED = new Error('not JSON')

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]
const [NEWLINE, RETURN, TAB, SPACE] = [0x0a, 0x0d, 0x09, 0x20]
const WORDS: readonly (readonly [string, InferredType])[] = [
  ['true', boolean],
  ['false', boolean],
  ['null', unknown],
]
const ESCAPED = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/
const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const INT = { min: -(2n ** 31n), max: 2n ** 31n - 1n }
const BIGINT = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

class Scanner {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** False at the end of the piece. */
  skipBlanks(): boolean {
    for (; this.at < this.#bytes.length; this.at++) {
      const byte = this.#bytes[this.at]
      if (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB) return true
    }
    return false
  }

  toNextLine(from: number): boolean {
    const newline = this.#bytes.indexOf(NEWLINE, from)
    this.at = newline === -1 ? this.#bytes.length : newline + 1
    return newline !== -1
  }

  document(): JsonDocument {
    const first = this.#bytes[this.at]
    if (first === OPEN_BRACE) return { members: this.#object(1) }
    if (first === OPEN_BRACKET) return { elements: this.#array(1) }
    throw MALFORMED
  }

  #value(depth: number): InferredType {
    if (depth > DEPTH_MAX) throw MALFORMED
    const type = this.#valueOf(this.#next(), depth)
    return depth > TYPED_DEPTH_MAX ? string : type
  }

  #valueOf(first: number, depth: number): InferredType {
    switch (first) {
      case QUOTE:
        this.#text()
        return string
      case OPEN_BRACE:
        return structOf(this.#object(depth + 1))
      case OPEN_BRACKET:
        return this.#array(depth + 1)
      default:
        return isNumberByte(first) ? this.#number() : this.#word()
    }
  }

  #object(depth: number): JsonMember[] {
    const members: JsonMember[] = []
    this.at += 1
    if (this.#next() === CLOSE_BRACE) {
      this.at += 1
      return members
    }
    for (;;) {
      if (this.#next() !== QUOTE) throw MALFORMED
      const name = this.#text()
      if (this.#next() !== COLON) throw MALFORMED
      this.at += 1
      members.push({ name, type: this.#value(depth) })
      if (this.#closes(CLOSE_BRACE)) return members
    }
  }

  #array(depth: number): InferredType {
    let element: InferredType = unknown
    this.at += 1
    if (this.#next() === CLOSE_BRACKET) {
      this.at += 1
      return array(element)
    }
    for (;;) {
      element = widen(element, this.#value(depth))
      if (this.#closes(CLOSE_BRACKET)) return array(element)
    }
  }

  /** Behind a member or an element: its end, or a comma. */
  #closes(close: number): boolean {
    const byte = this.#next()
    if (byte !== close && byte !== COMMA) throw MALFORMED
    this.at += 1
    return byte === close
  }

  /** The next byte that is not blank, without taking it. */
  #next(): number {
    if (!this.skipBlanks()) throw CUT_OFF
    return this.#bytes[this.at] as number
  }

  /** A line break inside a text means that a line was cut short: taking it for text would swallow the next record. */
  #text(): string {
    const start = this.at + 1
    let hasEscapes = false
    for (this.at = start; this.at < this.#bytes.length; this.at++) {
      const byte = this.#bytes[this.at]
      if (byte === QUOTE) {
        const raw = this.#bytes.toString('utf8', start, this.at)
        this.at += 1
        return hasEscapes ? (JSON.parse(`"${raw.replaceAll('\t', '\\t')}"`) as string) : raw
      }
      if (byte === NEWLINE) throw MALFORMED
      if (byte === BACKSLASH) {
        hasEscapes = true
        this.#escape()
      }
    }
    throw CUT_OFF
  }

  #escape(): void {
    const length = this.#bytes[this.at + 1] === 0x75 ? 6 : 2
    const sequence = this.#bytes.toString('latin1', this.at, this.at + length)
    if (sequence.length < length) throw CUT_OFF
    if (!ESCAPED.test(sequence)) throw MALFORMED
    this.at += length - 1
  }

  #number(): InferredType {
    const start = this.at
    while (this.at < this.#bytes.length && isNumberByte(this.#bytes[this.at] as number)) this.at++
    if (this.at === this.#bytes.length) throw CUT_OFF
    return numberType(this.#bytes.toString('latin1', start, this.at))
  }

  #word(): InferredType {
    for (const [word, type] of WORDS) {
      const found = this.#bytes.toString('latin1', this.at, this.at + word.length)
      if (found === word) {
        this.at += word.length
        return type
      }
      if (this.at + found.length === this.#bytes.length && word.startsWith(found)) throw CUT_OFF
    }
    throw MALFORMED
  }
}

function numberType(text: string): InferredType {
  const match = NUMBER.exec(text)
  if (match === null) throw MALFORMED
  if (match[1] !== undefined || match[2] !== undefined) return double
  if (text.length <= 9) return int
  const value = BigInt(text)
  if (value >= INT.min && value <= INT.max) return int
  return value >= BIGINT.min && value <= BIGINT.max ? bigint : double
}

function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || (byte | 0x20) === 0x65
}

/** Names inside a struct are lower-case, as the catalog keeps them; two that differ only in case are one member. */
function structOf(members: readonly JsonMember[]): InferredType {
  const fields = new Map<string, InferredType>()
  for (const { name, type } of members) {
    const lower = name.toLowerCase()
    fields.set(lower, widen(fields.get(lower) ?? unknown, type))
  }
  return struct([...fields].map(([name, type]) => ({ name, type })))
}
