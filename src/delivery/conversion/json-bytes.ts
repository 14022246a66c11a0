/**
 * Moves over JSON text in UTF-8 bytes without making values of it: strings and numbers are told by where they are. Strict as
 * Jackson is, whose words the errors have, because that is what Firehose reads JSON with.
 */
import { type BadRecord, parseError } from './bad-record.ts'

/** Jackson's own bound on nesting. */
export const DEPTH_MAX = 1000
/** And on the length of a number. */
const NUMBER_LENGTH_MAX = 1000

export const CHARACTER = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  f: 0x66,
  n: 0x6e,
  t: 0x74,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const

const { quote, comma, minus, colon, openBracket, backslash, closeBracket, f, n, t, openBrace, closeBrace } = CHARACTER
const [ZERO, NINE, POINT, PLUS, LOWER_E, UPPER_E] = [0x30, 0x39, 0x2e, 0x2b, 0x65, 0x45] as const

/** Bytes at which looking for the end of a string has to stop: the quote, an escape, control characters. */
const STOPS = new Uint8Array(256).map((_, byte) => (byte < 0x20 || byte === quote || byte === backslash ? 1 : 0))

export class JsonBytes {
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  end = 0

  /** Of the last string: its bytes, decoded, are `text.subarray(from, to)`. */
  text: Buffer = this.bytes
  from = 0
  to = 0

  /** Of the last number: where its text is, */
  numberFrom = 0
  /** and its digits as a whole number, exact when `isExact`; then value = mantissa / 10 ** scale. */
  mantissa = 0
  scale = 0
  isNegative = false
  /** At most 15 digits and no exponent. */
  isExact = false
  /** Neither fraction nor exponent. */
  isWhole = false

  open(bytes: Buffer, from: number, end: number) {
    this.bytes = bytes
    this.at = from
    this.end = end
  }

  /** The next byte that is no blank, not moved over; -1 at the end. */
  peek(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end) {
      const byte = bytes[at] as number
      if (byte > 0x20) {
        this.at = at
        return byte
      }
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        this.at = at
        throw parseError(
          `Illegal character ((CTRL-CHAR, code ${byte})): only regular white space (\\r, \\n, \\t) is allowed between tokens`,
        )
      }
      at++
    }
    this.at = at
    return -1
  }

  /** Moves over `"…"`; the cursor is at the opening quote. */
  string() {
    const { bytes, end } = this
    const from = this.at + 1
    let at = from
    while (at < end && STOPS[bytes[at] as number] === 0) at++
    if (at < end && bytes[at] === quote) {
      this.text = bytes
      this.from = from
      this.to = at
      this.at = at + 1
      return
    }
    this.#escapedString(at)
  }

  /** The last string, as one. */
  stringText(): string {
    return this.text.toString('utf8', this.from, this.to)
  }

  /** Moves over a number. */
  number() {
    const { bytes, end } = this
    const from = this.at
    let at = from
    this.isNegative = bytes[at] === minus
    if (this.isNegative) at++
    const digitsFrom = at
    let mantissa = 0
    while (at < end && isDigit(bytes[at] as number)) mantissa = mantissa * 10 + (bytes[at++] as number) - ZERO
    let digits = at - digitsFrom
    if (digits === 0) throw this.#unexpected(at, 'expected digit (0-9) to follow minus sign, for valid numeric value')
    if (digits > 1 && bytes[digitsFrom] === ZERO) throw parseError('Invalid numeric value: Leading zeroes not allowed')
    let scale = 0
    let isWhole = true
    if (at < end && bytes[at] === POINT) {
      const fractionFrom = ++at
      while (at < end && isDigit(bytes[at] as number)) mantissa = mantissa * 10 + (bytes[at++] as number) - ZERO
      scale = at - fractionFrom
      if (scale === 0) throw this.#unexpected(at, 'Decimal point not followed by a digit')
      digits += scale
      isWhole = false
    }
    this.isExact = digits <= 15
    if (at < end && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
      at++
      if (at < end && (bytes[at] === PLUS || bytes[at] === minus)) at++
      const exponentFrom = at
      while (at < end && isDigit(bytes[at] as number)) at++
      if (at === exponentFrom) throw this.#unexpected(at, 'Exponent indicator not followed by a digit')
      isWhole = false
      this.isExact = false
    }
    if (at - from > NUMBER_LENGTH_MAX) {
      throw parseError(`Number value length (${at - from}) exceeds the maximum allowed (${NUMBER_LENGTH_MAX})`)
    }
    this.numberFrom = from
    this.mantissa = this.isNegative ? -mantissa : mantissa
    this.scale = scale
    this.isWhole = isWhole
    this.at = at
  }

  numberText(): string {
    return this.bytes.toString('latin1', this.numberFrom, this.at)
  }

  /** Moves over `true`, `false` or `null`, whichever begins with this byte. */
  word(first: number) {
    const word = first === t ? 'true' : first === f ? 'false' : first === n ? 'null' : undefined
    const found = this.bytes.toString('latin1', this.at, this.at + 6).match(/^[A-Za-z0-9_$]*/)?.[0] ?? ''
    if (found !== word) throw this.unexpectedValue(first)
    this.at += word.length
  }

  /** Moves over any value; the cursor is at its first byte. */
  skipValue(depth: number) {
    const first = this.peek()
    switch (first) {
      case quote:
        return this.string()
      case openBrace:
        this.deeper(depth)
        return this.#skipItems(closeBrace, depth + 1)
      case openBracket:
        this.deeper(depth)
        return this.#skipItems(closeBracket, depth + 1)
      default:
        if (first === minus || isDigit(first)) return this.number()
        return this.word(first)
    }
  }

  /** Guards the stack: before a container is entered. */
  deeper(depth: number): void {
    if (depth >= DEPTH_MAX)
      throw parseError(`Document nesting depth (${depth + 1}) exceeds the maximum allowed (${DEPTH_MAX})`)
  }

  /** Behind an item: whether there is another one. Moves over the comma or the closing bracket. */
  hasMore(closing: number): boolean {
    const next = this.peek()
    if (next === comma) {
      this.at++
      return true
    }
    if (next !== closing) {
      throw this.#unexpected(
        this.at,
        `was expecting comma to separate ${closing === closeBrace ? 'Object' : 'Array'} entries`,
      )
    }
    this.at++
    return false
  }

  /** Behind the opening bracket: whether there is anything. Moves over the closing bracket. */
  isEmpty(closing: number): boolean {
    if (this.peek() !== closing) return false
    this.at++
    return true
  }

  /** At a key. */
  expectKey(): void {
    if (this.peek() !== quote) throw this.#unexpected(this.at, 'was expecting double-quote to start field name')
  }

  colon(): void {
    if (this.peek() !== colon) throw this.#unexpected(this.at, 'was expecting a colon to separate field name and value')
    this.at++
  }

  unexpectedValue(first: number): BadRecord {
    const word = this.bytes.toString('latin1', this.at, Math.min(this.end, this.at + 64)).match(/^[A-Za-z0-9_$]+/)?.[0]
    const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
    if (word !== undefined) return parseError(`Unrecognized token '${word}': was expecting ${expected}`)
    return first === -1 ? this.#cutOff() : this.#unexpected(this.at, `expected a valid value ${expected}`)
  }

  #skipItems(closing: number, depth: number): void {
    this.at++
    if (this.isEmpty(closing)) return
    do {
      if (closing === closeBrace) {
        this.expectKey()
        this.string()
        this.colon()
      }
      this.skipValue(depth)
    } while (this.hasMore(closing))
  }

  /** `at` is where an escape, a control character or the end was found. Decodes by the runtime's own JSON. */
  #escapedString(stoppedAt: number): void {
    const { bytes, end } = this
    let at = stoppedAt
    while (at < end && bytes[at] !== quote) {
      const byte = bytes[at] as number
      if (byte < 0x20) {
        throw parseError(
          `Illegal unquoted character ((CTRL-CHAR, code ${byte})): has to be escaped using backslash to be included in string value`,
        )
      }
      at += byte === backslash ? 2 : 1
    }
    if (at >= end) throw parseError('Unexpected end-of-input in VALUE_STRING')
    const written = bytes.toString('utf8', this.at, at + 1)
    this.text = Buffer.from(unescaped(written))
    this.from = 0
    this.to = this.text.length
    this.at = at + 1
  }

  #unexpected(at: number, expected: string): BadRecord {
    if (at >= this.end) return this.#cutOff()
    const byte = this.bytes[at] as number
    const shown = byte < 0x20 ? `(CTRL-CHAR, code ${byte})` : `'${String.fromCharCode(byte)}' (code ${byte})`
    return parseError(`Unexpected character (${shown}): ${expected}`)
  }

  #cutOff(): BadRecord {
    return parseError('Unexpected end-of-input')
  }
}

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE

function unescaped(written: string): string {
  try {
    return JSON.parse(written)
  } catch {
    // Blanks, quotes and control characters are checked already: only an escape can be wrong.
    const found = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})(u?.{0,1})/.exec(written.replaceAll('\\\\', ''))?.[1] ?? ''
    throw parseError(`Unrecognized character escape '${found}'`)
  }
}
