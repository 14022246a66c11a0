/**
 * The one step that asks whether the caller may: after the input is known, before the operation runs. What the service's
 * table says is needed must all be allowed; the first that is not is answered in AWS's words.
 */
import { type Access, type Permission, refusalText } from '../services/access.ts'
import type { Caller, Permissions, Service } from '../services/operation.ts'
import { WireError } from '../wire/error.ts'

export type AccessDenied = (caller: Caller, permission: Permission, because: string) => WireError

/**
 * Throws, or rejects with, what `denied` makes of the first permission that the caller does not have. undefined where
 * nothing had to be looked up: the hot path makes no promise.
 */
export function authoriseOperation(
  access: Access,
  service: Service,
  name: string,
  input: unknown,
  caller: Caller,
  denied: AccessDenied,
): Promise<void> | undefined {
  const permissions = service.permissions[name] as Permissions<unknown, unknown> | undefined
  if (permissions === undefined) throw new Error(`${service.signingName} does not say what ${name} needs.`)
  const refuseAny = (needed: readonly Permission[]) => {
    for (const permission of needed) refuseDenied(access, caller, permission, denied)
  }
  const needed = permissions(input, service.context, caller)
  if (needed instanceof Promise) return needed.then(refuseAny)
  refuseAny(needed)
  return undefined
}

export function refuseDenied(access: Access, caller: Caller, permission: Permission, denied: AccessDenied): void {
  const decision = access.judge(caller, permission)
  if (!decision.isAllowed) throw denied(caller, permission, decision.because)
}

/** As Firehose, Glue and Athena answer. */
export const jsonAccessDenied: AccessDenied = (caller, permission, because) =>
  new WireError('AccessDeniedException', refusalText(caller, permission, because), { status: 400 })

/** As IAM answers, and STS, which gives no reason. */
export const queryAccessDenied: AccessDenied = (caller, permission, because) => {
  const reason = permission.action.startsWith('sts:') ? '' : because
  return new WireError('AccessDenied', refusalText(caller, permission, reason), { status: 403 })
}

/** As the lake's own paths answer. */
export const adminAccessDenied: AccessDenied = (caller, permission, because) =>
  new WireError('AccessDenied', refusalText(caller, permission, because), { status: 403 })
