/** What FROM reads: tables, joins, subqueries, UNNEST, LATERAL, samples, row patterns, table functions. */
import type { Relation } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { expression, expressions, value } from './expressions.ts'
import { jsonTable } from './json-table.ts'
import { isQueryAhead } from './lookahead.ts'
import { columnList, optionalColumnList, qualifiedName } from './names.ts'
import { optionalAlias, query } from './queries.ts'
import { rowPattern } from './row-pattern.ts'
import { tableFunction } from './table-functions.ts'

type JoinType = Extract<Relation, { kind: 'Join' }>['type']

/** A relation with all joins that follow. The right side of JOIN takes further joins before its own condition. */
export function relation(cursor: Cursor): Relation {
  cursor.enter()
  let left = sampled(cursor)
  for (;;) {
    const joined = join(cursor, left)
    if (joined === undefined) break
    left = joined
    cursor.growTo(cursor.height + 1)
  }
  cursor.leave()
  return left
}

function join(cursor: Cursor, left: Relation): Relation | undefined {
  const { at } = left
  if (cursor.accept('CROSS')) {
    cursor.expect('JOIN')
    return { kind: 'Join', at, type: 'CROSS', implicit: false, left, right: sampled(cursor) }
  }
  if (cursor.accept('NATURAL')) {
    const type = joinType(cursor) ?? 'INNER'
    cursor.expect('JOIN')
    return { kind: 'Join', at, type, implicit: false, left, right: sampled(cursor), criteria: { kind: 'Natural' } }
  }
  const type = joinType(cursor)
  if (type === undefined && !cursor.is('JOIN')) return undefined
  cursor.expect('JOIN')
  const right = relation(cursor)
  if (cursor.accept('ON')) {
    const criteria = { kind: 'On', expression: expression(cursor) } as const
    return { kind: 'Join', at, type: type ?? 'INNER', implicit: false, left, right, criteria }
  }
  cursor.expect('USING')
  const criteria = { kind: 'Using', columns: columnList(cursor) } as const
  return { kind: 'Join', at, type: type ?? 'INNER', implicit: false, left, right, criteria }
}

function joinType(cursor: Cursor): JoinType | undefined {
  if (cursor.accept('INNER')) return 'INNER'
  const type = cursor.acceptOneOf(['LEFT', 'RIGHT', 'FULL'])
  if (type !== undefined) cursor.accept('OUTER')
  return type
}

function sampled(cursor: Cursor): Relation {
  const { at } = cursor
  const source = patternOver(cursor)
  if (!cursor.accept('TABLESAMPLE')) return source
  const method = cursor.expectOneOf(['BERNOULLI', 'SYSTEM'])
  cursor.expect('(')
  const percentage = expression(cursor)
  cursor.expect(')')
  return { kind: 'Sampled', at, relation: source, method, percentage }
}

function patternOver(cursor: Cursor): Relation {
  const source = aliased(cursor, relationPrimary(cursor))
  if (!cursor.is('MATCH_RECOGNIZE') || cursor.ahead(1).word !== '(') return source
  rowPattern(cursor)
  return aliased(cursor, { kind: 'MatchRecognize', at: source.at, input: source })
}

function aliased(cursor: Cursor, inner: Relation): Relation {
  const alias = optionalAlias(cursor)
  if (alias === undefined) return inner
  const columns = optionalColumnList(cursor)
  return { kind: 'Aliased', at: inner.at, relation: inner, alias, ...(columns !== undefined && { columns }) }
}

function relationPrimary(cursor: Cursor): Relation {
  cursor.wish("'('", "'JSON_TABLE'", "'LATERAL'", "'TABLE'", "'UNNEST'", '<identifier>')
  switch (cursor.token.word) {
    case '(':
      return inBrackets(cursor)
    case 'UNNEST':
      return unnest(cursor)
    case 'TABLE':
      return tableFunction(cursor)
    case 'JSON_TABLE':
      return jsonTable(cursor)
    case 'LATERAL':
      return cursor.ahead(1).word === '(' ? lateral(cursor) : table(cursor)
    default:
      if (!cursor.isIdentifier()) throw cursor.failure()
      return table(cursor)
  }
}

function inBrackets(cursor: Cursor): Relation {
  const { at } = cursor
  const isQuery = isQueryAhead(cursor, cursor.index)
  cursor.take()
  if (isQuery) {
    const inner = query(cursor)
    cursor.expect(')')
    return { kind: 'SubqueryRelation', at, query: inner }
  }
  cursor.wish('<query>')
  const inner = relation(cursor)
  cursor.expect(')')
  return inner
}

function unnest(cursor: Cursor): Relation {
  const { at } = cursor.take()
  cursor.expect('(')
  const list = expressions(cursor)
  cursor.expect(')')
  const withOrdinality = cursor.accept('WITH')
  if (withOrdinality) cursor.expect('ORDINALITY')
  return { kind: 'Unnest', at, expressions: list, withOrdinality }
}

function lateral(cursor: Cursor): Relation {
  const { at } = cursor.take()
  cursor.expect('(')
  const inner = query(cursor)
  cursor.expect(')')
  return { kind: 'Lateral', at, query: inner }
}

/** `name [FOR TIMESTAMP|VERSION AS OF value]` */
function table(cursor: Cursor): Relation {
  const { at } = cursor
  const name = qualifiedName(cursor)
  if (!cursor.accept('FOR')) return { kind: 'Table', at, name }
  const type = cursor.expectOneOf(['TIMESTAMP', 'VERSION'])
  cursor.expect('AS')
  cursor.expect('OF')
  const asOf = { type, value: value(cursor) } as const
  return { kind: 'Table', at, name, asOf }
}
