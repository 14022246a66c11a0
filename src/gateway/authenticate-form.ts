/** Who signed a browser's form, whose signature is in its body: S3 asks when it has read so far. */
import type { SignerOfForm } from '../services/operation.ts'
import { verifyFormV2 } from '../wire/sigv2/form.ts'
import { secretFor } from '../wire/sigv4/credential.ts'
import { verifyForm } from '../wire/sigv4/form.ts'
import { SigningKeys } from '../wire/sigv4/signing-keys.ts'
import type { Authenticator } from './authenticate.ts'

export function authenticateFormBy(parts: {
  readonly authenticator: Authenticator
  readonly auth: 'verify' | 'open'
  readonly region: string
  readonly nowMs: () => number
}): SignerOfForm {
  const { authenticator, region } = parts
  const keys = new SigningKeys()
  const credentialOf = (accessKeyId: string) => authenticator.credentialOf(accessKeyId)
  return (fields, sender) => {
    const sessionToken = fields['x-amz-security-token']
    const secretOf = (accessKeyId: string) =>
      secretFor({ accessKeyId, sessionToken }, { credentialOf, nowMs: parts.nowMs() })
    const accessKeyId =
      parts.auth === 'open'
        ? (fields['x-amz-credential']?.split('/')[0] ?? fields['awsaccesskeyid'])
        : (verifyFormV2(fields, { secretOf }) ?? verifyForm(fields, { secretOf, keys, region }))
    if (accessKeyId === undefined) return sender
    const principal = authenticator.principalOf(accessKeyId)
    return { ...sender, accessKeyId, arn: principal.arn, principal }
  }
}
