/** Walks through JSON that is known to be an object of a certain shape, and reads only what is asked for. */
import { blanksEnd, nameEnd, textEnd, unescaped, valueEnd } from './json-text.ts'

/** What is read is not JSON, or not of the shape that was asked for. */
export class NotJson extends Error {}

const [QUOTE, COMMA] = [0x22, 0x2c]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Read the cheaper way. */
const PLAIN_NAME = /^\w*$/

export class JsonCursor {
  readonly #bytes: Buffer
  /** Between entering something and what comes first in it. */
  #isFirst = false
  at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Nothing but blanks is left. */
  isAtEnd(): boolean {
    this.at = blanksEnd(this.#bytes, this.at)
    return this.at >= this.#bytes.byteLength
  }

  enterObject(): void {
    this.#enter(OPEN_BRACE, 'an object')
  }

  enterArray(): void {
    this.#enter(OPEN_BRACKET, 'an array')
  }

  /** Its name, with the value to be taken next; undefined behind the object's end. */
  nextMember(): string | undefined {
    if (!this.#goesOn(CLOSE_BRACE)) return undefined
    const nameAt = this.at
    const valueAt = nameEnd(this.#bytes, nameAt)
    if (valueAt === -1) throw this.#broken('a member')
    this.at = valueAt
    const end = textEnd(this.#bytes, nameAt)
    const name = this.#bytes.toString('latin1', nameAt + 1, end - 1)
    return PLAIN_NAME.test(name) ? name : unescaped(this.#bytes, nameAt, end).toString()
  }

  /** True with the element to be taken next; false behind the array's end. */
  nextElement(): boolean {
    return this.#goesOn(CLOSE_BRACKET)
  }

  skip(): void {
    const end = valueEnd(this.#bytes, this.at)
    if (end === -1) throw this.#broken('a value')
    this.at = end
  }

  /** A view when nothing in the text is escaped. */
  text(): Buffer {
    const start = this.at
    const end = textEnd(this.#bytes, start)
    if (end === -1) throw this.#broken('a text')
    this.at = end
    return unescaped(this.#bytes, start, end)
  }

  #enter(opener: number, what: string): void {
    this.at = blanksEnd(this.#bytes, this.at)
    if (this.#bytes[this.at] !== opener) throw this.#broken(what)
    this.at += 1
    this.#isFirst = true
  }

  #goesOn(closer: number): boolean {
    const isFirst = this.#isFirst
    this.#isFirst = false
    this.at = blanksEnd(this.#bytes, this.at)
    const byte = this.#bytes[this.at]
    if (byte === closer) {
      this.at += 1
      return false
    }
    if (isFirst) return true
    if (byte !== COMMA) throw this.#broken('a comma')
    this.at = blanksEnd(this.#bytes, this.at + 1)
    return true
  }

  #broken(expected: string): NotJson {
    const found = this.#bytes[this.at] === QUOTE ? 'a text' : 'something else'
    return new NotJson(`${expected} was expected at byte ${this.at}, there is ${found}.`)
  }
}
