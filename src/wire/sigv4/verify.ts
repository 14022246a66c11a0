/**
 * Verification of a claimed signature: known key, right scope, right time, everything that matters signed, and the
 * signature the one that the key gives. Comparison takes the same time wherever the first difference is.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalRequest, type RequestHead, stringToSign } from './canonical.ts'
import { type CredentialOf, secretFor } from './credential.ts'
import { SignatureFailure, SKEW_MS_MAX } from './failure.ts'
import type { ClaimedSignature } from './parse.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface Verification {
  readonly credentialOf: CredentialOf
  readonly keys: SigningKeys
  readonly nowMs: number
  readonly region: string
  /** The signing name the request must be scoped to. */
  readonly service: string
}

/** What signed chunks of the body continue from. */
export interface VerifiedSignature {
  readonly signature: string
  readonly signingKey: Buffer
  readonly amzDate: string
  /** `yyyyMMdd/region/service/aws4_request` */
  readonly scope: string
}

/** STS and IAM are global and signed for this region, wherever the lake is. */
const GLOBAL_REGION = 'us-east-1'
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['iam', 'sts'])

/** Throws SignatureFailure. `payloadHash` is what the client signed as such: hex SHA-256 or one of S3's words. */
export function verifySignature(
  claimed: ClaimedSignature,
  head: RequestHead,
  payloadHash: string,
  verification: Verification,
): VerifiedSignature {
  const { keys, service } = verification
  checkScope(claimed, verification)
  const secret = secretFor(claimed, verification)
  checkTime(claimed, new Date(verification.nowMs))
  checkSignedHeaders(claimed, head)

  const scope = `${claimed.date}/${claimed.region}/${claimed.service}/aws4_request`
  const canonical = canonicalRequest(head, claimed.signedHeaders, payloadHash, service === 's3' ? 's3' : 'normalised')
  const toSign = stringToSign(claimed.amzDate, scope, canonical)
  const signingKey = keys.keyFor(secret, claimed.date, claimed.region, claimed.service)
  if (!isSignatureOf(signingKey, toSign, claimed.signature)) {
    throw new SignatureFailure({
      kind: 'mismatch',
      accessKeyId: claimed.accessKeyId,
      provided: claimed.signature,
      stringToSign: toSign,
      canonicalRequest: canonical,
    })
  }
  return { signature: claimed.signature, signingKey, amzDate: claimed.amzDate, scope }
}

export function isSignatureOf(signingKey: Buffer, toSign: string, signature: string): boolean {
  const expected = createHmac('sha256', signingKey).update(toSign).digest()
  const given = /^[0-9a-f]{64}$/.test(signature) ? Buffer.from(signature, 'hex') : undefined
  return given !== undefined && timingSafeEqual(expected, given)
}

function checkScope(claimed: ClaimedSignature, { region, service }: Verification): void {
  if (claimed.service !== service) {
    throw new SignatureFailure({ kind: 'wrongService', found: claimed.service, expected: service })
  }
  const isGlobal = GLOBAL_SERVICES.has(service) && claimed.region === GLOBAL_REGION
  if (claimed.region !== region && !isGlobal) {
    throw new SignatureFailure({ kind: 'wrongRegion', found: claimed.region, expected: region })
  }
  if (!claimed.amzDate.startsWith(claimed.date)) {
    const detail = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claimed.date}' != '${claimed.amzDate.slice(0, 8)}', from '${claimed.amzDate}'.`
    throw new SignatureFailure({
      kind: claimed.expiresSeconds === undefined ? 'malformedHeader' : 'malformedQuery',
      detail,
    })
  }
}

function checkTime(claimed: ClaimedSignature, serverTime: Date): void {
  const ageMs = serverTime.getTime() - claimed.signedAt.getTime()
  const { expiresSeconds, signedAt } = claimed
  if (expiresSeconds === undefined) {
    if (Math.abs(ageMs) > SKEW_MS_MAX) {
      throw new SignatureFailure({ kind: 'skewed', requestTime: signedAt, serverTime })
    }
    return
  }
  if (ageMs < -SKEW_MS_MAX) throw new SignatureFailure({ kind: 'skewed', requestTime: signedAt, serverTime })
  if (ageMs > expiresSeconds * 1000) {
    const expiredAt = new Date(signedAt.getTime() + expiresSeconds * 1000)
    throw new SignatureFailure({ kind: 'expired', expiresSeconds, expiredAt, serverTime })
  }
}

function checkSignedHeaders(claimed: ClaimedSignature, head: RequestHead): void {
  const missing = Object.keys(head.headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !claimed.signedHeaders.includes(name),
  )
  if (missing.length > 0) throw new SignatureFailure({ kind: 'headersNotSigned', names: missing })
}
