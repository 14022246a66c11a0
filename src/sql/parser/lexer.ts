/**
 * Text to tokens. Never fails: what no rule knows becomes an `unrecognized` token of one character, so that the parser
 * can say what it expected there (an unterminated string is its quote, then the words in it).
 *
 * Lines are ended by `\n` only and columns count code points, both as Trino counts them. Two dialects: in Trino `"x"` is
 * a name and `\` in a string is itself; in Hive DDL `"x"` is a string and `\` escapes.
 */
import type { Position } from '../tree.ts'
import { RESERVED, type Token, type TokenKind } from './tokens.ts'

export type Dialect = 'trino' | 'hive'

export function tokenize(text: string, dialect: Dialect): Token[] {
  const tokens: Token[] = []
  const locate = locator(text)
  const lastCommentEnd = text.lastIndexOf('*/')
  let offset = 0
  while (offset < text.length) {
    const skipped = match(BLANK, text, offset)
    // Hive has no block comments but those before the statement; the parser refuses the others by name.
    const mayComment = dialect === 'trino' || tokens.length === 0
    const isComment = mayComment && text.startsWith('/*', skipped) && lastCommentEnd >= skipped + 2
    if (isComment) {
      offset = text.indexOf('*/', skipped + 2) + 2
    } else if (skipped > offset) {
      offset = skipped
    } else {
      const { kind, end } = next(text, offset, dialect)
      const raw = text.slice(offset, end)
      tokens.push({ kind, text: raw, word: wordOf(kind, raw), at: locate(offset), start: offset, end })
      offset = end
    }
  }
  tokens.push({ kind: 'end', text: '<EOF>', word: '', at: locate(offset), start: offset, end: offset })
  return tokens
}

const BLANK = /(?:[ \r\n\t]+|--[^\r\n]*)+/y
const WORD = /[A-Z_][A-Z0-9_]*/iy
const WORD_HIVE = /[A-Z][A-Z0-9_]*/iy
const UNICODE_STRING = /U&'[^']*(?:''[^']*)*'/iy
const BINARY = /X'[^']*'/iy
const STRING = /'[^']*(?:''[^']*)*'/y
const STRING_HIVE = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const QUOTED = /"[^"]*(?:""[^"]*)*"/y
const BACKQUOTED = /`[^`]*(?:``[^`]*)*`/y
const INTEGER = /0X(?:_?[\dA-F])+|0O(?:_?[0-7])+|0B(?:_?[01])+|\d(?:_?\d)*/iy
const DECIMAL = /\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*/y
const DOUBLE = /(?:\d+(?:\.\d*)?|\.\d+)E[+-]?\d+/iy
const DIGITS = /\d[A-Z\d_]+/iy
const SYMBOL = /<>|!=|<=|>=|\|\||->|=>|\{-|-\}|[-=<>+*/%?;(),.[\]:^$|{}]/y

function next(text: string, offset: number, dialect: Dialect): { readonly kind: TokenKind; readonly end: number } {
  const code = text.charCodeAt(offset)
  if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(offset + 1)))) return number(text, offset)
  if (dialect === 'hive') return nextHive(text, offset, code)
  if ((code === UPPER_U || code === LOWER_U) && text.charCodeAt(offset + 1) === AMPERSAND) {
    const end = match(UNICODE_STRING, text, offset)
    if (end > offset) return { kind: 'unicode-string', end }
  }
  if ((code === UPPER_X || code === LOWER_X) && text.charCodeAt(offset + 1) === QUOTE) {
    const end = match(BINARY, text, offset)
    if (end > offset) return { kind: 'binary', end }
  }
  if (isLetter(code)) return word(text, offset, match(WORD, text, offset))
  if (code === QUOTE) return delimited('string', STRING, text, offset)
  if (code === DOUBLE_QUOTE) return delimited('quoted', QUOTED, text, offset)
  if (code === BACKQUOTE) return delimited('backquoted', BACKQUOTED, text, offset)
  return delimited('symbol', SYMBOL, text, offset)
}

function nextHive(text: string, offset: number, code: number): { readonly kind: TokenKind; readonly end: number } {
  if (code === QUOTE || code === DOUBLE_QUOTE) {
    const end = match(STRING_HIVE, text, offset)
    // Without an end it is the rest: looking for strings inside it again and again would take forever.
    return end > offset ? { kind: 'string', end } : { kind: 'unrecognized', end: text.length }
  }
  if (code === BACKQUOTE) return delimited('backquoted', BACKQUOTED, text, offset)
  const end = match(WORD_HIVE, text, offset)
  if (end > offset) return { kind: 'word', end }
  return delimited('symbol', SYMBOL, text, offset)
}

function word(text: string, offset: number, end: number): { readonly kind: TokenKind; readonly end: number } {
  return { kind: RESERVED.has(text.slice(offset, end).toUpperCase()) ? 'reserved' : 'word', end }
}

/** The longest reading wins; of equally long ones the first in this order. */
function number(text: string, offset: number): { readonly kind: TokenKind; readonly end: number } {
  let longest: { readonly kind: TokenKind; readonly end: number } = { kind: 'unrecognized', end: offset + 1 }
  let end = offset
  for (const [kind, rule] of NUMBERS) {
    const found = match(rule, text, offset)
    if (found > end) {
      longest = { kind, end: found }
      end = found
    }
  }
  return longest
}

const NUMBERS: readonly (readonly [TokenKind, RegExp])[] = [
  ['integer', INTEGER],
  ['decimal', DECIMAL],
  ['double', DOUBLE],
  ['digits', DIGITS],
]

function delimited(kind: TokenKind, rule: RegExp, text: string, offset: number) {
  const end = match(rule, text, offset)
  if (end > offset) return { kind, end }
  const isPair = (text.codePointAt(offset) ?? 0) > 0xffff
  return { kind: 'unrecognized' as const, end: offset + (isPair ? 2 : 1) }
}

/** Where the sticky rule ends when it begins at `offset`, or `offset` when it does not match there. */
function match(rule: RegExp, text: string, offset: number): number {
  rule.lastIndex = offset
  return rule.test(text) ? rule.lastIndex : offset
}

function wordOf(kind: TokenKind, raw: string): string {
  switch (kind) {
    case 'word':
    case 'reserved':
      return raw.toUpperCase()
    case 'symbol':
      return raw === '!=' ? '<>' : raw
    default:
      return ''
  }
}

/** Positions for growing offsets. */
function locator(text: string): (offset: number) => Position {
  const hasPairs = /[\ud800-\udbff]/.test(text)
  let line = 1
  let lineStart = 0
  let lineEnd = text.indexOf('\n')
  return (offset) => {
    while (lineEnd !== -1 && lineEnd < offset) {
      line += 1
      lineStart = lineEnd + 1
      lineEnd = text.indexOf('\n', lineStart)
    }
    const units = offset - lineStart
    return { line, column: 1 + (hasPairs ? [...text.slice(lineStart, offset)].length : units) }
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isLetter = (code: number): boolean =>
  (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === UNDERSCORE

const DOT = 0x2e
const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const BACKQUOTE = 0x60
const AMPERSAND = 0x26
const UNDERSCORE = 0x5f
const UPPER_U = 0x55
const LOWER_U = 0x75
const UPPER_X = 0x58
const LOWER_X = 0x78
