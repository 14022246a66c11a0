/**
 * The language's "no": Trino's StandardErrorCode name, its text, and where in the statement. `line 1:8: ` is not part of
 * `message`; `failureText` adds it, as Athena's StateChangeReason has it.
 */
import type { Position } from './tree.ts'

export type SqlFailureCode =
  | 'SYNTAX_ERROR'
  | 'INVALID_LITERAL'
  | 'HIVE_INVALID_METADATA'
  | 'TABLE_NOT_FOUND'
  | 'SCHEMA_NOT_FOUND'
  | 'CATALOG_NOT_FOUND'
  | 'COLUMN_NOT_FOUND'
  | 'AMBIGUOUS_NAME'
  | 'FUNCTION_NOT_FOUND'
  | 'TYPE_MISMATCH'
  | 'TYPE_NOT_FOUND'
  | 'INVALID_CAST_ARGUMENT'
  | 'INVALID_FUNCTION_ARGUMENT'
  | 'NUMERIC_VALUE_OUT_OF_RANGE'
  | 'DIVISION_BY_ZERO'
  | 'EXPRESSION_NOT_AGGREGATE'
  | 'EXPRESSION_NOT_SCALAR'
  | 'EXPRESSION_NOT_CONSTANT'
  | 'EXPRESSION_NOT_IN_DISTINCT'
  | 'MISMATCHED_COLUMN_ALIASES'
  | 'DUPLICATE_NAMED_QUERY'
  | 'INVALID_COLUMN_REFERENCE'
  | 'INVALID_ARGUMENTS'
  | 'INVALID_WINDOW_FRAME'
  | 'INVALID_RECURSIVE_REFERENCE'
  | 'MISSING_COLUMN_ALIASES'
  | 'MISSING_OVER'
  | 'MISSING_GROUP_BY'
  | 'MISSING_ORDER_BY'
  | 'MISSING_COLUMN_NAME'
  | 'DUPLICATE_COLUMN_NAME'
  | 'DUPLICATE_PARAMETER_NAME'
  | 'NESTED_AGGREGATION'
  | 'NESTED_WINDOW'
  | 'FUNCTION_NOT_AGGREGATE'
  | 'FUNCTION_NOT_WINDOW'
  | 'INVALID_ORDER_BY'
  | 'INVALID_LIMIT_CLAUSE'
  | 'VIEW_IS_STALE'
  | 'INVALID_VIEW'
  | 'INVALID_PARAMETER_USAGE'
  | 'TOO_MANY_ARGUMENTS'
  | 'NOT_SUPPORTED'
  | 'TABLE_ALREADY_EXISTS'
  | 'INVALID_TABLE_PROPERTY'
  | 'COLUMN_TYPE_UNKNOWN'
  | 'HIVE_COLUMN_ORDER_MISMATCH'
  | 'HIVE_PATH_ALREADY_EXISTS'
  | 'HIVE_UNSUPPORTED_FORMAT'
  | 'INVALID_PATH'
  | 'UNSUPPORTED_SUBQUERY'

export class SqlFailure extends Error {
  readonly code: SqlFailureCode
  readonly at: Position | undefined

  constructor(code: SqlFailureCode, message: string, at?: Position) {
    super(message)
    this.name = 'SqlFailure'
    this.code = code
    this.at = at
  }
}

/** `COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved`; without a place just `CODE: text`. */
export function failureText(failure: SqlFailure): string {
  const place = failure.at === undefined ? '' : `line ${failure.at.line}:${failure.at.column}: `
  return `${failure.code}: ${place}${failure.message}`
}
