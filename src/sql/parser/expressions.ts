/**
 * Expressions by precedence. From loosest to tightest:
 *
 *   OR · AND · NOT · one predicate (= <> < <= > >= BETWEEN IN LIKE IS) · || · + - · * / % · unary - + · AT TIME ZONE ·
 *   subscript and field
 *
 * A predicate is not chained: `a = b = c` is an error, as in Trino. A node that an operator makes stands at the operator,
 * a predicate at its first word, all others at their first token: Trino's messages name these places.
 */
import type { ComparisonOperator, Expression, Position } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { intervalLiteral, isIntervalAhead, stringValue } from './literals.ts'
import { isQueryAhead } from './lookahead.ts'
import { primary } from './primaries.ts'
import { query } from './queries.ts'

export function expression(cursor: Cursor): Expression {
  const outerHeight = cursor.height
  const outerName = cursor.beginNamed('<expression>')
  cursor.height = 0
  cursor.enter()
  const node = disjunction(cursor)
  cursor.leave()
  cursor.endNamed(outerName)
  const height = cursor.height + 1
  cursor.height = outerHeight
  cursor.growTo(height)
  return node
}

/** At least one, with commas between. */
export function expressions(cursor: Cursor): Expression[] {
  const list = [expression(cursor)]
  while (cursor.accept(',')) list.push(expression(cursor))
  return list
}

/** Goes on with an expression of which the first value has been read already. */
export function expressionAfter(cursor: Cursor, first: Expression): Expression {
  return disjunction(cursor, first)
}

function disjunction(cursor: Cursor, first?: Expression): Expression {
  const { at } = first ?? cursor
  const left = conjunction(cursor, first)
  if (!cursor.is('OR')) return left
  const terms = [left]
  while (cursor.accept('OR')) terms.push(sideBySide(cursor, conjunction))
  cursor.growTo(cursor.height + 1)
  return { kind: 'Logical', at, operator: 'OR', terms }
}

function conjunction(cursor: Cursor, first?: Expression): Expression {
  const { at } = first ?? cursor
  const left = negation(cursor, first)
  if (!cursor.is('AND')) return left
  const terms = [left]
  while (cursor.accept('AND')) terms.push(sideBySide(cursor, negation))
  cursor.growTo(cursor.height + 1)
  return { kind: 'Logical', at, operator: 'AND', terms }
}

/** A term of a list: the list is one higher than its highest term, however many there are. */
function sideBySide(cursor: Cursor, rule: (cursor: Cursor) => Expression): Expression {
  const { height } = cursor
  cursor.height = 0
  const term = rule(cursor)
  cursor.growTo(height)
  return term
}

function negation(cursor: Cursor, first?: Expression): Expression {
  if (first !== undefined || cursor.token.word !== 'NOT') return predicated(cursor, first ?? value(cursor))
  const { at } = cursor.take()
  const outer = cursor.beginNamed('<expression>')
  cursor.enter()
  const operand = negation(cursor)
  cursor.leave()
  cursor.endNamed(outer)
  cursor.growTo(cursor.height + 1)
  return { kind: 'Not', at, operand }
}

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

function predicated(cursor: Cursor, operand: Expression): Expression {
  const outer = cursor.beginNamed('<predicate>')
  const { at } = cursor
  const operator = COMPARISONS[cursor.token.word]
  const node = operator === undefined ? wordPredicate(cursor, operand, at) : comparison(cursor, operand, operator, at)
  cursor.endNamed(outer)
  return node
}

function comparison(cursor: Cursor, left: Expression, operator: ComparisonOperator, at: Position): Expression {
  cursor.take()
  cursor.growTo(cursor.height + 1)
  const { word } = cursor.token
  if ((word === 'ALL' || word === 'ANY' || word === 'SOME') && cursor.ahead(1).word === '(') {
    if (isQueryAhead(cursor, cursor.index + 1)) {
      cursor.take()
      return { kind: 'QuantifiedComparison', at, operator, quantifier: word, operand: left, query: bracketed(cursor) }
    }
  }
  cursor.wish("'ALL'", "'ANY'", "'SOME'")
  return { kind: 'Comparison', at, operator, left, right: value(cursor) }
}

function wordPredicate(cursor: Cursor, operand: Expression, at: Position): Expression {
  switch (cursor.token.word) {
    case 'IS':
      cursor.take()
      cursor.growTo(cursor.height + 1)
      return isPredicate(cursor, operand, at)
    case 'NOT':
    case 'BETWEEN':
    case 'IN':
    case 'LIKE':
      cursor.growTo(cursor.height + 1)
      return negatablePredicate(cursor, operand, at)
    default:
      return operand
  }
}

function isPredicate(cursor: Cursor, operand: Expression, at: Position): Expression {
  const negated = cursor.accept('NOT')
  if (cursor.accept('NULL')) return { kind: 'IsNull', at, operand, negated }
  const truth = cursor.token.word
  if (truth === 'TRUE' || truth === 'FALSE') {
    const right: Expression = { kind: 'BooleanLiteral', at: cursor.take().at, value: truth === 'TRUE' }
    return { kind: 'IsDistinctFrom', at, left: operand, right, negated: !negated }
  }
  if (truth === 'UNKNOWN') {
    cursor.take()
    return { kind: 'IsNull', at, operand, negated }
  }
  cursor.expect('DISTINCT')
  cursor.expect('FROM')
  return { kind: 'IsDistinctFrom', at, left: operand, right: value(cursor), negated }
}

function negatablePredicate(cursor: Cursor, operand: Expression, at: Position): Expression {
  const negated = cursor.accept('NOT')
  switch (cursor.expectOneOf(['BETWEEN', 'IN', 'LIKE'])) {
    case 'BETWEEN':
      return between(cursor, operand, at, negated)
    case 'IN': {
      if (cursor.is('(') && isQueryOnly(cursor, cursor.index)) {
        return { kind: 'InSubquery', at, operand, query: bracketed(cursor), negated }
      }
      cursor.expect('(')
      cursor.wish('<query>')
      const list = expressions(cursor)
      cursor.expect(')')
      return { kind: 'InList', at, operand, list, negated }
    }
    case 'LIKE': {
      const pattern = value(cursor)
      if (!cursor.accept('ESCAPE')) return { kind: 'Like', at, operand, pattern, negated }
      return { kind: 'Like', at, operand, pattern, escape: value(cursor), negated }
    }
  }
}

/** `IN ((SELECT 1))` is a list of one scalar subquery, as Trino reads it. */
function isQueryOnly(cursor: Cursor, open: number): boolean {
  const isBracket = cursor.tokens[open + 1]?.word === '('
  const holdsOneBracket = isBracket && cursor.closing(open + 1) + 1 === cursor.closing(open)
  return isQueryAhead(cursor, open) && !holdsOneBracket
}

/** SYMMETRIC lets the bounds stand in either order, so it is two ranges. */
function between(cursor: Cursor, operand: Expression, at: Position, negated: boolean): Expression {
  const mode = modeOfBetween(cursor)
  const low = value(cursor)
  cursor.expect('AND')
  const high = value(cursor)
  if (mode !== 'SYMMETRIC') return { kind: 'Between', at, operand, low, high, negated }
  cursor.growTo(cursor.height + 2)
  const either: Expression = {
    kind: 'Logical',
    at,
    operator: 'OR',
    terms: [
      { kind: 'Between', at, operand, low, high, negated: false },
      { kind: 'Between', at, operand, low: high, high: low, negated: false },
    ],
  }
  return negated ? { kind: 'Not', at, operand: either } : either
}

function modeOfBetween(cursor: Cursor): 'SYMMETRIC' | 'ASYMMETRIC' | undefined {
  const { word } = cursor.token
  if (word !== 'SYMMETRIC' && word !== 'ASYMMETRIC') return undefined
  // A column of that name is followed by an operator, AND, `.`, `[` or `(`.
  const follower = cursor.ahead(1)
  if (follower.word === 'AND' || (follower.kind === 'symbol' && follower.word !== '(')) return undefined
  cursor.take()
  return word
}

function bracketed(cursor: Cursor) {
  cursor.expect('(')
  const inner = query(cursor)
  cursor.expect(')')
  return inner
}

const CONCAT = 1
const ADDITIVE = 2
const MULTIPLICATIVE = 3

const BINARY: Readonly<Record<string, number>> = {
  '||': CONCAT,
  '+': ADDITIVE,
  '-': ADDITIVE,
  '*': MULTIPLICATIVE,
  '/': MULTIPLICATIVE,
  '%': MULTIPLICATIVE,
}

/** What stands on either side of a predicate: operators down to `loosest`. */
export function value(cursor: Cursor, loosest = CONCAT): Expression {
  const outerHeight = cursor.height
  const outerName = cursor.beginNamed('<expression>')
  cursor.height = 0
  let left = operand(cursor)
  for (;;) {
    const { word, at } = cursor.token
    const precedence = BINARY[word]
    if (precedence === undefined || precedence < loosest) break
    cursor.take()
    const right = value(cursor, precedence + 1)
    // Whoever reads `||` reads the whole chain at once, so it may be long.
    if (precedence !== CONCAT || left.kind !== 'Concat') cursor.growTo(cursor.height + 1)
    left = binary(word, at, left, right)
  }
  cursor.wish("'%'", "'*'", "'+'", "'-'", "'/'", "'||'")
  cursor.endNamed(outerName)
  const height = cursor.height
  cursor.height = outerHeight
  cursor.growTo(height)
  return left
}

/** A value inside brackets of its own. */
export function nestedValue(cursor: Cursor): Expression {
  const outerHeight = cursor.height
  cursor.height = 0
  cursor.enter()
  const node = value(cursor)
  cursor.leave()
  const height = cursor.height + 1
  cursor.height = outerHeight
  cursor.growTo(height)
  return node
}

function binary(word: string, at: Position, left: Expression, right: Expression): Expression {
  switch (word) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return { kind: 'Arithmetic', at, operator: word, left, right }
    default:
      return { kind: 'Concat', at, left, right }
  }
}

const isNumber = (kind: string): boolean => kind === 'integer' || kind === 'decimal' || kind === 'double'

function operand(cursor: Cursor): Expression {
  const { word, at } = cursor.token
  let node: Expression
  if ((word === '-' || word === '+') && !(word === '-' && isNumber(cursor.ahead(1).kind))) {
    cursor.take()
    const outer = cursor.beginNamed('<expression>')
    cursor.enter()
    const inner = operand(cursor)
    cursor.leave()
    cursor.endNamed(outer)
    cursor.growTo(cursor.height + 1)
    node = { kind: 'Unary', at, operator: word, operand: inner }
  } else {
    node = primary(cursor)
  }
  while (cursor.token.word === 'AT' && cursor.ahead(1).word === 'TIME' && cursor.ahead(2).word === 'ZONE') {
    const place = cursor.at
    cursor.index += 3
    cursor.growTo(cursor.height + 1)
    node = { kind: 'AtTimeZone', at: place, operand: node, zone: timeZone(cursor) }
  }
  cursor.wish("'AT'")
  return node
}

/** AT TIME ZONE takes an interval or a string, nothing computed. */
function timeZone(cursor: Cursor): Expression {
  if (cursor.is('INTERVAL') && isIntervalAhead(cursor)) return intervalLiteral(cursor)
  const { at } = cursor
  return { kind: 'StringLiteral', at, value: stringValue(cursor) }
}
