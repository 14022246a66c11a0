/** Statements of the Trino side: queries, and what Athena adds to them. */
import type { Expression, Identifier, Position, Property, QualifiedName, Statement, TrinoStatement } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { notOffered, notSupported } from './errors.ts'
import { expression, expressions } from './expressions.ts'
import { stringValue } from './literals.ts'
import { isQueryAhead } from './lookahead.ts'
import { columnList, qualifiedName } from './names.ts'
import { query } from './queries.ts'
import { relation } from './relations.ts'

type Rule = (cursor: Cursor) => TrinoStatement

const RULES: Readonly<Record<string, Rule | undefined>> = {
  __proto__: null as never,
  CREATE: create,
  DEALLOCATE: deallocate,
  DELETE: deleteFrom,
  DROP: dropView,
  EXECUTE: execute,
  EXPLAIN: explain,
  INSERT: insert,
  MERGE: merge,
  OPTIMIZE: optimize,
  PREPARE: prepare,
  SHOW: show,
  UNLOAD: unload,
  UPDATE: update,
  VACUUM: vacuum,
}

/** Statements that Trino knows by these words and Athena does not run. */
const NOT_OFFERED = [
  'ANALYZE',
  'CALL',
  'COMMENT',
  'COMMIT',
  'DENY',
  'GRANT',
  'REFRESH',
  'RESET',
  'REVOKE',
  'ROLLBACK',
  'SET',
  'START',
  'TRUNCATE',
  'USE',
]

/** Words that begin a statement on the Hive side but are expected wherever a statement is. */
const HIVE_BEGINNINGS = ["'ALTER'", "'DESC'", "'DESCRIBE'", "'DROP'"]

export function trinoStatement(cursor: Cursor): TrinoStatement {
  const { word, at } = cursor.token
  const rule = RULES[word]
  if (rule !== undefined) return rule(cursor)
  if (NOT_OFFERED.includes(word)) throw notOffered(at)
  if (word === 'USING') throw notSupported('USING EXTERNAL FUNCTION is not supported', at)
  cursor.wish(...HIVE_BEGINNINGS, ...NOT_OFFERED.map((name) => `'${name}'`))
  cursor.wish(...TRINO_BEGINNINGS, '<query>')
  return { kind: 'QueryStatement', at, query: query(cursor) }
}

/** OPTIMIZE and VACUUM are Athena's own and not in the list that its messages give. */
const TRINO_BEGINNINGS = Object.keys(RULES)
  .filter((word) => word !== 'OPTIMIZE' && word !== 'VACUUM')
  .map((word) => `'${word}'`)

/** The statement inside PREPARE and EXPLAIN: both need it from this side. */
function innerStatement(cursor: Cursor): Statement {
  cursor.enter()
  const statement = trinoStatement(cursor)
  cursor.leave()
  return statement
}

function create(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('CREATE')
  const orReplace = cursor.accept('OR')
  if (orReplace) cursor.expect('REPLACE')
  if (cursor.token.word === 'PROTECTED' || cursor.token.word === 'MATERIALIZED') {
    throw notSupported(`CREATE ${cursor.token.word} VIEW is not supported`, cursor.at)
  }
  if (cursor.accept('VIEW')) return createView(cursor, at, orReplace)
  refuse(cursor, CREATED, at)
  cursor.expect('TABLE')
  if (orReplace) throw notSupported('CREATE OR REPLACE TABLE is not supported', at)
  return createTableAs(cursor, at)
}

/** What Trino can create, drop or show and Athena does not, or not through this grammar. */
const CREATED = ['CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA']
const DROPPED = ['CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE']
const SHOWN = 'CATALOGS COLUMNS CURRENT GRANTS ROLE ROLES SCHEMAS SESSION STATS TABLES'.split(' ')

function refuse(cursor: Cursor, words: readonly string[], at: Position): void {
  for (const word of words) if (cursor.is(word)) throw notOffered(at)
}

function createView(cursor: Cursor, at: Position, orReplace: boolean): TrinoStatement {
  const name = qualifiedName(cursor)
  const comment = cursor.accept('COMMENT') ? stringValue(cursor) : undefined
  const security = cursor.accept('SECURITY') ? cursor.expectOneOf(['DEFINER', 'INVOKER']) : undefined
  cursor.expect('AS')
  const begin = cursor.token.start
  const inner = query(cursor)
  return {
    kind: 'CreateView',
    at,
    name,
    orReplace,
    ...(comment !== undefined && { comment }),
    ...(security !== undefined && { security }),
    query: inner,
    queryText: textSince(cursor, begin),
  }
}

/** The statement's text from `begin` to the token read last. */
function textSince(cursor: Cursor, begin: number): string {
  return cursor.text.slice(begin, cursor.tokens[cursor.index - 1]?.end ?? begin)
}

function createTableAs(cursor: Cursor, at: Position): TrinoStatement {
  const ifNotExists = cursor.accept('IF')
  if (ifNotExists) {
    cursor.expect('NOT')
    cursor.expect('EXISTS')
  }
  const name = qualifiedName(cursor)
  const columns = cursor.is('(') ? columnList(cursor) : undefined
  const comment = cursor.accept('COMMENT') ? stringValue(cursor) : undefined
  const properties = cursor.accept('WITH') ? propertyList(cursor) : []
  cursor.expect('AS')
  const inner = query(cursor)
  const withData = dataClause(cursor)
  return {
    kind: 'CreateTableAs',
    at,
    name,
    ifNotExists,
    ...(columns !== undefined && { columns }),
    ...(comment !== undefined && { comment }),
    properties,
    query: inner,
    withData,
  }
}

/** `WITH [NO] DATA` */
function dataClause(cursor: Cursor): boolean {
  if (!cursor.accept('WITH')) return true
  const isEmpty = cursor.accept('NO')
  cursor.expect('DATA')
  return !isEmpty
}

/** `(name = value, …)` */
function propertyList(cursor: Cursor): Property[] {
  const list: Property[] = []
  cursor.expect('(')
  do {
    const { at } = cursor
    const name = cursor.identifier().value
    cursor.expect('=')
    list.push({ name, value: expression(cursor), at })
  } while (cursor.accept(','))
  cursor.expect(')')
  return list
}

function dropView(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('DROP')
  refuse(cursor, DROPPED, at)
  cursor.expect('VIEW')
  const ifExists = cursor.accept('IF')
  if (ifExists) cursor.expect('EXISTS')
  return { kind: 'DropView', at, name: qualifiedName(cursor), ifExists }
}

function show(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('SHOW')
  if (cursor.accept('FUNCTIONS')) {
    if (!cursor.accept('LIKE')) return { kind: 'ShowFunctions', at }
    const like = stringValue(cursor)
    if (!cursor.accept('ESCAPE')) return { kind: 'ShowFunctions', at, like }
    return { kind: 'ShowFunctions', at, like, escape: stringValue(cursor) }
  }
  refuse(cursor, SHOWN, at)
  cursor.expect('CREATE')
  refuse(cursor, CREATED, at)
  cursor.expect('VIEW')
  return { kind: 'ShowCreateView', at, name: qualifiedName(cursor) }
}

/** `EXPLAIN [(FORMAT x, TYPE y)] statement`, `EXPLAIN ANALYZE [VERBOSE | (FORMAT x)] statement`; options in upper case. */
function explain(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('EXPLAIN')
  const analyze = cursor.accept('ANALYZE')
  const isVerbose = analyze && cursor.accept('VERBOSE')
  const options = isVerbose ? { VERBOSE: 'TRUE' } : explainOptions(cursor, analyze)
  return { kind: 'Explain', at, analyze, options, statement: innerStatement(cursor) }
}

/** A query that is run has its type: Athena lets ANALYZE choose only the format. */
function explainOptions(cursor: Cursor, analyze: boolean): Readonly<Record<string, string>> {
  const options: Record<string, string> = {}
  const isList = cursor.is('(') && !isQueryAhead(cursor, cursor.index)
  if (!isList) return options
  cursor.take()
  do {
    const name = cursor.expectOneOf(analyze ? ['FORMAT'] : ['FORMAT', 'TYPE'])
    options[name] =
      name === 'FORMAT'
        ? cursor.expectOneOf(analyze ? ['TEXT', 'JSON'] : ['TEXT', 'GRAPHVIZ', 'JSON'])
        : cursor.expectOneOf(['LOGICAL', 'DISTRIBUTED', 'VALIDATE', 'IO'])
  } while (cursor.accept(','))
  cursor.expect(')')
  return options
}

/** `INSERT INTO t [(a, b)] query`; brackets after the name may also hold the query. */
function insert(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('INSERT')
  cursor.expect('INTO')
  const target = qualifiedName(cursor)
  const hasColumns = cursor.is('(') && !isQueryAhead(cursor, cursor.index)
  const columns = hasColumns ? columnList(cursor) : undefined
  return { kind: 'Insert', at, target, ...(columns !== undefined && { columns }), query: query(cursor) }
}

/** `UNLOAD (query) TO 's3://…' [WITH (…)]` */
function unload(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('UNLOAD')
  cursor.expect('(')
  const inner = query(cursor)
  cursor.expect(')')
  cursor.expect('TO')
  const to = stringValue(cursor)
  const properties = cursor.accept('WITH') ? propertyList(cursor) : []
  return { kind: 'Unload', at, query: inner, to, properties }
}

function prepare(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('PREPARE')
  const name = cursor.identifier()
  cursor.expect('FROM')
  const begin = cursor.token.start
  const statement = innerStatement(cursor)
  return { kind: 'Prepare', at, name, statement, statementText: textSince(cursor, begin) }
}

function execute(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('EXECUTE')
  const name: Identifier = cursor.identifier()
  const using: Expression[] = cursor.accept('USING') ? expressions(cursor) : []
  return { kind: 'Execute', at, name, using }
}

function deallocate(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('DEALLOCATE')
  cursor.expect('PREPARE')
  return { kind: 'Deallocate', at, name: cursor.identifier() }
}

function deleteFrom(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('DELETE')
  cursor.expect('FROM')
  const target = qualifiedName(cursor)
  condition(cursor)
  return { kind: 'Delete', at, target }
}

function condition(cursor: Cursor): void {
  if (cursor.accept('WHERE')) expression(cursor)
}

function update(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('UPDATE')
  const target = qualifiedName(cursor)
  cursor.expect('SET')
  assignments(cursor)
  condition(cursor)
  return { kind: 'Update', at, target }
}

function assignments(cursor: Cursor): void {
  do {
    cursor.identifier()
    cursor.expect('=')
    expression(cursor)
  } while (cursor.accept(','))
}

function merge(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('MERGE')
  cursor.expect('INTO')
  const target: QualifiedName = qualifiedName(cursor)
  if (cursor.accept('AS') || cursor.isIdentifier()) cursor.identifier()
  cursor.expect('USING')
  relation(cursor)
  cursor.expect('ON')
  expression(cursor)
  do mergeCase(cursor)
  while (cursor.is('WHEN'))
  return { kind: 'Merge', at, target }
}

function mergeCase(cursor: Cursor): void {
  cursor.expect('WHEN')
  const isInsert = cursor.accept('NOT')
  cursor.expect('MATCHED')
  if (cursor.accept('AND')) expression(cursor)
  cursor.expect('THEN')
  if (isInsert) {
    cursor.expect('INSERT')
    if (cursor.is('(')) columnList(cursor)
    cursor.expect('VALUES')
    cursor.expect('(')
    expressions(cursor)
    cursor.expect(')')
  } else if (cursor.expectOneOf(['UPDATE', 'DELETE']) === 'UPDATE') {
    cursor.expect('SET')
    assignments(cursor)
  }
}

/** `OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE …]` */
function optimize(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('OPTIMIZE')
  const target = qualifiedName(cursor)
  cursor.expect('REWRITE')
  cursor.expect('DATA')
  cursor.expect('USING')
  cursor.expect('BIN_PACK')
  condition(cursor)
  return { kind: 'Optimize', at, target }
}

function vacuum(cursor: Cursor): TrinoStatement {
  const { at } = cursor.expect('VACUUM')
  return { kind: 'Vacuum', at, target: qualifiedName(cursor) }
}
