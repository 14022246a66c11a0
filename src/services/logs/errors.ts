/** The only place that knows the names CloudWatch Logs has for refusals. Texts as seen in public issues and SDK tests. */
import type { Refusal } from '../../platform/refusal.ts'
import type { PatternRefusal } from '../../telemetry/filter-pattern.ts'
import type { LogRefusal } from '../../telemetry/log-store.ts'
import { WireError } from '../operation.ts'

const ANSWERS: Readonly<Record<LogRefusal | PatternRefusal, readonly [code: string, text?: string]>> = {
  noSuchLogGroup: ['ResourceNotFoundException', 'The specified log group does not exist.'],
  noSuchLogStream: ['ResourceNotFoundException', 'The specified log stream does not exist.'],
  logGroupExists: ['ResourceAlreadyExistsException', 'The specified log group already exists'],
  logStreamExists: ['ResourceAlreadyExistsException', 'The specified log stream already exists'],
  tooManyLogGroups: ['LimitExceededException', 'Resource limit exceeded.'],
  tooManyLogStreams: ['LimitExceededException', 'Resource limit exceeded.'],
  patternNotOffered: ['InvalidParameterException'],
  invalidPattern: ['InvalidParameterException'],
}

export function toLogsError(refusal: Refusal): WireError | undefined {
  if (!Object.hasOwn(ANSWERS, refusal.code)) return undefined
  const [code, text = refusal.message] = ANSWERS[refusal.code as LogRefusal | PatternRefusal]
  return new WireError(code, text, { cause: refusal })
}

export const invalid = (message: string) => new WireError('InvalidParameterException', message)
export const tooManyTags = (resourceName: string) =>
  new WireError('TooManyTagsException', 'A resource can have no more than 50 tags.', { extra: { resourceName } })
export const invalidToken = () => invalid('The specified nextToken is invalid.')

/** What CloudWatch Logs knows and this lake does not honour: refused by name rather than ignored. */
export const notOffered = (what: string) => invalid(`${what} is not offered by lakelet: leave it out.`)
