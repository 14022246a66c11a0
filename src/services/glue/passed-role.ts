/** Who gives a crawler or a job a role must be allowed to. */
import { type Permission, passRole } from '../access.ts'
import type { Account } from '../catalog-permissions.ts'

/** `role`: an arn, or a name with or without its path. */
export function passedRole(role: string, { accountId }: Account): Permission {
  const arn = role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role.replace(/^\//, '')}`
  return passRole(arn, 'glue.amazonaws.com')
}
