/**
 * Who asks. In `verify` mode every request must carry a true signature of a known key, but that S3 is also asked by
 * nobody: it decides what anonymous callers may. In `open` mode, for throwaway tests on loopback, any signature or none
 * is taken and the key it names is believed.
 */
import type { Caller, Principal } from '../services/operation.ts'
import { presignedV2, verifyPresignedV2 } from '../wire/sigv2/presigned.ts'
import type { RequestHead } from '../wire/sigv4/canonical.ts'
import type { Credential } from '../wire/sigv4/credential.ts'
import { SignatureFailure } from '../wire/sigv4/failure.ts'
import { type ClaimedSignature, claimedSignature } from '../wire/sigv4/parse.ts'
import { SigningKeys } from '../wire/sigv4/signing-keys.ts'
import { type VerifiedSignature, verifySignature } from '../wire/sigv4/verify.ts'

/** What the gateway needs to know of identities; `identity/` answers it. */
export interface Authenticator {
  /** undefined: no such key, or it is not active. */
  credentialOf(accessKeyId: string): Credential | undefined
  /** Whoever holds the key; the account's root for a key nobody knows. */
  principalOf(accessKeyId: string): Exclude<Principal, { kind: 'anonymous' }>
}

export interface Authenticated {
  readonly caller: Caller
  /** What chunk signatures continue; undefined in open mode. */
  readonly signature: VerifiedSignature | undefined
}

export type Authenticate = (request: {
  readonly head: RequestHead
  readonly service: string
  readonly requestId: string
  readonly sourceIp: string
  /** The hash the client signed; asked for only when the request is signed. */
  readonly payloadHash: (claimed: ClaimedSignature) => string
}) => Authenticated

export function authenticateBy(parts: {
  readonly authenticator: Authenticator
  readonly auth: 'verify' | 'open'
  readonly region: string
  readonly nowMs: () => number
}): Authenticate {
  const { authenticator, region, nowMs } = parts
  const keys = new SigningKeys()
  const credentialOf = (accessKeyId: string) => authenticator.credentialOf(accessKeyId)
  const callerOf = (accessKeyId: string, head: RequestHead, origin: Origin): Caller => {
    const principal = authenticator.principalOf(accessKeyId)
    return { accessKeyId, arn: principal.arn, principal, ...origin, ...saidOfItself(head) }
  }

  if (parts.auth === 'open') {
    return ({ head, ...rest }) => ({ caller: callerOf(believedKey(head), head, rest), signature: undefined })
  }
  return ({ head, service, payloadHash, ...rest }) => {
    const claimed = claimedSignature(head)
    const link = claimed === undefined && service === 's3' ? presignedV2(head.rawQuery) : undefined
    if (link !== undefined) {
      verifyPresignedV2(link, head, { credentialOf, nowMs: nowMs() })
      return { caller: callerOf(link.accessKeyId, head, rest), signature: undefined }
    }
    if (claimed === undefined && service === 's3') return { caller: anonymous(head, rest), signature: undefined }
    if (claimed === undefined) throw new SignatureFailure({ kind: 'missing' })
    const signature = verifySignature(claimed, head, payloadHash(claimed), {
      credentialOf,
      keys,
      nowMs: nowMs(),
      region,
      service,
    })
    return { caller: callerOf(claimed.accessKeyId, head, rest), signature }
  }
}

interface Origin {
  readonly requestId: string
  readonly sourceIp: string
}

function anonymous(head: RequestHead, origin: Origin): Caller {
  return {
    accessKeyId: 'anonymous',
    arn: 'anonymous',
    principal: { kind: 'anonymous' },
    ...origin,
    ...saidOfItself(head),
  }
}

function saidOfItself({ headers }: RequestHead): Pick<Caller, 'userAgent' | 'referer'> {
  return { userAgent: headers['user-agent'], referer: headers['referer'] }
}

function believedKey(head: RequestHead): string {
  try {
    return claimedSignature(head)?.accessKeyId ?? presignedV2(head.rawQuery)?.accessKeyId ?? 'anonymous'
  } catch (error) {
    if (error instanceof SignatureFailure) return 'anonymous'
    throw error
  }
}
