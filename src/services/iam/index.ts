/**
 * IAM: roles, users and policies are stored and given back, so that scripts and Terraform that make the roles of a
 * lake run unchanged.
 *
 * Differences from AWS: policies are not evaluated; a policy of AWS's own can be attached by its arn but not read;
 * there are no groups, instance profiles, login profiles or account aliases to have; a user cannot be renamed.
 */
import type { Identities } from '../../identity/identities.ts'
import type { IamOperations } from '../../wire/model/iam.ts'
import type { OperationTable, Service } from '../operation.ts'
import type { IamContext, IamOperation } from './context.ts'
import { toIamError } from './errors.ts'
import * as policies from './policies.ts'
import * as principalPolicies from './principal-policies.ts'
import * as roles from './roles.ts'
import * as tags from './tags.ts'
import * as users from './users.ts'

const listAccountAliases: IamOperation<'ListAccountAliases'> = async () => ({ AccountAliases: [], IsTruncated: false })

const operations = {
  CreateRole: roles.createRole,
  GetRole: roles.getRole,
  ListRoles: roles.listRoles,
  UpdateRole: roles.updateRole,
  UpdateRoleDescription: roles.updateRoleDescription,
  UpdateAssumeRolePolicy: roles.updateAssumeRolePolicy,
  PutRolePermissionsBoundary: roles.putRolePermissionsBoundary,
  DeleteRolePermissionsBoundary: roles.deleteRolePermissionsBoundary,
  DeleteRole: roles.deleteRole,
  ListInstanceProfilesForRole: roles.listInstanceProfilesForRole,
  PutRolePolicy: principalPolicies.putRolePolicy,
  GetRolePolicy: principalPolicies.getRolePolicy,
  ListRolePolicies: principalPolicies.listRolePolicies,
  DeleteRolePolicy: principalPolicies.deleteRolePolicy,
  AttachRolePolicy: principalPolicies.attachRolePolicy,
  DetachRolePolicy: principalPolicies.detachRolePolicy,
  ListAttachedRolePolicies: principalPolicies.listAttachedRolePolicies,
  CreateUser: users.createUser,
  GetUser: users.getUser,
  ListUsers: users.listUsers,
  DeleteUser: users.deleteUser,
  ListGroupsForUser: users.listGroupsForUser,
  CreateAccessKey: users.createAccessKey,
  ListAccessKeys: users.listAccessKeys,
  UpdateAccessKey: users.updateAccessKey,
  DeleteAccessKey: users.deleteAccessKey,
  PutUserPolicy: principalPolicies.putUserPolicy,
  GetUserPolicy: principalPolicies.getUserPolicy,
  ListUserPolicies: principalPolicies.listUserPolicies,
  DeleteUserPolicy: principalPolicies.deleteUserPolicy,
  AttachUserPolicy: principalPolicies.attachUserPolicy,
  DetachUserPolicy: principalPolicies.detachUserPolicy,
  ListAttachedUserPolicies: principalPolicies.listAttachedUserPolicies,
  CreatePolicy: policies.createPolicy,
  GetPolicy: policies.getPolicy,
  ListPolicies: policies.listPolicies,
  DeletePolicy: policies.deletePolicy,
  ListEntitiesForPolicy: policies.listEntitiesForPolicy,
  CreatePolicyVersion: policies.createPolicyVersion,
  GetPolicyVersion: policies.getPolicyVersion,
  ListPolicyVersions: policies.listPolicyVersions,
  SetDefaultPolicyVersion: policies.setDefaultPolicyVersion,
  DeletePolicyVersion: policies.deletePolicyVersion,
  TagRole: tags.tagRole,
  UntagRole: tags.untagRole,
  ListRoleTags: tags.listRoleTags,
  TagUser: tags.tagUser,
  UntagUser: tags.untagUser,
  ListUserTags: tags.listUserTags,
  TagPolicy: tags.tagPolicy,
  UntagPolicy: tags.untagPolicy,
  ListPolicyTags: tags.listPolicyTags,
  ListAccountAliases: listAccountAliases,
} satisfies OperationTable<IamOperations, IamContext>

export function iamService(identities: Identities): Service<IamContext> {
  return { signingName: 'iam', operations, context: { identities }, toWireError: toIamError }
}
