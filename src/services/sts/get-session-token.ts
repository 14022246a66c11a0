/** GetSessionToken: the caller's own rights for a while, without IAM (which would need MFA). */
import { accessDenied, refuseMembers, renderCredentials, type StsOperation } from './context.ts'

const SECONDS_DEFAULT = 43_200
const ROOT_SECONDS_MAX = 3600

export const getSessionToken: StsOperation<'GetSessionToken'> = async (input, { sessions }, caller) => {
  refuseMembers(input, ['SerialNumber', 'TokenCode'])
  const { principal, accessKeyId } = caller
  const seconds = input.DurationSeconds ?? SECONDS_DEFAULT
  if (principal.kind === 'user' && principal.issuedAtMs === undefined) {
    const { id, name } = principal
    return {
      Credentials: renderCredentials(await sessions.start({ kind: 'user', id, name, accessKeyId }, seconds)),
    }
  }
  if (principal.kind === 'root' && principal.issuedAtMs === undefined) {
    const session = await sessions.start({ kind: 'root' }, Math.min(seconds, ROOT_SECONDS_MAX))
    return { Credentials: renderCredentials(session) }
  }
  throw accessDenied('Cannot call GetSessionToken with session credentials')
}
