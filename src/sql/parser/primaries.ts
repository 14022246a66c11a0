/**
 * Primary expressions: literals, names, brackets, and everything that begins with a word of its own, then any number of
 * subscripts and fields.
 */
import type { Expression, Identifier } from '../tree.ts'
import { functionCall } from './calls.ts'
import type { Cursor } from './cursor.ts'
import { notSupported } from './errors.ts'
import { expression, expressions, nestedValue } from './expressions.ts'
import { binaryLiteral, isString, numericLiteral, stringValue } from './literals.ts'
import { isQueryAhead } from './lookahead.ts'
import { query } from './queries.ts'
import { currentTime, SPECIAL_FORMS } from './special-forms.ts'

export function primary(cursor: Cursor): Expression {
  let node = beginning(cursor)
  for (;;) {
    if (cursor.token.word === '[') {
      cursor.take()
      const index = nestedValue(cursor)
      cursor.expect(']')
      node = { kind: 'Subscript', at: node.at, base: node, index }
    } else if (cursor.token.word === '.') {
      // `t.*` is for the select list to read.
      if (cursor.ahead(1).word === '*') return node
      cursor.take()
      cursor.wish("'*'")
      node = { kind: 'Dereference', at: node.at, base: node, field: cursor.identifier() }
    } else {
      cursor.wish("'.'", "'['")
      return node
    }
    cursor.growTo(cursor.height + 1)
  }
}

function beginning(cursor: Cursor): Expression {
  const { token } = cursor
  switch (token.kind) {
    case 'integer':
    case 'decimal':
    case 'double':
      cursor.take()
      return numericLiteral(token, token.at, '')
    case 'string':
    case 'unicode-string':
      return { kind: 'StringLiteral', at: token.at, value: stringValue(cursor) }
    case 'binary':
      cursor.take()
      return binaryLiteral(token)
    case 'symbol':
      return afterSymbol(cursor)
    case 'word':
    case 'reserved': {
      const special = SPECIAL_FORMS[token.word]?.(cursor)
      if (special !== undefined) return special
      const moment = currentTime(cursor)
      if (moment !== undefined) return moment
      if (token.kind === 'reserved') throw cursor.failure('<expression>')
      return afterName(cursor)
    }
    case 'quoted':
    case 'backquoted':
    case 'digits':
      return afterName(cursor)
    default:
      throw cursor.failure('<expression>')
  }
}

function afterSymbol(cursor: Cursor): Expression {
  const { token } = cursor
  switch (token.word) {
    case '(':
      return bracket(cursor)
    case '[':
      return bareArray(cursor)
    case '-':
      cursor.take()
      return numericLiteral(cursor.take(), token.at, '-')
    case '?':
      cursor.take()
      cursor.parameters += 1
      return { kind: 'Parameter', at: token.at, index: cursor.parameters - 1 }
    default:
      throw cursor.failure('<expression>')
  }
}

/** A subquery, a lambda's parameters, a row, or an expression in brackets, which leaves no trace in the tree. */
function bracket(cursor: Cursor): Expression {
  const { at } = cursor
  if (cursor.tokens[cursor.closing(cursor.index) + 1]?.word === '->') return lambda(cursor)
  if (isQueryAhead(cursor, cursor.index)) {
    cursor.take()
    const inner = query(cursor)
    cursor.expect(')')
    return { kind: 'ScalarSubquery', at, query: inner }
  }
  cursor.take()
  cursor.wish('<query>')
  const first = expression(cursor)
  if (!cursor.accept(',')) {
    cursor.expect(')')
    return first
  }
  const items = [first, ...expressions(cursor)]
  cursor.expect(')')
  return { kind: 'RowConstructor', at, fields: items.map((item) => ({ value: item })) }
}

/** `[a, b]`: newer Trino's short form of ARRAY[a, b]. */
function bareArray(cursor: Cursor): Expression {
  const { at } = cursor.take()
  const items = cursor.is(']') ? [] : expressions(cursor)
  cursor.expect(']')
  return { kind: 'ArrayConstructor', at, items }
}

/** `(x, y) -> …`, `() -> …` */
function lambda(cursor: Cursor): Expression {
  const { at } = cursor.take()
  const parameters: Identifier[] = []
  if (!cursor.is(')')) {
    do parameters.push(cursor.identifier())
    while (cursor.accept(','))
  }
  cursor.expect(')')
  cursor.expect('->')
  return { kind: 'Lambda', at, parameters, body: expression(cursor) }
}

/** A column, a function, `x -> …`, or a literal of a named type. */
function afterName(cursor: Cursor): Expression {
  const { at } = cursor
  const follower = cursor.ahead(1)
  if (isString(follower)) {
    const type = cursor.identifier().value.toLowerCase()
    return { kind: 'GenericLiteral', at, type, value: stringValue(cursor) }
  }
  if (follower.word === '->') {
    const parameter = cursor.identifier()
    cursor.take()
    return { kind: 'Lambda', at, parameters: [parameter], body: expression(cursor) }
  }
  if (isCallAhead(cursor)) return functionCall(cursor)
  const name = cursor.identifier()
  if (cursor.token.word === 'OVER' && (cursor.ahead(1).word === '(' || cursor.isIdentifier(cursor.ahead(1)))) {
    throw notSupported(`row pattern measure '${name.value}' over a window is not supported`, at)
  }
  return name
}

/** `name(`, `schema.name(`, `RUNNING name(` … */
function isCallAhead(cursor: Cursor): boolean {
  const { word } = cursor.token
  let distance = 0
  if ((word === 'RUNNING' || word === 'FINAL') && cursor.isIdentifier(cursor.ahead(1))) distance = 1
  distance += 1
  while (cursor.ahead(distance).word === '.' && cursor.isIdentifier(cursor.ahead(distance + 1))) distance += 2
  return cursor.ahead(distance).word === '('
}
