/**
 * How the two grammars say no.
 *
 * Trino: `mismatched input 'x'. Expecting: 'A', 'B', <expression>`, the list sorted, from every path that got furthest.
 * Hive: `no viable alternative at input '…'`, quoting the statement up to the word that did not fit.
 */
import { SqlFailure } from '../failure.ts'
import type { Position } from '../tree.ts'
import type { Token } from './tokens.ts'

/** Levels of nesting, brackets and operator chains alike. Every reader of the tree may recurse this deep safely. */
export const NESTING_MAX = 500

export function mismatchedInput(found: Token, expected: Iterable<string>): SqlFailure {
  const list = [...new Set(expected)].sort((left, right) => (left < right ? -1 : 1)).join(', ')
  return new SqlFailure('SYNTAX_ERROR', `mismatched input '${found.text}'. Expecting: ${list}`, found.at)
}

export function syntaxError(message: string, at: Position): SqlFailure {
  return new SqlFailure('SYNTAX_ERROR', message, at)
}

export function notSupported(message: string, at: Position): SqlFailure {
  return new SqlFailure('NOT_SUPPORTED', message, at)
}

/** Trino's words for it; it means its parser ran out of stack, ours never does. */
export function tooDeep(): SqlFailure {
  return new SqlFailure('SYNTAX_ERROR', 'statement is too large (stack overflow while parsing)', { line: 1, column: 1 })
}

export function onlyOneStatement(text: string): SqlFailure {
  return new SqlFailure('SYNTAX_ERROR', `Only one sql statement is allowed. Got: ${text}`)
}

/** Statements that Trino knows and Athena does not run. */
export function notOffered(at: Position): SqlFailure {
  return new SqlFailure('NOT_SUPPORTED', 'Queries of this type are not supported', at)
}

export function noViableAlternative(text: string, found: Token): SqlFailure {
  return new SqlFailure('SYNTAX_ERROR', `no viable alternative at input '${text.slice(0, found.end).trim()}'`, found.at)
}

/**
 * Accepted by Athena's front but not by Hive behind it: the query starts and then FAILS with `message` as its reason
 * (AthenaError category 1, type 1003), which already names the place.
 */
export class HiveParseException extends SqlFailure {
  constructor(problem: string, at: Position) {
    super('SYNTAX_ERROR', `FAILED: ParseException line ${at.line}:${at.column - 1} ${problem}`)
    this.name = 'HiveParseException'
  }
}
