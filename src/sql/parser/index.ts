/**
 * Athena's language: text to tree.
 *
 * Athena is a router. DDL in Hive's manner (CREATE EXTERNAL TABLE, ALTER, MSCK, SHOW, DESCRIBE …) is read by Hive's
 * grammar, where names are quoted with back-ticks and `"x"` is a string; queries and everything with a SELECT inside
 * (CTAS, INSERT, views, UNLOAD, PREPARE) by Trino's, where `"x"` is a name and back-ticks are refused. `route` tells which,
 * by the first words. The two share nothing but the tokens' shape.
 *
 * Promises
 *  - any text gives a tree or a SqlFailure, nothing else, in time linear in its length;
 *  - no tree is higher than NESTING_MAX, so readers of it may recurse;
 *  - names are kept as written, types stay text, nothing is looked up.
 */
import { SqlFailure } from '../failure.ts'
import type { Expression, Query, Statement } from '../tree.ts'
import { Cursor } from './cursor.ts'
import { onlyOneStatement, tooDeep } from './errors.ts'
import { expression } from './expressions.ts'
import { HiveCursor } from './hive/cursor.ts'
import { hiveStatement } from './hive/statements.ts'
import { tokenize } from './lexer.ts'
import { query } from './queries.ts'
import { routeTokens } from './route.ts'
import { trinoStatement } from './statements.ts'
import type { Token } from './tokens.ts'

export { HiveParseException, NESTING_MAX } from './errors.ts'
export { route, type Side } from './route.ts'

/** One statement; one `;` may end it. */
export function parseStatement(text: string): Statement {
  const tokens = tokenize(text, 'trino')
  if (routeTokens(tokens) === 'hive') return parseHive(text)
  return parseTokens(text, withoutTerminator(text, tokens), trinoStatement)
}

function parseHive(text: string): Statement {
  const tokens = withoutTerminator(text, tokenize(text, 'hive'))
  return withinStack(() => hiveStatement(new HiveCursor(text, tokens)))
}

/** A query alone, as views keep it. */
export function parseQuery(text: string): Query {
  return parseTrino(text, query)
}

/** An expression alone, as execution parameters are. */
export function parseExpression(text: string): Expression {
  return parseTrino(text, expression)
}

function parseTrino<Tree>(text: string, rule: (cursor: Cursor) => Tree): Tree {
  return parseTokens(text, withoutTerminator(text, tokenize(text, 'trino')), rule)
}

/** Parses again with notes when the first time fails: only then is it worth knowing all that was hoped for. */
function parseTokens<Tree>(text: string, tokens: readonly Token[], rule: (cursor: Cursor) => Tree): Tree {
  const parse = (takesNotes: boolean) => withinStack(() => parseAll(new Cursor(text, tokens, { takesNotes }), rule))
  try {
    return parse(false)
  } catch (failure) {
    if (!(failure instanceof SqlFailure) || failure.code !== 'SYNTAX_ERROR') throw failure
  }
  return parse(true)
}

/** NESTING_MAX fits the stack of an idle process; a caller deep in its own may leave less. */
function withinStack<Tree>(parse: () => Tree): Tree {
  try {
    return parse()
  } catch (failure) {
    if (failure instanceof RangeError) throw tooDeep()
    throw failure
  }
}

function parseAll<Tree>(cursor: Cursor, rule: (cursor: Cursor) => Tree): Tree {
  const tree = rule(cursor)
  if (!cursor.isKind('end')) throw cursor.failure('<EOF>')
  return tree
}

/** Drops one `;` at the end; a `;` with more behind it means several statements. */
function withoutTerminator(text: string, tokens: readonly Token[]): readonly Token[] {
  const first = tokens.findIndex((token) => token.word === ';')
  if (first === -1) return tokens
  const end = tokens.at(-1) as Token
  if (first === tokens.length - 2) return [...tokens.slice(0, first), end]
  if (tokens.slice(first).every((token) => token.word === ';' || token.kind === 'end')) return tokens
  throw onlyOneStatement(text)
}
