/**
 * Everything that can be wrong with a signature, and what each protocol calls it. Names and texts: AWS's published
 * error lists for S3, and the front door of its JSON and query services.
 */
import { WireError } from '../error.ts'

export type SignatureProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'malformedHeader'; readonly detail: string }
  | { readonly kind: 'malformedQuery'; readonly detail: string }
  | { readonly kind: 'wrongRegion'; readonly found: string; readonly expected: string }
  | { readonly kind: 'wrongService'; readonly found: string; readonly expected: string }
  | { readonly kind: 'unknownKey'; readonly accessKeyId: string }
  | { readonly kind: 'unknownToken' }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'headersNotSigned'; readonly names: readonly string[] }
  | { readonly kind: 'skewed'; readonly requestTime: Date; readonly serverTime: Date }
  | {
      readonly kind: 'expired'
      readonly expiresSeconds: number | undefined
      readonly expiredAt: Date
      readonly serverTime: Date
    }
  | {
      readonly kind: 'mismatch'
      readonly accessKeyId: string
      readonly provided: string
      readonly stringToSign: string
      /** Version 2 has none. */
      readonly canonicalRequest: string | undefined
    }

export class SignatureFailure extends Error {
  readonly problem: SignatureProblem

  constructor(problem: SignatureProblem) {
    super(`The signature of the request is not accepted: ${problem.kind}.`)
    this.name = 'SignatureFailure'
    this.problem = problem
  }
}

export const SKEW_MS_MAX = 15 * 60 * 1000

const MISMATCH_TEXT = 'The request signature we calculated does not match the signature you provided.'

/** As S3 answers. */
export function s3SignatureError(problem: SignatureProblem): WireError {
  switch (problem.kind) {
    case 'missing':
      return new WireError('AccessDenied', 'Access Denied', { status: 403 })
    case 'unsupported':
      return new WireError(
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      )
    case 'malformedHeader':
      return new WireError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${problem.detail}`)
    case 'malformedQuery':
      return new WireError('AuthorizationQueryParametersError', problem.detail)
    case 'wrongRegion':
      return new WireError(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; the region '${problem.found}' is wrong; expecting '${problem.expected}'`,
        { extra: { Region: problem.expected }, headers: { 'x-amz-bucket-region': problem.expected } },
      )
    case 'wrongService':
      return new WireError(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; incorrect service "${problem.found}". This endpoint belongs to "${problem.expected}".`,
      )
    case 'unknownKey':
      return new WireError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
        status: 403,
        extra: { AWSAccessKeyId: problem.accessKeyId },
      })
    case 'unknownToken':
      return new WireError('InvalidToken', 'The provided token is malformed or otherwise invalid.')
    case 'expiredToken':
      return new WireError('ExpiredToken', 'The provided token has expired.')
    case 'headersNotSigned':
      return new WireError('AccessDenied', 'There were headers present in the request which were not signed', {
        status: 403,
        extra: { HeadersNotSigned: problem.names.join(', ') },
      })
    case 'skewed':
      return new WireError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        {
          status: 403,
          extra: {
            RequestTime: basicTime(problem.requestTime),
            ServerTime: isoSeconds(problem.serverTime),
            MaxAllowedSkewMilliseconds: SKEW_MS_MAX,
          },
        },
      )
    case 'expired':
      return new WireError('AccessDenied', 'Request has expired', {
        status: 403,
        extra: {
          'X-Amz-Expires': problem.expiresSeconds,
          Expires: isoSeconds(problem.expiredAt),
          ServerTime: isoSeconds(problem.serverTime),
        },
      })
    case 'mismatch':
      return new WireError('SignatureDoesNotMatch', `${MISMATCH_TEXT} Check your key and signing method.`, {
        status: 403,
        extra: {
          AWSAccessKeyId: problem.accessKeyId,
          StringToSign: problem.stringToSign,
          SignatureProvided: problem.provided,
          StringToSignBytes: spacedHex(problem.stringToSign),
          ...(problem.canonicalRequest !== undefined && {
            CanonicalRequest: problem.canonicalRequest,
            CanonicalRequestBytes: spacedHex(problem.canonicalRequest),
          }),
        },
      })
  }
}

interface FrontDoorNames {
  readonly missing: string
  readonly unknownKey: string
  readonly expiredToken: string
  readonly incomplete: string
  readonly mismatch: string
  readonly status: number
}

const JSON_NAMES: FrontDoorNames = {
  missing: 'MissingAuthenticationTokenException',
  unknownKey: 'UnrecognizedClientException',
  expiredToken: 'ExpiredTokenException',
  incomplete: 'IncompleteSignatureException',
  mismatch: 'InvalidSignatureException',
  status: 400,
}

const QUERY_NAMES: FrontDoorNames = {
  missing: 'MissingAuthenticationToken',
  unknownKey: 'InvalidClientTokenId',
  expiredToken: 'ExpiredToken',
  incomplete: 'IncompleteSignature',
  mismatch: 'SignatureDoesNotMatch',
  status: 403,
}

/** As Firehose, Glue and Athena answer. */
export const jsonSignatureError = (problem: SignatureProblem) => frontDoorError(JSON_NAMES, problem)
/** As STS and IAM answer. */
export const querySignatureError = (problem: SignatureProblem) => frontDoorError(QUERY_NAMES, problem)

function frontDoorError(names: FrontDoorNames, problem: SignatureProblem): WireError {
  const { status } = names
  switch (problem.kind) {
    case 'missing':
      return new WireError(names.missing, 'Missing Authentication Token', { status })
    case 'unsupported':
      return new WireError(names.incomplete, 'Only AWS4-HMAC-SHA256 signatures are supported.', { status: 400 })
    case 'malformedHeader':
    case 'malformedQuery':
      return new WireError(names.incomplete, problem.detail, { status: 400 })
    case 'wrongRegion':
      return new WireError(names.mismatch, `Credential should be scoped to a valid region, not '${problem.found}'.`, {
        status,
      })
    case 'wrongService':
      return new WireError(names.mismatch, `Credential should be scoped to correct service: '${problem.expected}'.`, {
        status,
      })
    case 'unknownKey':
    case 'unknownToken':
      return new WireError(names.unknownKey, 'The security token included in the request is invalid.', { status })
    case 'expiredToken':
      return new WireError(names.expiredToken, 'The security token included in the request is expired', { status })
    case 'headersNotSigned':
      return new WireError(names.mismatch, `These headers must be signed: ${problem.names.join(', ')}.`, { status })
    case 'skewed':
      return new WireError(names.mismatch, skewText(problem.requestTime, problem.serverTime), { status })
    case 'expired':
      return new WireError(names.mismatch, skewText(problem.expiredAt, problem.serverTime), { status })
    case 'mismatch':
      return new WireError(
        names.mismatch,
        `${MISMATCH_TEXT} Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`,
        { status },
      )
  }
}

function skewText(requestTime: Date, serverTime: Date): string {
  const [request, server] = [basicTime(requestTime), basicTime(serverTime)]
  if (requestTime < serverTime) {
    const limit = basicTime(new Date(serverTime.getTime() - SKEW_MS_MAX))
    return `Signature expired: ${request} is now earlier than ${limit} (${server} - 15 min.)`
  }
  const limit = basicTime(new Date(serverTime.getTime() + SKEW_MS_MAX))
  return `Signature not yet current: ${request} is still later than ${limit} (${server} + 15 min.)`
}

/** `20260115T120000Z` */
function basicTime(date: Date): string {
  return isoSeconds(date).replaceAll(/[-:]/g, '')
}

function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

function spacedHex(text: string): string {
  return (Buffer.from(text, 'latin1').toString('hex').match(/../g) ?? []).join(' ')
}
