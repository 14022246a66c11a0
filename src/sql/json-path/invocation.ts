/**
 * What one SQL/JSON call asks for besides its values: settled when the statement is analysed, carried as JSON text in a
 * constant argument, read once by the engine.
 */
export interface JsonInvocation {
  readonly path: string
  /** Names of the PASSING values, in order. Each value is JSON text. */
  readonly passing: readonly string[]
  readonly wrapper: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL'
  readonly omitQuotes: boolean
  readonly onEmpty: JsonOutcome
  readonly onError: JsonOutcome
  /** JSON_VALUE: what its scalar will be cast to from text. */
  readonly scalarFor: 'text' | 'integer' | 'number' | 'boolean' | 'moment'
}

export type JsonOutcome = 'NULL' | 'ERROR' | 'EMPTY_ARRAY' | 'EMPTY_OBJECT' | 'TRUE' | 'FALSE' | 'UNKNOWN' | 'DEFAULT'

/** Names that no call in a statement can have. */
export const JSON_CALLS = {
  exists: 'json path exists',
  value: 'json path value',
  valueOrDefault: 'json path value or default',
  query: 'json path query',
  object: 'json object of members',
  array: 'json array of items',
  input: 'json text as item',
} as const
