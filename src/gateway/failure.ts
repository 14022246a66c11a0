/** What went wrong, in the words of the protocol: refusals by the service's table, the rest as InternalFailure, logged. */
import type { Log } from '../platform/log.ts'
import { saysNoRoom } from '../platform/no-room.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import { WireError } from '../wire/error.ts'
import { SignatureFailure, type SignatureProblem } from '../wire/sigv4/failure.ts'

export interface FailureDialect {
  readonly signatureError: (problem: SignatureProblem) => WireError
  readonly refusalError: (refusal: Refusal) => WireError | undefined
  readonly internalError: () => WireError
}

export function wireErrorOf(error: unknown, dialect: FailureDialect, log: Log, requestId: string): WireError {
  const known = knownError(error, dialect)
  if (known !== undefined) {
    // 501 is a refusal by name, not a failure.
    if (known.status >= 500 && known.status !== 501) log.warn('RequestFailed', { requestId, code: known.code, error })
    return known
  }
  log.error('RequestFailed', { requestId, error })
  return saysNoRoom(error) ? noRoom(error) : dialect.internalError()
}

/** AWS has no such error. 507 says what it is, and SDKs do not repeat the call in vain. */
function noRoom(cause: unknown): WireError {
  return new WireError('InsufficientStorage', 'The lake has no room left on its disk. Nothing was stored.', {
    status: 507,
    cause,
  })
}

function knownError(error: unknown, dialect: FailureDialect): WireError | undefined {
  if (error instanceof WireError) return error
  if (error instanceof SignatureFailure) return dialect.signatureError(error.problem)
  return isRefusal(error) ? dialect.refusalError(error) : undefined
}

export const internalFailure = () =>
  new WireError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    { status: 500 },
  )

export const internalS3Error = () =>
  new WireError('InternalError', 'We encountered an internal error. Please try again.', { status: 500 })
