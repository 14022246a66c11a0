/** Every way the query stage says no before or after an execution. Messages are Athena's own sentences. */
import { Refusal } from '../platform/refusal.ts'

export type QueryRefusal =
  | 'invalidInput'
  | 'malformedQuery'
  | 'executionNotFound'
  | 'invalidExecutionState'
  | 'resultNotFound'
  | 'idempotentParameterMismatch'
  | 'invalidParameterUsage'
  | 'preparedStatementNotFound'
  | 'tooManyQueries'
  | 'metadata'
  /** The caller may not read the result. */
  | 'accessDenied'

export function invalidInput(message: string): Refusal<QueryRefusal> {
  return new Refusal('invalidInput', message)
}

export function refuse(code: QueryRefusal, message: string, fields?: Record<string, unknown>): Refusal<QueryRefusal> {
  return new Refusal(code, message, fields === undefined ? {} : { fields })
}
