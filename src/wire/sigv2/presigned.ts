/**
 * Links presigned by Signature Version 2, for S3 only: what `aws s3 presign` and boto3's generate_presigned_url still
 * make for us-east-1 unless told otherwise (botocore 1.43, seen 2026-11). Everything else of Version 2 is refused.
 *
 *   ?AWSAccessKeyId=<key>&Expires=<epoch seconds>&Signature=<base64 of HMAC-SHA1>
 *   string to sign: <method>\n<content-md5>\n<content-type>\n<expires>\n<x-amz-headers><resource>
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { queryPairs, type RequestHead } from '../sigv4/canonical.ts'
import { type CredentialOf, secretFor } from '../sigv4/credential.ts'
import { SignatureFailure } from '../sigv4/failure.ts'

export interface PresignedV2 {
  readonly accessKeyId: string
  readonly signature: string
  /** As sent. */
  readonly expires: string
  readonly sessionToken: string | undefined
}

/** undefined when the query is no Version 2 link. */
export function presignedV2(rawQuery: string): PresignedV2 | undefined {
  if (!rawQuery.includes('AWSAccessKeyId=')) return undefined
  const parameters = new Map(queryPairs(rawQuery))
  const accessKeyId = parameters.get('AWSAccessKeyId')
  const signature = parameters.get('Signature')
  const expires = parameters.get('Expires')
  if (!accessKeyId || !signature || !expires || !/^\d{1,12}$/.test(expires)) {
    throw new SignatureFailure({ kind: 'unsupported' })
  }
  return { accessKeyId, signature, expires, sessionToken: parameters.get('x-amz-security-token') }
}

/** Throws SignatureFailure: unknown key, expired, or not the signature the key gives. */
export function verifyPresignedV2(
  presigned: PresignedV2,
  head: RequestHead,
  credentials: { readonly credentialOf: CredentialOf; readonly nowMs: number },
): void {
  const { accessKeyId, signature, expires } = presigned
  const { nowMs } = credentials
  const secret = secretFor(presigned, credentials)
  const expiresMs = Number(expires) * 1000
  if (nowMs > expiresMs) {
    const [expiredAt, serverTime] = [new Date(expiresMs), new Date(nowMs)]
    throw new SignatureFailure({ kind: 'expired', expiresSeconds: undefined, expiredAt, serverTime })
  }
  const candidates = resources(head).map((resource) => stringToSign(head, expires, resource))
  if (candidates.some((text) => isSignatureOf(secret, text, signature))) return
  throw new SignatureFailure({
    kind: 'mismatch',
    accessKeyId,
    provided: signature,
    stringToSign: candidates[0] ?? '',
    canonicalRequest: undefined,
  })
}

export function isSignatureOf(secret: string, text: string, signature: string): boolean {
  const expected = createHmac('sha1', secret).update(text, 'latin1').digest()
  const given = Buffer.from(signature, 'base64')
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected)
}

function stringToSign(head: RequestHead, expires: string, resource: string): string {
  const { method, headers } = head
  // What was signed as a header may come in the query, as the token of temporary credentials does, or in both.
  const amzHeaders = [...new Map([...queryPairs(head.rawQuery), ...Object.entries(headers)])]
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('')
  return `${method}\n${headers['content-md5'] ?? ''}\n${headers['content-type'] ?? ''}\n${expires}\n${amzHeaders}${resource}`
}

/** The parameters that are part of what is asked for, by AWS's list. */
const SUBRESOURCES: ReadonlySet<string> = new Set(
  `accelerate acl cors defaultObjectAcl delete encryption inventory legal-hold lifecycle location logging metrics
   notification object-lock partNumber policy policyStatus publicAccessBlock replication requestPayment restore
   retention select select-type tagging torrent uploadId uploads versionId versioning versions website analytics
   response-cache-control response-content-disposition response-content-encoding response-content-language
   response-content-type response-expires`.split(/\s+/),
)

/**
 * Path and sub-resources; with virtual-host addressing the bucket from the host stands before the path. Where the
 * bucket ends in the host is not known here, so each beginning of the host is a candidate: all name the same object.
 * A path that is a bucket alone is signed with a slash behind it (botocore, handlers.py: "that s3 will accept").
 */
function resources({ rawPath, rawQuery, headers }: RequestHead): readonly string[] {
  const query = queryPairs(rawQuery)
    .filter(([name]) => SUBRESOURCES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const suffix = query === '' ? '' : `?${query}`
  const labels = (headers['host'] ?? '').replace(/:\d+$/, '').split('.')
  const buckets = labels.slice(0, -1).map((_, index) => labels.slice(0, index + 1).join('.'))
  const asked = /^\/[^/]+$/.test(rawPath) ? [rawPath, `${rawPath}/`] : [rawPath]
  return [...asked, ...buckets.map((bucket) => `/${bucket}${rawPath}`)].map((path) => path + suffix)
}
