/**
 * The signature a request claims, from its Authorization header or, presigned, from its query:
 *
 *   Authorization: AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request,
 *                  SignedHeaders=<a;b>, Signature=<64 hex>
 *   ?X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&X-Amz-SignedHeaders=…&X-Amz-Signature=…
 *
 * Parsing judges form only; `verify.ts` judges truth.
 */
import { ALGORITHM, queryPairs, type RequestHead } from './canonical.ts'
import { SignatureFailure } from './failure.ts'

export interface ClaimedSignature {
  readonly accessKeyId: string
  /** `yyyyMMdd` of the scope. */
  readonly date: string
  readonly region: string
  readonly service: string
  /** Lower-case, sorted, as claimed. */
  readonly signedHeaders: readonly string[]
  /** Lower-case hex. */
  readonly signature: string
  /** `yyyyMMddTHHmmssZ` as it is signed. */
  readonly amzDate: string
  readonly signedAt: Date
  readonly sessionToken: string | undefined
  /** Seconds; set when presigned. */
  readonly expiresSeconds: number | undefined
}

const EXPIRES_SECONDS_MAX = 7 * 24 * 3600

/** undefined when the request carries no signature at all. Throws SignatureFailure when it carries a broken one. */
export function claimedSignature(head: RequestHead): ClaimedSignature | undefined {
  const authorization = head.headers['authorization']
  if (authorization !== undefined) return fromHeader(authorization, head)
  if (head.rawQuery.includes('X-Amz-Signature=') || head.rawQuery.includes('X-Amz-Algorithm=')) return fromQuery(head)
  return undefined
}

function fromHeader(authorization: string, head: RequestHead): ClaimedSignature {
  const split = authorization.lastIndexOf('Signature=')
  const constant = split < 0 ? authorization : authorization.slice(0, split)
  const claim = knownClaims.get(constant) ?? parseClaim(authorization, constant)
  const signature = split < 0 ? '' : authorization.slice(split + 'Signature='.length).trim()
  if (!/^[^\s,]+$/.test(signature)) throw malformed("Authorization header requires 'Signature' parameter.")
  const signedAt = signedTime(head.headers['x-amz-date'], head.headers['date'])
  return {
    signature,
    amzDate: signedAt.amzDate,
    signedAt: signedAt.date,
    sessionToken: head.headers['x-amz-security-token'],
    expiresSeconds: undefined,
    ...claim,
  }
}

type Claim = Pick<ClaimedSignature, 'accessKeyId' | 'date' | 'region' | 'service' | 'signedHeaders'>

/** A client sends the same key, scope and header names all day: what stands before the signature is parsed once. */
const knownClaims = new Map<string, Claim>()
const KNOWN_CLAIMS_MAX = 256

function parseClaim(authorization: string, constant: string): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) throw new SignatureFailure({ kind: 'unsupported' })
  const fields = new Map<string, string>()
  for (const part of constant.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const wanted = (name: string) => {
    const value = fields.get(name)
    if (!value) throw malformed(`Authorization header requires '${name}' parameter.`)
    return value
  }
  const scope = scopeOf(wanted('Credential'), malformed)
  const claim = { ...scope, signedHeaders: wanted('SignedHeaders').toLowerCase().split(';') }
  if (knownClaims.size >= KNOWN_CLAIMS_MAX) knownClaims.clear()
  knownClaims.set(constant, claim)
  return claim
}

function fromQuery(head: RequestHead): ClaimedSignature {
  const parameters = new Map(queryPairs(head.rawQuery))
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw malformedQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"')
  }
  const wanted = (name: string) => {
    const value = parameters.get(name)
    if (!value) {
      throw malformedQuery(
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      )
    }
    return value
  }
  const credential = scopeOf(wanted('X-Amz-Credential'), malformedQuery)
  const amzDate = wanted('X-Amz-Date')
  const signedAt = parseBasicTime(amzDate)
  if (signedAt === undefined)
    throw malformedQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
  return {
    ...credential,
    signature: wanted('X-Amz-Signature'),
    signedHeaders: wanted('X-Amz-SignedHeaders').toLowerCase().split(';'),
    amzDate,
    signedAt,
    sessionToken: parameters.get('X-Amz-Security-Token'),
    expiresSeconds: expiresSeconds(wanted('X-Amz-Expires')),
  }
}

function expiresSeconds(text: string): number {
  if (!/^-?\d+$/.test(text)) throw malformedQuery('X-Amz-Expires should be a number')
  const seconds = Number(text)
  if (seconds < 0) throw malformedQuery('X-Amz-Expires must be non-negative')
  if (seconds > EXPIRES_SECONDS_MAX) {
    throw malformedQuery(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${EXPIRES_SECONDS_MAX} seconds`,
    )
  }
  return seconds
}

function scopeOf(credential: string, refuse: (detail: string) => SignatureFailure) {
  const parts = credential.split('/')
  const [terminator, service, region, date, ...key] = parts.reverse()
  if (!service || !region || !date || key.length === 0 || terminator !== 'aws4_request' || !/^\d{8}$/.test(date)) {
    throw refuse('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".')
  }
  return { accessKeyId: key.reverse().join('/'), date, region, service }
}

function signedTime(amzDate: string | undefined, dateHeader: string | undefined): { amzDate: string; date: Date } {
  if (amzDate !== undefined) {
    const date = parseBasicTime(amzDate)
    if (date !== undefined) return { amzDate, date }
  }
  const date = new Date(dateHeader ?? Number.NaN)
  if (Number.isNaN(date.getTime())) {
    throw malformed("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  return { amzDate: `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`, date }
}

let lastTime: { readonly text: string; readonly date: Date } | undefined

function parseBasicTime(text: string): Date | undefined {
  if (lastTime?.text === text) return lastTime.date
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(date.getTime())) return undefined
  lastTime = { text, date }
  return date
}

const malformed = (detail: string) => new SignatureFailure({ kind: 'malformedHeader', detail })
const malformedQuery = (detail: string) => new SignatureFailure({ kind: 'malformedQuery', detail })
