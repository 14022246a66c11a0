/**
 * Reads SQL/JSON paths (ISO 9075-2, section 9.46, as Trino reads them). From loosest to tightest:
 *
 *   path       = ('lax' | 'strict') sum
 *   sum        = product (('+' | '-') product)*          product = sign (('*' | '/' | '%') sign)*
 *   sign       = ('+' | '-') sign | accessor
 *   accessor   = primary ('.' name | '.*' | '..' name | '.' method '()' | '[' subscripts ']' | '[*]' | '?' '(' predicate ')')*
 *   primary    = literal | '$' | '$name' | '@' | 'last' | '(' sum ')'
 *   predicate  = conjunction ('||' conjunction)*          conjunction = test ('&&' test)*
 *   test       = '!' (exists | bracketed) | 'exists' '(' sum ')' | '(' predicate ')' ['is unknown']
 *              | sum comparison sum | sum 'starts with' sum
 *
 * Not offered, and refused by name: `like_regex`, `datetime()`, `keyvalue()` and other methods.
 */
import type { JsonPath, PathComparison, PathMethod, PathNode, PathPredicate } from './tree.ts'

/** `notOffered`: a good path that asks for what is not there. */
export class JsonPathError extends Error {
  readonly notOffered: boolean

  constructor(message: string, notOffered = false) {
    super(message)
    this.name = 'JsonPathError'
    this.notOffered = notOffered
  }
}

/** Throws JsonPathError. */
export function parseJsonPath(text: string): JsonPath {
  const tokens = tokensOf(text)
  const reader = new PathReader(tokens)
  const mode = reader.take()
  if (mode !== 'lax' && mode !== 'strict') throw unexpected(mode, "'lax', 'strict'")
  const root = sum(reader)
  if (reader.word !== END) throw unexpected(reader.word, '<EOF>')
  const variables = tokens.flatMap((token) => (/^\$./.test(token) ? [token.slice(1)] : []))
  return { strict: mode === 'strict', root, variables }
}

const END = '<EOF>'
const NESTING_MAX = 200
const TOKEN =
  /\s+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|"(?:[^"\\]|\\.)*"|\$[\p{L}_][\p{L}\p{N}_]*|[\p{L}_][\p{L}\p{N}_]*|\.\.|&&|\|\||==|<>|!=|<=|>=|[$@.*[\](),?!<>+\-/%]/uy

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  for (let index = 0; index < text.length; index = TOKEN.lastIndex) {
    TOKEN.lastIndex = index
    const [token] = TOKEN.exec(text) ?? []
    if (token === undefined)
      throw new JsonPathError(`line 1:${index + 1}: token recognition error at: '${text[index]}'`)
    if (token.trim() !== '') tokens.push(token)
  }
  return tokens
}

class PathReader {
  readonly #tokens: readonly string[]
  #index = 0
  #depth = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get word(): string {
    return this.#tokens[this.#index] ?? END
  }

  take(): string {
    const { word } = this
    this.#index++
    return word
  }

  accept(word: string): boolean {
    if (this.word !== word) return false
    this.#index++
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw unexpected(this.word, `'${word}'`)
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > NESTING_MAX) throw new JsonPathError('path is nested too deeply')
    const result = read()
    this.#depth--
    return result
  }

  /** What `read` makes of the tokens here; when it cannot, nothing is taken. */
  attempt<T>(read: () => T): T | undefined {
    const [index, depth] = [this.#index, this.#depth]
    try {
      return read()
    } catch (error) {
      if (!(error instanceof JsonPathError) || error.notOffered) throw error
      this.#index = index
      this.#depth = depth
      return undefined
    }
  }
}

function unexpected(found: string, expected: string): JsonPathError {
  return new JsonPathError(`mismatched input '${found}' expecting ${expected}`)
}

function sum(reader: PathReader): PathNode {
  return reader.nested(() => {
    let left = product(reader)
    for (let { word } = reader; word === '+' || word === '-'; word = reader.word) {
      reader.take()
      left = { kind: 'Arithmetic', operator: word, left, right: product(reader) }
    }
    return left
  })
}

function product(reader: PathReader): PathNode {
  let left = signed(reader)
  for (let { word } = reader; word === '*' || word === '/' || word === '%'; word = reader.word) {
    reader.take()
    left = { kind: 'Arithmetic', operator: word, left, right: signed(reader) }
  }
  return left
}

function signed(reader: PathReader): PathNode {
  const { word } = reader
  if (word !== '+' && word !== '-') return accessor(reader)
  reader.take()
  return reader.nested(() => ({ kind: 'Sign', negative: word === '-', operand: signed(reader) }))
}

function accessor(reader: PathReader): PathNode {
  let base = primary(reader)
  for (;;) {
    if (reader.accept('.')) base = afterDot(reader, base)
    else if (reader.accept('..')) base = { kind: 'Descendants', base, name: memberName(reader) }
    else if (reader.accept('[')) base = elements(reader, base)
    else if (reader.accept('?')) {
      reader.expect('(')
      const predicate = disjunction(reader)
      reader.expect(')')
      base = { kind: 'Filter', base, predicate }
    } else return base
  }
}

const METHODS: readonly string[] = ['type', 'size', 'double', 'ceiling', 'floor', 'abs'] satisfies PathMethod[]

function afterDot(reader: PathReader, base: PathNode): PathNode {
  if (reader.accept('*')) return { kind: 'Member', base }
  const isText = reader.word.startsWith('"')
  const name = memberName(reader)
  if (isText || !reader.accept('(')) return { kind: 'Member', base, name }
  if (!METHODS.includes(name)) throw new JsonPathError(`JSON path method ${name}() is not supported`, true)
  reader.expect(')')
  return { kind: 'Method', base, method: name as PathMethod }
}

function memberName(reader: PathReader): string {
  const word = reader.take()
  if (word.startsWith('"')) return textOf(word)
  if (!/^[\p{L}_]/u.test(word) || word === END) throw unexpected(word, 'identifier, string')
  return word
}

function elements(reader: PathReader, base: PathNode): PathNode {
  if (reader.accept('*')) {
    reader.expect(']')
    return { kind: 'Elements', base }
  }
  const subscripts: { from: PathNode; to?: PathNode }[] = []
  do {
    const from = sum(reader)
    subscripts.push(reader.accept('to') ? { from, to: sum(reader) } : { from })
  } while (reader.accept(','))
  reader.expect(']')
  return { kind: 'Elements', base, subscripts }
}

function primary(reader: PathReader): PathNode {
  const word = reader.take()
  switch (word) {
    case '$':
      return { kind: 'Root' }
    case '@':
      return { kind: 'Current' }
    case 'last':
      return { kind: 'Last' }
    case 'null':
      return { kind: 'Literal', value: null }
    case 'true':
    case 'false':
      return { kind: 'Literal', value: word === 'true' }
    case '(': {
      const inner = sum(reader)
      reader.expect(')')
      return inner
    }
  }
  if (word.startsWith('"')) return { kind: 'Literal', value: textOf(word) }
  if (word.startsWith('$')) return { kind: 'Variable', name: word.slice(1) }
  if (/^\.?\d/.test(word)) return { kind: 'Literal', value: numberOf(word) }
  throw unexpected(word, "'$', '@', literal, '('")
}

function numberOf(word: string): bigint | number | { readonly decimal: string } {
  if (/^\d+$/.test(word)) return BigInt(word)
  return /[eE]/.test(word) ? Number(word) : { decimal: word }
}

/** In double quotes, with the escapes of JSON. */
function textOf(word: string): string {
  try {
    return JSON.parse(word) as string
  } catch {
    throw new JsonPathError(`invalid string literal: ${word}`)
  }
}

function disjunction(reader: PathReader): PathPredicate {
  return reader.nested(() => {
    let left = conjunction(reader)
    while (reader.accept('||')) left = { kind: 'Or', left, right: conjunction(reader) }
    return left
  })
}

function conjunction(reader: PathReader): PathPredicate {
  let left = predicateTerm(reader)
  while (reader.accept('&&')) left = { kind: 'And', left, right: predicateTerm(reader) }
  return left
}

function predicateTerm(reader: PathReader): PathPredicate {
  if (reader.accept('!')) return { kind: 'Not', operand: delimited(reader) }
  if (reader.word === 'exists') return delimited(reader)
  if (reader.word !== '(') return pathTest(reader)
  // A bracket opens a predicate or a path that is compared.
  return reader.attempt(() => pathTest(reader)) ?? bracketed(reader)
}

function delimited(reader: PathReader): PathPredicate {
  if (!reader.accept('exists')) return bracketed(reader)
  reader.expect('(')
  const path = sum(reader)
  reader.expect(')')
  return { kind: 'Exists', path }
}

function bracketed(reader: PathReader): PathPredicate {
  reader.expect('(')
  const operand = disjunction(reader)
  reader.expect(')')
  if (!reader.accept('is')) return operand
  reader.expect('unknown')
  return { kind: 'IsUnknown', operand }
}

const COMPARISONS: Readonly<Record<string, PathComparison>> = {
  '==': '==',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

function pathTest(reader: PathReader): PathPredicate {
  const left = sum(reader)
  if (reader.accept('starts')) {
    reader.expect('with')
    return { kind: 'StartsWith', whole: left, start: sum(reader) }
  }
  const word = reader.take()
  if (word === 'like_regex') throw new JsonPathError('JSON path predicate like_regex is not supported', true)
  const operator = COMPARISONS[word]
  if (operator === undefined) throw unexpected(word, 'comparison')
  return { kind: 'Comparison', operator, left, right: sum(reader) }
}
