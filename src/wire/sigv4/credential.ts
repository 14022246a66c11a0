/** What a signature is checked against: the secret of a key, and the token that a temporary one must come with. */
import { timingSafeEqual } from 'node:crypto'
import { SignatureFailure } from './failure.ts'

export interface Credential {
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly session?: { readonly token: string; readonly expiresAtMs: number }
}

/** undefined: no such key, or it is not active. */
export type CredentialOf = (accessKeyId: string) => Credential | undefined

/** The secret, when key and token belong together and have not expired. Throws SignatureFailure. */
export function secretFor(
  { accessKeyId, sessionToken }: { readonly accessKeyId: string; readonly sessionToken: string | undefined },
  { credentialOf, nowMs }: { readonly credentialOf: CredentialOf; readonly nowMs: number },
): string {
  const credential = credentialOf(accessKeyId)
  const session = credential?.session
  // A temporary key without its token is no key.
  if (credential === undefined || (session !== undefined && sessionToken === undefined)) {
    throw new SignatureFailure({ kind: 'unknownKey', accessKeyId })
  }
  if (session === undefined) {
    if (sessionToken !== undefined) throw new SignatureFailure({ kind: 'unknownToken' })
    return credential.secretAccessKey
  }
  if (!isSame(session.token, sessionToken ?? '')) throw new SignatureFailure({ kind: 'unknownToken' })
  if (nowMs >= session.expiresAtMs) throw new SignatureFailure({ kind: 'expiredToken' })
  return credential.secretAccessKey
}

/** In a time that tells nothing of where they differ. */
function isSame(token: string, given: string): boolean {
  const [a, b] = [Buffer.from(token), Buffer.from(given)]
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}
