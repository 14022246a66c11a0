/** Literals: the text of a token to the value it stands for, with Trino's refusals. */
import type { Expression, IntervalField, Position } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { syntaxError } from './errors.ts'
import type { Token } from './tokens.ts'

export const INTERVAL_FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const

const BIGINT_MAX = 2n ** 63n - 1n

/** `sign` is '-' for a minus directly before the number, which belongs to it: -9223372036854775808 is a bigint. */
export function numericLiteral(token: Token, at: Position, sign: '' | '-'): Expression {
  const digits = token.text.replaceAll('_', '')
  switch (token.kind) {
    case 'double':
      return { kind: 'DoubleLiteral', at, text: sign + digits }
    case 'decimal':
      return { kind: 'DecimalLiteral', at, text: sign + digits }
    default:
      return { kind: 'LongLiteral', at, text: sign + wholeNumber(digits, sign, token.text, at) }
  }
}

function wholeNumber(digits: string, sign: '' | '-', written: string, at: Position): string {
  if (digits.length < 19 && !/[xob]/i.test(digits)) return digits
  const value = BigInt(digits)
  const bound = sign === '-' ? BIGINT_MAX + 1n : BIGINT_MAX
  if (value > bound) throw syntaxError(`Invalid numeric literal: ${sign}${written}`, at)
  return value.toString()
}

/** `'…'` or `U&'…' [UESCAPE 'c']`. */
export function stringValue(cursor: Cursor): string {
  const token = cursor.token
  if (token.kind === 'string') {
    cursor.index += 1
    return unquoted(token)
  }
  if (token.kind !== 'unicode-string') throw cursor.failure('<string>')
  cursor.index += 1
  let marker = '\\'
  if (cursor.accept('UESCAPE')) marker = escapeCharacter(cursor.expectKind('string', '<string>'))
  return decodeUnicode(token.text.slice(3, -1).replaceAll("''", "'"), marker, token.at)
}

export function isString(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'unicode-string'
}

const unquoted = (token: Token): string => token.text.slice(1, -1).replaceAll("''", "'")

function escapeCharacter(token: Token): string {
  const marker = unquoted(token)
  if (marker === '') throw syntaxError('Empty Unicode escape character', token.at)
  if (marker.length !== 1) throw syntaxError('Invalid Unicode escape character', token.at)
  if (/[\da-f+'"]/i.test(marker) || marker === ' ') {
    throw syntaxError('Invalid Unicode escape character', token.at)
  }
  return marker
}

function decodeUnicode(text: string, marker: string, at: Position): string {
  let decoded = ''
  let index = 0
  while (index < text.length) {
    const character = text.charAt(index)
    if (character !== marker) {
      decoded += character
      index += 1
    } else if (text.charAt(index + 1) === marker) {
      decoded += marker
      index += 2
    } else {
      const long = text.charAt(index + 1) === '+'
      const begin = index + (long ? 2 : 1)
      const end = begin + (long ? 6 : 4)
      decoded += codePoint(text.slice(begin, end), long ? 6 : 4, marker + (long ? '+' : ''), at)
      index = end
    }
  }
  return decoded
}

function codePoint(digits: string, length: number, prefix: string, at: Position): string {
  const wrong = [...digits].find((digit) => !/[\da-f]/i.test(digit))
  if (wrong !== undefined) throw syntaxError(`Invalid hexadecimal digit: ${wrong}`, at)
  if (digits.length < length) throw syntaxError(`Incomplete escape sequence: ${prefix}${digits}`, at)
  const value = Number.parseInt(digits, 16)
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    throw syntaxError(`Invalid escaped character: ${digits}`, at)
  }
  return String.fromCodePoint(value)
}

/** `X'0aff'`, blanks allowed between the digits. */
export function binaryLiteral(token: Token): Expression {
  const digits = token.text.slice(2, -1).replaceAll(/[ \r\n\t]/g, '')
  if (/[^\da-f]/i.test(digits)) {
    throw syntaxError('Binary literal can only contain hexadecimal digits', token.at)
  }
  if (digits.length % 2 !== 0) {
    throw syntaxError('Binary literal must contain an even number of digits', token.at)
  }
  return { kind: 'BinaryLiteral', at: token.at, value: Uint8Array.from(Buffer.from(digits, 'hex')) }
}

/** `INTERVAL [+|-] '…' field [TO field]`; `isIntervalAhead` has said so. */
export function intervalLiteral(cursor: Cursor): Expression {
  const { at } = cursor.expect('INTERVAL')
  const sign = cursor.acceptOneOf(['+', '-']) === '-' ? -1 : 1
  const value = stringValue(cursor)
  const from = intervalField(cursor)
  if (!cursor.accept('TO')) return { kind: 'IntervalLiteral', at, value, sign, from }
  const to = intervalField(cursor)
  if (!FINER[from].includes(to)) throw syntaxError(`Invalid interval qualifier: ${from} TO ${to}`, at)
  return { kind: 'IntervalLiteral', at, value, sign, from, to }
}

/** What an interval that begins with a field may end with. */
const FINER: Readonly<Record<IntervalField, readonly IntervalField[]>> = {
  YEAR: ['MONTH'],
  MONTH: [],
  DAY: ['HOUR', 'MINUTE', 'SECOND'],
  HOUR: ['MINUTE', 'SECOND'],
  MINUTE: ['SECOND'],
  SECOND: [],
}

export function intervalField(cursor: Cursor): IntervalField {
  return cursor.expectOneOf(INTERVAL_FIELDS)
}

/** `interval` is also a fine name for a column: `interval - '1'` subtracts from one. */
export function isIntervalAhead(cursor: Cursor): boolean {
  if (isString(cursor.ahead(1))) return true
  const hasSign = cursor.ahead(1).word === '-' || cursor.ahead(1).word === '+'
  return hasSign && isString(cursor.ahead(2)) && FIELD_WORDS.has(cursor.ahead(3).word)
}

const FIELD_WORDS: ReadonlySet<string> = new Set(INTERVAL_FIELDS)
