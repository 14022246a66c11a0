/**
 * A place in the tokens of one statement, and what the grammar hoped to find there.
 *
 * Parsing runs once without notes. Only when it fails does it run again with `notes`: then every question asked of the
 * furthest token leaves its label, which makes Trino's `Expecting: …` list. Rules with a name of their own in that list
 * (`<expression>`, `<type>`, …) leave the name instead of what they would begin with.
 */
import type { SqlFailure } from '../failure.ts'
import type { Identifier, Position } from '../tree.ts'
import { mismatchedInput, NESTING_MAX, syntaxError, tooDeep } from './errors.ts'
import type { Token, TokenKind } from './tokens.ts'

export class Cursor {
  readonly text: string
  readonly tokens: readonly Token[]
  index = 0
  /** `?` seen so far: each takes the next number. */
  parameters = 0
  /** Inside MATCH_RECOGNIZE, where labels and running or final functions mean something. */
  inRowPattern = false
  /**
   * Height of the highest tree made so far by the rule under way. Operators in a row make trees as high as they are many
   * without nesting the parser, and whoever reads the tree recurses over it: so height is bounded too.
   */
  height = 0
  #depth = 0
  readonly #notes: Set<string> | undefined
  #furthest = 0
  /** Token at which a named rule begins: its inner wishes are not noted. */
  #named = -1
  #closing: Int32Array | undefined
  readonly #queryAhead = new Map<number, boolean>()

  constructor(text: string, tokens: readonly Token[], options: { readonly takesNotes: boolean }) {
    this.text = text
    this.tokens = tokens
    this.#notes = options.takesNotes ? new Set() : undefined
  }

  get token(): Token {
    return this.tokens[this.index] as Token
  }

  get at(): Position {
    return this.token.at
  }

  /** The token `distance` further on; past the end it is the end. */
  ahead(distance: number): Token {
    const index = this.index + distance
    return this.tokens[index < this.tokens.length ? index : this.tokens.length - 1] as Token
  }

  take(): Token {
    const token = this.token
    if (token.kind !== 'end') this.index += 1
    return token
  }

  /** Is the current token this word or symbol? */
  is(word: string): boolean {
    if (this.token.word === word) return true
    if (this.#notes !== undefined) this.wish(`'${word}'`)
    return false
  }

  isKind(kind: TokenKind): boolean {
    return this.token.kind === kind
  }

  accept(word: string): boolean {
    if (!this.is(word)) return false
    this.index += 1
    return true
  }

  /** All these words, one after the other, or nothing. */
  acceptAll(...words: readonly string[]): boolean {
    for (let distance = 0; distance < words.length; distance += 1) {
      if (this.ahead(distance).word !== words[distance]) {
        if (distance === 0) this.wish(`'${words[0]}'`)
        return false
      }
    }
    this.index += words.length
    return true
  }

  expect(word: string): Token {
    const token = this.token
    if (!this.accept(word)) throw this.failure()
    return token
  }

  /** One of these words, which it returns. */
  expectOneOf<Word extends string>(words: readonly Word[]): Word {
    for (const word of words) if (this.accept(word)) return word
    throw this.failure()
  }

  acceptOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    for (const word of words) if (this.accept(word)) return word
    return undefined
  }

  expectKind(kind: TokenKind, label: string): Token {
    if (this.token.kind !== kind) throw this.failure(label)
    return this.take()
  }

  /** Notes that `label` could have stood here. */
  wish(...labels: readonly string[]): void {
    if (this.#named === this.index) this.wishAhead(0)
    else this.wishAhead(0, ...labels)
  }

  /** The same of a token further on. */
  wishAhead(distance: number, ...labels: readonly string[]): void {
    const index = this.index + distance
    if (this.#notes === undefined || index < this.#furthest) return
    if (index > this.#furthest) {
      this.#furthest = index
      this.#notes.clear()
    }
    for (const label of labels) this.#notes.add(label)
  }

  /** A rule begins here that the list of wishes calls by `label`; give the answer to `endNamed` when it is over. */
  beginNamed(label: string): number {
    if (this.#notes === undefined) return -1
    this.wish(label)
    const outer = this.#named
    this.#named = this.index
    return outer
  }

  endNamed(outer: number): void {
    this.#named = outer
  }

  /** What is wrong here. Without notes the message is poor: the caller parses again with them. */
  failure(...labels: readonly string[]): SqlFailure {
    this.wish(...labels)
    const furthest = this.tokens[Math.max(this.#furthest, this.index)] as Token
    return mismatchedInput(furthest, this.#notes ?? labels)
  }

  /** One bracket, prefix or query deeper; `leave` when it is over (not needed on the way to a failure). */
  enter(): void {
    this.#depth += 1
    if (this.#depth > NESTING_MAX) throw tooDeep()
  }

  leave(): void {
    this.#depth -= 1
  }

  /** The tree under way is at least this high. */
  growTo(height: number): void {
    if (height > NESTING_MAX) throw tooDeep()
    if (height > this.height) this.height = height
  }

  isIdentifier(token: Token = this.token): boolean {
    const { kind } = token
    return kind === 'word' || kind === 'quoted' || kind === 'backquoted' || kind === 'digits'
  }

  identifier(): Identifier {
    const token = this.token
    if (!this.isIdentifier(token)) throw this.failure('<identifier>')
    this.index += 1
    return identifierOf(token)
  }

  /** Index of the bracket that closes the one at `index`; of the end when nothing does. */
  closing(index: number): number {
    this.#closing ??= closingBrackets(this.tokens)
    return this.#closing[index] as number
  }

  /** Remembered answers of `isQueryAhead`, by index of the bracket. */
  get queryAhead(): Map<number, boolean> {
    return this.#queryAhead
  }
}

function identifierOf(token: Token): Identifier {
  switch (token.kind) {
    case 'quoted': {
      const value = token.text.slice(1, -1).replaceAll('""', '"')
      if (value === '') throw syntaxError('Zero-length delimited identifier not allowed', token.at)
      return { kind: 'Identifier', at: token.at, value, quoted: true }
    }
    case 'backquoted':
      throw syntaxError('backquoted identifiers are not supported; use double quotes to quote identifiers', token.at)
    case 'digits':
      throw syntaxError('identifiers must not start with a digit; surround the identifier with double quotes', token.at)
    default:
      return { kind: 'Identifier', at: token.at, value: token.text, quoted: false }
  }
}

function closingBrackets(tokens: readonly Token[]): Int32Array {
  const closing = new Int32Array(tokens.length).fill(tokens.length - 1)
  const open: number[] = []
  tokens.forEach((token, index) => {
    if (token.word === '(') open.push(index)
    if (token.word === ')') {
      const start = open.pop()
      if (start !== undefined) closing[start] = index
    }
  })
  return closing
}
