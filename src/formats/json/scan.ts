/**
 * Finds the JSON documents in a piece of bytes, and the type of each, without building values: a number is judged by
 * its text (`1.0` is a double, `12345678901` a bigint), which a parsed value can no longer tell.
 *
 *   piece    = { blank document } [ the beginning of a document, when the piece was cut off ]
 *   document = object | array            one to a line, or a run: `{..}{..}`
 *
 * What is not JSON costs the rest of its line and is counted; reading goes on behind it.
 */
import { Conflicts } from '../conflicts.ts'
import {
  array,
  bigint,
  boolean,
  double,
  type InferredType,
  int,
  MEMBERS_MAX,
  string,
  struct,
  unknown,
  widen,
} from '../inferred-type.ts'
import type { PathStep } from './path.ts'

/**
 * A record: an object with its members, names as written; an array with its type; or, where a path leads to it, a value
 * of its own.
 */
export type JsonDocument =
  | { readonly members: readonly JsonMember[] }
  | { readonly elements: InferredType }
  | { readonly value: InferredType }

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
  /** Where arrays, or names that differ only in case, hold what can only be text. */
  readonly conflicts: readonly string[]
}

/** Objects and arrays nested deeper are typed as text; nested deeper than the second bound they are malformed. */
export const TYPED_DEPTH_MAX = 32
export const DEPTH_MAX = 500

/** `path`: where in each document the records are; they count also when the document itself does not end. */
export function scanJson(bytes: Buffer, isWhole: boolean, path: readonly PathStep[] = []): JsonScan {
  const scanner = new Scanner(bytes)
  const documents: JsonDocument[] = []
  let malformed = 0
  let consumed = 0
  while (scanner.skipBlanks()) {
    const start = scanner.at
    try {
      scanner.document(path, (record) => {
        documents.push(record)
        consumed = scanner.at
      })
      consumed = scanner.at
    } catch (error) {
      if (error === CUT_OFF && !isWhole) break
      if (error !== CUT_OFF && error !== MALFORMED) throw error
      malformed += 1
      if (!scanner.toNextLine(start)) break
    }
  }
  return { documents, malformed, consumed, conflicts: scanner.conflicts.notes() }
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
const [ZERO, NINE] = [0x30, 0x39]
/** No number of so many digits is too large. */
const INT_DIGITS_SURE = 9
const INT = { min: -(2n ** 31n), max: 2n ** 31n - 1n }
const BIGINT = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

class Scanner {
  readonly #bytes: Buffer
  /** Names of the members around, outermost first. */
  readonly #names: string[] = []
  readonly conflicts = new Conflicts()
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

  document(path: readonly PathStep[], onRecord: (record: JsonDocument) => void): void {
    const first = this.#bytes[this.at]
    if (first !== OPEN_BRACE && first !== OPEN_BRACKET) throw MALFORMED
    this.#names.length = 0
    this.#select(path, 0, onRecord)
  }

  #select(path: readonly PathStep[], depth: number, onRecord: (record: JsonDocument) => void): void {
    const step = path[depth]
    const first = this.#next()
    if (step === undefined) onRecord(this.#record(first, depth))
    else if (first === OPEN_BRACE && step.kind !== 'index')
      this.#eachMember(depth + 1, (name) => {
        if (step.kind === 'every' || step.name === name) this.#select(path, depth + 1, onRecord)
        else this.#value(depth + 1)
      })
    else if (first === OPEN_BRACKET && step.kind !== 'member')
      this.#eachElement((index) => {
        if (step.kind === 'every' || step.index === index) this.#select(path, depth + 1, onRecord)
        else this.#value(depth + 1)
      })
    else this.#value(depth)
  }

  #record(first: number, depth: number): JsonDocument {
    if (first === OPEN_BRACE) return { members: this.#object(depth + 1) }
    if (first === OPEN_BRACKET) return { elements: this.#array(depth + 1) }
    return { value: this.#value(depth) }
  }

  #value(depth: number): InferredType {
    if (depth > DEPTH_MAX) throw MALFORMED
    const type = this.#valueOf(this.#next(), depth)
    if (depth <= TYPED_DEPTH_MAX || type.kind === 'scalar' || type.kind === 'unknown') return type
    this.conflicts.givenAsText(this.#names.slice(0, TYPED_DEPTH_MAX), `is nested more than ${TYPED_DEPTH_MAX} deep`)
    return string
  }

  #valueOf(first: number, depth: number): InferredType {
    switch (first) {
      case QUOTE:
        this.#skipText()
        return string
      case OPEN_BRACE:
        return this.#struct(this.#object(depth + 1))
      case OPEN_BRACKET:
        return this.#array(depth + 1)
      default:
        return isNumberByte(first) ? this.#number() : this.#word()
    }
  }

  #object(depth: number): JsonMember[] {
    const members: JsonMember[] = []
    this.#eachMember(depth, (name) => members.push({ name, type: this.#value(depth) }))
    return members
  }

  #eachMember(depth: number, onMember: (name: string) => void): void {
    if (depth > DEPTH_MAX) throw MALFORMED
    this.at += 1
    if (this.#next() === CLOSE_BRACE) {
      this.at += 1
      return
    }
    for (;;) {
      if (this.#next() !== QUOTE) throw MALFORMED
      const name = this.#text()
      if (this.#next() !== COLON) throw MALFORMED
      this.at += 1
      this.#names.push(name)
      onMember(name)
      this.#names.pop()
      if (this.#closes(CLOSE_BRACE)) return
    }
  }

  #array(depth: number): InferredType {
    let element: InferredType = unknown
    this.#eachElement(() => {
      const type = this.#value(depth)
      if (type !== element && element !== unknown) this.conflicts.add(element, type, this.#names)
      element = widen(element, type)
    })
    return array(element)
  }

  #eachElement(onElement: (index: number) => void): void {
    this.at += 1
    if (this.#next() === CLOSE_BRACKET) {
      this.at += 1
      return
    }
    for (let index = 0; ; index++) {
      onElement(index)
      if (this.#closes(CLOSE_BRACKET)) return
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

  #text(): string {
    const start = this.at + 1
    const hasEscapes = this.#skipText()
    const raw = this.#bytes.toString('utf8', start, this.at - 1)
    return hasEscapes ? (JSON.parse(`"${raw.replaceAll('\t', '\\t')}"`) as string) : raw
  }

  /**
   * Answers whether it has escapes. A line break inside a text means that a line was cut short: taking it for text would
   * swallow the next record.
   */
  #skipText(): boolean {
    const bytes = this.#bytes
    let hasEscapes = false
    for (this.at += 1; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at]
      if (byte === QUOTE) {
        this.at += 1
        return hasEscapes
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

  /** Most numbers are a few digits, and need not be looked at twice. */
  #number(): InferredType {
    const start = this.at
    let areDigits = true
    for (; this.at < this.#bytes.length; this.at++) {
      const byte = this.#bytes[this.at] as number
      if (!isNumberByte(byte)) break
      areDigits &&= byte >= ZERO && byte <= NINE
    }
    if (this.at === this.#bytes.length) throw CUT_OFF
    const length = this.at - start
    if (areDigits && length <= INT_DIGITS_SURE && (length === 1 || this.#bytes[start] !== ZERO)) return int
    return numberType(this.#bytes.toString('latin1', start, this.at))
  }

  /** Names inside a struct are lower-case, as the catalog keeps them; two that differ only in case are one member. */
  #struct(members: readonly JsonMember[]): InferredType {
    const written = members.map(({ name, type }) => ({ name: name.toLowerCase(), type }))
    const haveRepeats = new Set(written.map(({ name }) => name)).size < written.length
    const fields = haveRepeats ? this.#withoutRepeats(written) : written
    if (fields.length > MEMBERS_MAX) this.conflicts.givenAsText(this.#names, `has more than ${MEMBERS_MAX} members`)
    return struct(fields)
  }

  #withoutRepeats(fields: readonly JsonMember[]): JsonMember[] {
    const merged = new Map<string, InferredType>()
    for (const { name, type } of fields) {
      const known = merged.get(name)
      if (known !== undefined) this.conflicts.add(known, type, [...this.#names, name])
      merged.set(name, known === undefined ? type : widen(known, type))
    }
    return [...merged].map(([name, type]) => ({ name, type }))
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
  if (text.length <= INT_DIGITS_SURE) return int
  const value = BigInt(text)
  if (value >= INT.min && value <= INT.max) return int
  return value >= BIGINT.min && value <= BIGINT.max ? bigint : double
}

function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || (byte | 0x20) === 0x65
}
