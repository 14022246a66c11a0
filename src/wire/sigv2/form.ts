/**
 * Forms signed by Signature Version 2: what boto3's generate_presigned_post makes for us-east-1 unless told otherwise
 * (botocore 1.43, seen 2026-11). The signature is base64 of HMAC-SHA1 over the policy.
 */
import { SignatureFailure } from '../sigv4/failure.ts'
import { isSignatureOf } from './presigned.ts'

/** The access key that signed; undefined for a form without a signature of Version 2. `fields` by lower-case name. */
export function verifyFormV2(
  fields: Readonly<Record<string, string>>,
  { secretOf }: { readonly secretOf: (accessKeyId: string) => string | undefined },
): string | undefined {
  const { awsaccesskeyid: accessKeyId, signature, policy } = fields
  if (accessKeyId === undefined && signature === undefined) return undefined
  if (accessKeyId === undefined || signature === undefined || policy === undefined) {
    throw new SignatureFailure({ kind: 'unsupported' })
  }
  const secret = secretOf(accessKeyId)
  if (secret === undefined) throw new SignatureFailure({ kind: 'unknownKey', accessKeyId })
  if (isSignatureOf(secret, policy, signature)) return accessKeyId
  throw new SignatureFailure({
    kind: 'mismatch',
    accessKeyId,
    provided: signature,
    stringToSign: policy,
    canonicalRequest: undefined,
  })
}
