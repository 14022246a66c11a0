/** What STS's operations need: a role's trust, to assume it. Who one is and a session of one's own, anybody may have. */
import type { StsOperations } from '../../wire/model/sts.ts'
import type { PermissionTable } from '../operation.ts'
import type { StsContext } from './context.ts'
import type { StsOperationName } from './operations.ts'

export const stsPermissions: PermissionTable<StsOperations, StsOperationName, StsContext> = {
  AssumeRole: ({ RoleArn, RoleSessionName, ExternalId }, { identities }) => [
    {
      action: 'sts:AssumeRole',
      resource: RoleArn,
      facts: {
        'sts:rolesessionname': [RoleSessionName],
        ...(ExternalId !== undefined && { 'sts:externalid': [ExternalId] }),
      },
      // A role that is not there trusts nobody.
      ofResource: { trust: identities.findRoleByArn(RoleArn)?.trustPolicy ?? '', mustGrant: true },
    },
  ],
  GetCallerIdentity: () => [],
  GetSessionToken: () => [],
}
