/**
 * IAM: roles, users and policies are stored and given back, so that scripts and Terraform that make the roles of a
 * lake run unchanged.
 *
 * Differences from AWS: there are no groups, instance profiles, login profiles or account aliases to have; a user cannot be renamed.
 */
import type { Identities } from '../../identity/identities.ts'
import type { Service } from '../operation.ts'
import type { IamContext } from './context.ts'
import { toIamError } from './errors.ts'
import { iamOperations } from './operations.ts'
import { iamPermissions } from './permissions.ts'

export function iamService(identities: Identities): Service<IamContext> {
  return {
    signingName: 'iam',
    operations: iamOperations,
    permissions: iamPermissions,
    context: { identities },
    toWireError: toIamError,
  }
}
