/** Queries: WITH, set operations, SELECT and what follows it. INTERSECT binds tighter than UNION and EXCEPT. */
import type {
  Expression,
  GroupingElement,
  Identifier,
  NamedQuery,
  Query,
  QueryBody,
  QuerySpecification,
  Relation,
  SelectItem,
  Window,
} from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { expression, expressions } from './expressions.ts'
import { beginsExpression, isClauseAhead, isQueryAhead } from './lookahead.ts'
import { columnList, optionalColumnList, qualifiedName } from './names.ts'
import { relation } from './relations.ts'
import { sortItems, windowInBrackets } from './windows.ts'

export function query(cursor: Cursor): Query {
  const outerHeight = cursor.height
  const outerName = cursor.beginNamed('<query>')
  cursor.height = 0
  cursor.enter()
  const { at } = cursor
  const withClause = cursor.accept('WITH') ? namedQueries(cursor) : undefined
  const rest = queryNoWith(cursor)
  cursor.leave()
  cursor.endNamed(outerName)
  const height = cursor.height + 1
  cursor.height = outerHeight
  cursor.growTo(height)
  return withClause === undefined ? rest : { ...rest, at, with: withClause }
}

function namedQueries(cursor: Cursor): NonNullable<Query['with']> {
  const recursive = cursor.accept('RECURSIVE')
  const queries = [namedQuery(cursor)]
  while (cursor.accept(',')) queries.push(namedQuery(cursor))
  return { recursive, queries }
}

function namedQuery(cursor: Cursor): NamedQuery {
  const { at } = cursor
  const name = cursor.identifier()
  const columns = optionalColumnList(cursor)
  cursor.expect('AS')
  cursor.expect('(')
  const inner = query(cursor)
  cursor.expect(')')
  return { at, name, ...(columns !== undefined && { columns }), query: inner }
}

function queryNoWith(cursor: Cursor): Query {
  const { at } = cursor
  const body = queryTerm(cursor)
  const orderBy = cursor.is('ORDER') ? sortItems(cursor) : []
  const offset = cursor.accept('OFFSET') ? rowOffset(cursor) : undefined
  const limit = queryLimit(cursor)
  return {
    kind: 'Query',
    at,
    body,
    orderBy,
    ...(offset !== undefined && { offset }),
    ...(limit !== undefined && { limit }),
  }
}

function rowOffset(cursor: Cursor): Expression {
  const count = rowCount(cursor)
  cursor.acceptOneOf(['ROW', 'ROWS'])
  return count
}

function queryLimit(cursor: Cursor): Query['limit'] {
  if (cursor.accept('LIMIT')) {
    return cursor.accept('ALL') ? undefined : { count: rowCount(cursor), withTies: false }
  }
  if (!cursor.accept('FETCH')) return undefined
  const { at } = cursor
  cursor.expectOneOf(['FIRST', 'NEXT'])
  const isBare = cursor.token.word === 'ROW' || cursor.token.word === 'ROWS'
  const count: Expression = isBare ? { kind: 'LongLiteral', at, text: '1' } : rowCount(cursor)
  cursor.expectOneOf(['ROW', 'ROWS'])
  if (cursor.accept('ONLY')) return { count, withTies: false }
  cursor.expect('WITH')
  cursor.expect('TIES')
  return { count, withTies: true }
}

function rowCount(cursor: Cursor): Expression {
  const { at, kind, text } = cursor.token
  if (cursor.accept('?')) {
    cursor.parameters += 1
    return { kind: 'Parameter', at, index: cursor.parameters - 1 }
  }
  if (kind !== 'integer') throw cursor.failure('<integer>')
  cursor.take()
  return { kind: 'LongLiteral', at, text: BigInt(text.replaceAll('_', '')).toString() }
}

function queryTerm(cursor: Cursor): QueryBody {
  let left = intersections(cursor)
  for (;;) {
    const { at } = cursor
    const operator = cursor.acceptOneOf(['UNION', 'EXCEPT'])
    if (operator === undefined) return left
    const all = setQuantifier(cursor)
    const right = intersections(cursor)
    if (!continues(left, operator, all)) cursor.growTo(cursor.height + 1)
    left = { kind: 'SetOperation', at, operator, all, left, right }
  }
}

function intersections(cursor: Cursor): QueryBody {
  let left = queryPrimary(cursor)
  for (;;) {
    const { at } = cursor
    if (!cursor.accept('INTERSECT')) return left
    const all = setQuantifier(cursor)
    left = { kind: 'SetOperation', at, operator: 'INTERSECT', all, left, right: queryPrimary(cursor) }
    cursor.growTo(cursor.height + 1)
  }
}

/** Readers take a chain of UNIONs of one kind as one operation, so it may be long. */
function continues(left: QueryBody, operator: 'UNION' | 'EXCEPT', all: boolean): boolean {
  return operator === 'UNION' && left.kind === 'SetOperation' && left.operator === operator && left.all === all
}

const setQuantifier = (cursor: Cursor): boolean => cursor.acceptOneOf(['ALL', 'DISTINCT']) === 'ALL'

function queryPrimary(cursor: Cursor): QueryBody {
  const { at } = cursor
  if (cursor.is('SELECT')) return querySpecification(cursor)
  if (cursor.accept('VALUES')) return { kind: 'Values', at, rows: expressions(cursor) }
  if (cursor.accept('TABLE')) return { kind: 'TableQuery', at, name: qualifiedName(cursor) }
  cursor.expect('(')
  cursor.enter()
  const inner = queryNoWith(cursor)
  cursor.leave()
  cursor.growTo(cursor.height + 1)
  cursor.expect(')')
  return { kind: 'Subquery', at, query: inner }
}

function querySpecification(cursor: Cursor): QuerySpecification {
  const { at } = cursor.expect('SELECT')
  const distinct = selectQuantifier(cursor)
  const items = [selectItem(cursor)]
  while (cursor.accept(',')) items.push(selectItem(cursor))
  const from = cursor.accept('FROM') ? relations(cursor) : undefined
  const where = cursor.accept('WHERE') ? expression(cursor) : undefined
  const groupBy = cursor.accept('GROUP') ? grouping(cursor) : undefined
  const having = cursor.accept('HAVING') ? expression(cursor) : undefined
  const windows = cursor.is('WINDOW') ? windowDefinitions(cursor) : []
  return {
    kind: 'QuerySpecification',
    at,
    distinct,
    items,
    ...(from !== undefined && { from }),
    ...(where !== undefined && { where }),
    ...(groupBy !== undefined && { groupBy }),
    ...(having !== undefined && { having }),
    windows,
  }
}

function selectQuantifier(cursor: Cursor): boolean {
  if (cursor.accept('DISTINCT')) return true
  const follower = cursor.ahead(1)
  if (cursor.is('ALL') && (follower.word === '*' || beginsExpression(follower))) cursor.take()
  return false
}

function selectItem(cursor: Cursor): SelectItem {
  const { at } = cursor
  if (cursor.accept('*')) return { kind: 'SelectAll', at, aliases: [] }
  const inner = expression(cursor)
  if (cursor.is('.') && cursor.ahead(1).word === '*') {
    cursor.index += 2
    const aliases = cursor.accept('AS') ? columnList(cursor) : []
    return { kind: 'SelectAll', at, target: inner, aliases }
  }
  const alias = optionalAlias(cursor)
  return { kind: 'SelectExpression', at, expression: inner, ...(alias !== undefined && { alias }) }
}

/** `[AS] name`, unless a clause begins with that word. */
export function optionalAlias(cursor: Cursor): Identifier | undefined {
  if (cursor.accept('AS')) return cursor.identifier()
  cursor.wish('<identifier>')
  return cursor.isIdentifier() && !isClauseAhead(cursor) ? cursor.identifier() : undefined
}

/** Commas between relations are joins without a condition. */
function relations(cursor: Cursor): Relation {
  let left = relation(cursor)
  for (;;) {
    if (!cursor.accept(',')) return left
    left = { kind: 'Join', at: left.at, type: 'CROSS', implicit: true, left, right: relation(cursor) }
    cursor.growTo(cursor.height + 1)
  }
}

function grouping(cursor: Cursor): NonNullable<QuerySpecification['groupBy']> {
  cursor.expect('BY')
  const distinct = selectQuantifier(cursor)
  const elements = [groupingElement(cursor)]
  while (cursor.accept(',')) elements.push(groupingElement(cursor))
  return { distinct, elements }
}

function groupingElement(cursor: Cursor): GroupingElement {
  const { at } = cursor
  if (cursor.accept('ROLLUP')) return { kind: 'Rollup', at, sets: groupingSets(cursor, { mayBeEmpty: true }) }
  if (cursor.accept('CUBE')) return { kind: 'Cube', at, sets: groupingSets(cursor, { mayBeEmpty: true }) }
  if (cursor.is('GROUPING') && cursor.ahead(1).word === 'SETS') {
    cursor.index += 2
    return { kind: 'GroupingSets', at, sets: groupingSets(cursor, { mayBeEmpty: false }) }
  }
  return { kind: 'Simple', at, expressions: groupingSet(cursor) }
}

function groupingSets(cursor: Cursor, { mayBeEmpty }: { readonly mayBeEmpty: boolean }): Expression[][] {
  cursor.expect('(')
  if (mayBeEmpty && cursor.accept(')')) return []
  const sets = [groupingSet(cursor)]
  while (cursor.accept(',')) sets.push(groupingSet(cursor))
  cursor.expect(')')
  return sets
}

/** `(a, b)`, `()` or one expression; `(a + 1) * 2` only begins like a set. */
function groupingSet(cursor: Cursor): Expression[] {
  if (!cursor.is('(') || isQueryAhead(cursor, cursor.index)) return [expression(cursor)]
  const follower = cursor.tokens[cursor.closing(cursor.index) + 1]
  if (follower !== undefined && GOES_ON.has(follower.word)) return [expression(cursor)]
  cursor.take()
  if (cursor.accept(')')) return []
  const set = expressions(cursor)
  cursor.expect(')')
  return set
}

/** What after a bracket makes it the beginning of a longer expression. */
const GOES_ON = new Set('+ - * / % || = <> < <= > >= . [ -> AND OR NOT BETWEEN IN LIKE IS AT'.split(' '))

function windowDefinitions(cursor: Cursor): { name: Identifier; window: Window }[] {
  const list: { name: Identifier; window: Window }[] = []
  cursor.expect('WINDOW')
  do {
    const name = cursor.identifier()
    cursor.expect('AS')
    list.push({ name, window: windowInBrackets(cursor) })
  } while (cursor.accept(','))
  return list
}
