/**
 * What came back over HTTP: an answer of the function, or the reason why there is none. Pure.
 *
 * The Lambda API says by `X-Amz-Function-Error` that a function failed, and by its status and `x-amzn-ErrorType` that it
 * was not invoked. AWS's emulator says neither: a function that failed is a 200 with `errorMessage` and `errorType` in
 * place of an answer, one that ran too long is a 200 with a line of text, one whose process ended a 502. All of these
 * are told apart here.
 */
import { isAscii } from 'node:buffer'
import { ANSWER_BYTES_MAX } from './event.ts'
import { failure, type LambdaFailure, namedFailure } from './failure.ts'

/** An HTTP response, read to its end or to one byte more than an answer may have. */
export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export type Reading =
  | { readonly kind: 'answer'; readonly document: unknown }
  /** `detail` is for the lake's log: what the function itself said. */
  | { readonly kind: 'failure'; readonly failure: LambdaFailure; readonly detail: string }

const TIMED_OUT = /Task timed out after [\d.]+ seconds/
/** Of what a function said, in the log. */
const DETAIL_LENGTH_MAX = 1_000

const STATUSES: Readonly<Record<number, LambdaFailure>> = {
  401: failure('InvokeAccessDenied'),
  403: failure('InvokeAccessDenied'),
  404: failure('ResourceNotFound'),
  413: failure('RequestTooLargeException'),
  429: failure('InvokeLimitExceeded'),
  504: failure('FunctionTimedOut'),
}

/** As Lambda has it: the function ran, and what it returned is an error. */
const TOO_LARGE: Reading = {
  kind: 'failure',
  failure: failure('FunctionError'),
  detail: `The answer is larger than ${ANSWER_BYTES_MAX} bytes.`,
}

export function readReply(reply: Reply): Reading {
  const { status, body } = reply
  if (body.byteLength > ANSWER_BYTES_MAX) return TOO_LARGE
  // Answers are ASCII as a rule: an eighth of the time, which is a quarter of all that is done for a record.
  const text = body.toString(isAscii(body) ? 'latin1' : 'utf8')
  const document = parsed(text)
  const detail = text.slice(0, DETAIL_LENGTH_MAX)
  const isSuccess = status >= 200 && status < 300
  if (!isSuccess) return { kind: 'failure', failure: failureOfStatus(reply, document), detail: `${status} ${detail}` }
  const hasFailed = reply.headers['x-amz-function-error'] !== undefined || isFailureOfFunction(document)
  if (!hasFailed && !(document === NOT_JSON && TIMED_OUT.test(detail))) return { kind: 'answer', document }
  return { kind: 'failure', failure: failure(TIMED_OUT.test(detail) ? 'FunctionTimedOut' : 'FunctionError'), detail }
}

/** What no JSON text stands for; an answer that cannot be read. */
const NOT_JSON = Symbol('not JSON')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever asked sees it by this value.
    return NOT_JSON
  }
}

function failureOfStatus({ status, headers }: Reply, document: unknown): LambdaFailure {
  const known = STATUSES[status]
  if (known !== undefined) return known
  const unexpected = `The address of the Lambda function answered HTTP status ${status}.`
  const name = exceptionName(headers['x-amzn-errortype'])
  if (name !== undefined) return namedFailure(name, messageIn(document) ?? unexpected)
  if (isFailureOfFunction(document)) return failure('FunctionError')
  return status >= 500 ? failure('ServiceException') : failure('ServiceException', unexpected)
}

/** `ENILimitReachedException:http://…` */
function exceptionName(header: string | string[] | undefined): string | undefined {
  const name = typeof header === 'string' ? header.split(':')[0] : undefined
  return name !== undefined && /^[A-Za-z]{1,80}$/.test(name) ? name : undefined
}

function isFailureOfFunction(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || 'records' in document) return false
  const { errorMessage, errorType } = document as Record<string, unknown>
  return typeof errorMessage === 'string' && typeof errorType === 'string'
}

function messageIn(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const { message, Message } = document as Record<string, unknown>
  const found = message ?? Message
  return typeof found === 'string' ? found.slice(0, DETAIL_LENGTH_MAX) : undefined
}
