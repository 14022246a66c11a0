/**
 * CloudWatch's errors, by the names of their shapes; clients of the query protocol see them without `Exception`. Texts
 * marked [V] were seen in public issues; the others follow their form.
 */
import type { Refusal } from '../../platform/refusal.ts'
import { WireError } from '../operation.ts'

export function toCloudWatchError(refusal: Refusal): WireError | undefined {
  if (refusal.code !== 'tooManyMetrics') return undefined
  return new WireError('LimitExceededFault', refusal.message, { cause: refusal })
}

export const invalidValue = (message: string) => new WireError('InvalidParameterValueException', message)
export const invalidCombination = (message: string) => new WireError('InvalidParameterCombinationException', message)
export const missing = (message: string) => new WireError('MissingRequiredParameterException', message)
/** GetMetricData has no modelled errors but that of its token. */
export const validation = (message: string) => new WireError('ValidationException', message)
export const invalidToken = () => new WireError('InvalidNextToken', 'The specified nextToken is invalid.')

/** [V] */
export const mutuallyExclusive = (one: string, other: string) =>
  invalidCombination(`The parameters ${one} and ${other} are mutually exclusive and you have specified both.`)

/** What CloudWatch knows and this lake does not honour: refused by name rather than ignored. */
export const notOffered = (what: string) => invalidValue(`${what} is not offered by lakelet: leave it out.`)
