/** KMS's errors beside those that `services/customer-keys.ts` has for the refusals of keys. */
import type { Refusal } from '../../platform/refusal.ts'
import { keyAnswer } from '../customer-keys.ts'
import { WireError } from '../operation.ts'

export function toKmsError(refusal: Refusal): WireError | undefined {
  const answer = keyAnswer(refusal)
  return answer && new WireError(answer.code, answer.message, { cause: refusal })
}

export const validation = (message: string) => new WireError('ValidationException', message)
export const tagError = (message: string) => new WireError('TagException', message)
export const malformedPolicy = (message: string, cause?: unknown) =>
  new WireError('MalformedPolicyDocumentException', message, { cause })
export const otherKey = () =>
  new WireError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )

/** What KMS knows and this lake does not honour: refused by name rather than ignored. */
export const notOffered = (what: string) =>
  new WireError('UnsupportedOperationException', `${what} is not offered by lakelet.`)

export const dryRun = () =>
  new WireError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')
