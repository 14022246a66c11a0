/** What STS's operations work with. */
import type { Identities } from '../../identity/identities.ts'
import type { Session, Sessions } from '../../identity/sessions.ts'
import type { Credentials, StsOperations } from '../../wire/model/sts.ts'
import { type Operation, WireError } from '../operation.ts'

export interface StsContext {
  readonly identities: Identities
  readonly sessions: Sessions
}

export type StsOperation<Name extends keyof StsOperations> = Operation<
  StsOperations[Name]['input'],
  StsOperations[Name]['output'],
  StsContext
>

export function renderCredentials(session: Session): Credentials {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.token,
    Expiration: new Date(session.expiresAtMs),
  }
}

export function accessDenied(message: string): WireError {
  return new WireError('AccessDenied', message, { status: 403 })
}

/** A member that is understood and not honoured is refused, not ignored. */
export function refuseMembers<Input extends object>(input: Input, members: readonly (keyof Input & string)[]): void {
  for (const member of members) {
    const value: unknown = input[member]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    throw new WireError('ValidationError', `lakelet does not offer ${member}.`)
  }
}
