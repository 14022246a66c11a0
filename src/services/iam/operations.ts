/** The operation table of IAM, and nothing else. */
import type { IamOperations } from '../../wire/model/iam.ts'
import type { OperationTable } from '../operation.ts'
import type { IamContext, IamOperation } from './context.ts'
import * as policies from './policies.ts'
import * as principalPolicies from './principal-policies.ts'
import * as roles from './roles.ts'
import * as tags from './tags.ts'
import * as users from './users.ts'

const listAccountAliases: IamOperation<'ListAccountAliases'> = async () => ({ AccountAliases: [], IsTruncated: false })

export const iamOperations = {
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
  UpdateUser: users.updateUser,
  PutUserPermissionsBoundary: users.putUserPermissionsBoundary,
  DeleteUserPermissionsBoundary: users.deleteUserPermissionsBoundary,
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

export type IamOperationName = keyof typeof iamOperations
