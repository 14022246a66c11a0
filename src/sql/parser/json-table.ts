/** JSON_TABLE(…), read by its whole grammar and then forgotten: the analyser refuses it by name. */
import type { Relation } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { jsonFormat, jsonPathInvocation, queryBehaviors, queryShape, valueBehaviors } from './json-functions.ts'
import { isString, stringValue } from './literals.ts'
import { typeName } from './types.ts'

export function jsonTable(cursor: Cursor): Relation {
  const { at } = cursor.expect('JSON_TABLE')
  cursor.expect('(')
  jsonPathInvocation(cursor)
  columns(cursor)
  if (cursor.accept('PLAN')) plan(cursor)
  if (cursor.acceptOneOf(['ERROR', 'EMPTY']) !== undefined) {
    cursor.expect('ON')
    cursor.expect('ERROR')
  }
  cursor.expect(')')
  return { kind: 'JsonTable', at }
}

function columns(cursor: Cursor): void {
  cursor.enter()
  cursor.expect('COLUMNS')
  cursor.expect('(')
  do column(cursor)
  while (cursor.accept(','))
  cursor.expect(')')
  cursor.leave()
}

function column(cursor: Cursor): void {
  if (cursor.is('NESTED') && (cursor.ahead(1).word === 'PATH' || isString(cursor.ahead(1)))) {
    nested(cursor)
    return
  }
  cursor.identifier()
  if (cursor.accept('FOR')) {
    cursor.expect('ORDINALITY')
    return
  }
  typeName(cursor)
  const isQuery = cursor.accept('FORMAT')
  if (isQuery) jsonFormat(cursor)
  if (cursor.accept('PATH')) stringValue(cursor)
  if (isQuery) {
    queryShape(cursor)
    queryBehaviors(cursor)
  } else {
    valueBehaviors(cursor)
  }
}

function nested(cursor: Cursor): void {
  cursor.take()
  cursor.accept('PATH')
  stringValue(cursor)
  if (cursor.accept('AS')) cursor.identifier()
  columns(cursor)
}

function plan(cursor: Cursor): void {
  if (cursor.accept('DEFAULT')) {
    cursor.expect('(')
    cursor.expectOneOf(['OUTER', 'INNER', 'UNION', 'CROSS'])
    if (cursor.accept(',')) cursor.expectOneOf(['OUTER', 'INNER', 'UNION', 'CROSS'])
    cursor.expect(')')
    return
  }
  cursor.expect('(')
  specificPlan(cursor)
  cursor.expect(')')
}

function specificPlan(cursor: Cursor): void {
  planPrimary(cursor)
  if (cursor.acceptOneOf(['OUTER', 'INNER']) !== undefined) {
    planPrimary(cursor)
    return
  }
  const operator = cursor.acceptOneOf(['UNION', 'CROSS'])
  if (operator === undefined) return
  do planPrimary(cursor)
  while (cursor.accept(operator))
}

function planPrimary(cursor: Cursor): void {
  if (!cursor.accept('(')) {
    cursor.identifier()
    return
  }
  cursor.enter()
  specificPlan(cursor)
  cursor.leave()
  cursor.expect(')')
}
