/** The only place that knows Athena's names for the domain's refusals (D1). Texts are the domain's, which are Athena's. */
import type { Refusal } from '../../platform/refusal.ts'
import type { QueryRefusal } from '../../query/refusal.ts'
import { WireError } from '../operation.ts'

const INVALID_REQUEST_CODES: Readonly<Partial<Record<QueryRefusal, string>>> = {
  invalidInput: 'INVALID_INPUT',
  malformedQuery: 'MALFORMED_QUERY',
  executionNotFound: 'QUERY_EXECUTION_NOT_FOUND',
  invalidExecutionState: 'INVALID_QUERY_EXECUTION_STATE',
  resultNotFound: 'RESULT_NOT_FOUND',
  idempotentParameterMismatch: 'IDEMPOTENT_PARAMETER_MISMATCH',
  invalidParameterUsage: 'INVALID_PARAMETER_USAGE',
}

export function toAthenaError(refusal: Refusal): WireError | undefined {
  const { code, message, fields } = refusal
  const athenaCode = Object.hasOwn(INVALID_REQUEST_CODES, code)
    ? INVALID_REQUEST_CODES[code as QueryRefusal]
    : undefined
  if (athenaCode !== undefined) return invalidRequest(message, athenaCode, refusal)
  switch (code as QueryRefusal) {
    case 'preparedStatementNotFound':
      return new WireError('ResourceNotFoundException', message, {
        extra: { ResourceName: fields['name'] },
        cause: refusal,
      })
    case 'tooManyQueries':
      return new WireError('TooManyRequestsException', message, {
        extra: { Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' },
        cause: refusal,
      })
    case 'metadata':
      return new WireError('MetadataException', message, { cause: refusal })
    case 'accessDenied':
      return new WireError('AccessDeniedException', message, { cause: refusal })
    default:
      return undefined
  }
}

/** AthenaErrorCode is all that is given: the wire repeats it as ErrorCode. */
export function invalidRequest(message: string, athenaCode = 'INVALID_INPUT', cause?: unknown): WireError {
  return new WireError('InvalidRequestException', message, {
    extra: { AthenaErrorCode: athenaCode },
    ...(cause !== undefined && { cause }),
  })
}

/** A member that would have no effect is refused, not ignored. */
export function refuseMembers<Input extends object>(
  input: Input | undefined,
  names: readonly (keyof Input & string)[],
): void {
  const name = names.find((candidate) => input?.[candidate] !== undefined)
  if (name !== undefined) throw invalidRequest(`${name} is not supported by this lake.`)
}
