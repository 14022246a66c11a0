/** `TABLE(function(…))`, read by its whole grammar; the tree keeps the name, for the refusal. */
import type { Relation } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { expression } from './expressions.ts'
import { isQueryAhead } from './lookahead.ts'
import { optionalColumnList, qualifiedName } from './names.ts'
import { optionalAlias, query } from './queries.ts'
import { typeName } from './types.ts'
import { sortItem } from './windows.ts'

export function tableFunction(cursor: Cursor): Relation {
  const { at } = cursor.expect('TABLE')
  cursor.expect('(')
  const name = qualifiedName(cursor)
  cursor.expect('(')
  if (!cursor.is(')') && !cursor.is('COPARTITION')) {
    do argument(cursor)
    while (cursor.accept(','))
  }
  if (cursor.accept('COPARTITION')) copartition(cursor)
  cursor.expect(')')
  cursor.expect(')')
  return { kind: 'TableFunction', at, name }
}

function argument(cursor: Cursor): void {
  if (cursor.isIdentifier() && cursor.ahead(1).word === '=>') cursor.index += 2
  if (cursor.is('TABLE')) tableArgument(cursor)
  else if (cursor.is('DESCRIPTOR') && cursor.ahead(1).word === '(') descriptor(cursor)
  else if (!isNoDescriptor(cursor)) expression(cursor)
}

/** `CAST(NULL AS DESCRIPTOR)` */
const isNoDescriptor = (cursor: Cursor): boolean => cursor.acceptAll('CAST', '(', 'NULL', 'AS', 'DESCRIPTOR', ')')

function tableArgument(cursor: Cursor): void {
  cursor.expect('TABLE')
  const isQuery = cursor.is('(') && isQueryAhead(cursor, cursor.index)
  cursor.expect('(')
  if (isQuery) query(cursor)
  else qualifiedName(cursor)
  cursor.expect(')')
  if (!ARGUMENT_CLAUSES.has(cursor.token.word) && optionalAlias(cursor) !== undefined) optionalColumnList(cursor)
  if (cursor.acceptAll('PARTITION', 'BY')) inBracketsOrAlone(cursor, expression)
  if (cursor.acceptOneOf(['PRUNE', 'KEEP']) !== undefined) {
    cursor.expect('WHEN')
    cursor.expect('EMPTY')
  }
  if (cursor.acceptAll('ORDER', 'BY')) inBracketsOrAlone(cursor, sortItem)
}

const ARGUMENT_CLAUSES = new Set(['PARTITION', 'PRUNE', 'KEEP', 'COPARTITION'])

function inBracketsOrAlone(cursor: Cursor, item: (cursor: Cursor) => unknown): void {
  if (!cursor.accept('(')) {
    item(cursor)
    return
  }
  if (cursor.accept(')')) return
  do item(cursor)
  while (cursor.accept(','))
  cursor.expect(')')
}

function descriptor(cursor: Cursor): void {
  cursor.index += 2
  do {
    cursor.identifier()
    if (!cursor.is(',') && !cursor.is(')')) typeName(cursor)
  } while (cursor.accept(','))
  cursor.expect(')')
}

function copartition(cursor: Cursor): void {
  do {
    cursor.expect('(')
    qualifiedName(cursor)
    cursor.expect(',')
    do qualifiedName(cursor)
    while (cursor.accept(','))
    cursor.expect(')')
  } while (cursor.accept(','))
}
