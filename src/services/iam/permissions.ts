/**
 * What IAM's operations need (Service Authorization Reference, "AWS Identity and Access Management", 2026-11), with the
 * facts that keep a limited administrator limited: which policy is attached, which boundary its holder has.
 */
import { entityArn } from '../../identity/names.ts'
import type { PrincipalKind } from '../../identity/types.ts'
import type { IamOperations, Tag } from '../../wire/model/iam.ts'
import { type Permission, tagFacts } from '../access.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import type { IamContext } from './context.ts'
import type { IamOperationName } from './operations.ts'

type Of<Input> = Permissions<Input, IamContext>
type Facts = NonNullable<Permission['facts']>

interface RoleNamed {
  readonly RoleName: string
}

interface UserNamed {
  readonly UserName: string
}

interface PolicyNamed {
  readonly PolicyArn: string
}

export const iamPermissions: PermissionTable<IamOperations, IamOperationName, IamContext> = {
  CreateRole: (input, context) => onNew('role', 'CreateRole', input.RoleName, input, context),
  GetRole: onRole('GetRole'),
  ListRoles: ({ PathPrefix = '/' }, context) => onPath('role', 'ListRoles', PathPrefix, context),
  UpdateRole: onRole('UpdateRole'),
  UpdateRoleDescription: onRole('UpdateRoleDescription'),
  UpdateAssumeRolePolicy: onRole('UpdateAssumeRolePolicy'),
  PutRolePermissionsBoundary: (input, context) =>
    on('role', 'PutRolePermissionsBoundary', input.RoleName, context, {
      'iam:permissionsboundary': [input.PermissionsBoundary],
    }),
  DeleteRolePermissionsBoundary: onRole('DeleteRolePermissionsBoundary'),
  DeleteRole: onRole('DeleteRole'),
  ListInstanceProfilesForRole: onRole('ListInstanceProfilesForRole'),
  PutRolePolicy: onRole('PutRolePolicy'),
  GetRolePolicy: onRole('GetRolePolicy'),
  ListRolePolicies: onRole('ListRolePolicies'),
  DeleteRolePolicy: onRole('DeleteRolePolicy'),
  AttachRolePolicy: attaching('role', 'AttachRolePolicy'),
  DetachRolePolicy: attaching('role', 'DetachRolePolicy'),
  ListAttachedRolePolicies: onRole('ListAttachedRolePolicies'),

  CreateUser: (input, context) => onNew('user', 'CreateUser', input.UserName, input, context),
  GetUser: onOwnUser('GetUser'),
  ListUsers: ({ PathPrefix = '/' }, context) => onPath('user', 'ListUsers', PathPrefix, context),
  // Of the user as it is, and as it shall be.
  UpdateUser: ({ UserName, NewPath }, context) => {
    const asItIs = on('user', 'UpdateUser', UserName, context)
    if (NewPath === undefined) return asItIs
    const resource = entityArn(context.identities.accountId, 'user', NewPath, UserName)
    return [...asItIs, ...asItIs.map((permission) => ({ ...permission, resource }))]
  },
  PutUserPermissionsBoundary: (input, context) =>
    on('user', 'PutUserPermissionsBoundary', input.UserName, context, {
      'iam:permissionsboundary': [input.PermissionsBoundary],
    }),
  DeleteUserPermissionsBoundary: onUser('DeleteUserPermissionsBoundary'),
  DeleteUser: onUser('DeleteUser'),
  ListGroupsForUser: onUser('ListGroupsForUser'),
  CreateAccessKey: onOwnUser('CreateAccessKey'),
  ListAccessKeys: onOwnUser('ListAccessKeys'),
  UpdateAccessKey: onOwnUser('UpdateAccessKey'),
  DeleteAccessKey: onOwnUser('DeleteAccessKey'),
  PutUserPolicy: onUser('PutUserPolicy'),
  GetUserPolicy: onUser('GetUserPolicy'),
  ListUserPolicies: onUser('ListUserPolicies'),
  DeleteUserPolicy: onUser('DeleteUserPolicy'),
  AttachUserPolicy: attaching('user', 'AttachUserPolicy'),
  DetachUserPolicy: attaching('user', 'DetachUserPolicy'),
  ListAttachedUserPolicies: onUser('ListAttachedUserPolicies'),

  CreatePolicy: ({ PolicyName, Path = '/', Tags = [] }, { identities }) => {
    const resource = entityArn(identities.accountId, 'policy', Path, PolicyName)
    return withTagging('CreatePolicy', 'TagPolicy', resource, Tags)
  },
  GetPolicy: onPolicy('GetPolicy'),
  ListPolicies: ({ PathPrefix = '/' }, context) => onPath('policy', 'ListPolicies', PathPrefix, context),
  DeletePolicy: onPolicy('DeletePolicy'),
  ListEntitiesForPolicy: onPolicy('ListEntitiesForPolicy'),
  CreatePolicyVersion: onPolicy('CreatePolicyVersion'),
  GetPolicyVersion: onPolicy('GetPolicyVersion'),
  ListPolicyVersions: onPolicy('ListPolicyVersions'),
  SetDefaultPolicyVersion: onPolicy('SetDefaultPolicyVersion'),
  DeletePolicyVersion: onPolicy('DeletePolicyVersion'),

  TagRole: ({ RoleName, Tags }, context) => on('role', 'TagRole', RoleName, context, tagsGiven(Tags)),
  UntagRole: ({ RoleName, TagKeys }, context) => on('role', 'UntagRole', RoleName, context, tagKeys(TagKeys)),
  ListRoleTags: onRole('ListRoleTags'),
  TagUser: ({ UserName, Tags }, context) => on('user', 'TagUser', UserName, context, tagsGiven(Tags)),
  UntagUser: ({ UserName, TagKeys }, context) => on('user', 'UntagUser', UserName, context, tagKeys(TagKeys)),
  ListUserTags: onUser('ListUserTags'),
  TagPolicy: ({ PolicyArn, Tags }) => [{ action: 'iam:TagPolicy', resource: PolicyArn, facts: tagsGiven(Tags) }],
  UntagPolicy: ({ PolicyArn, TagKeys }) => [
    { action: 'iam:UntagPolicy', resource: PolicyArn, facts: tagKeys(TagKeys) },
  ],
  ListPolicyTags: onPolicy('ListPolicyTags'),
  ListAccountAliases: () => [{ action: 'iam:ListAccountAliases', resource: '*' }],
}

function onRole(action: string): Of<RoleNamed> {
  return ({ RoleName }, context) => on('role', action, RoleName, context)
}

function onUser(action: string): Of<UserNamed> {
  return ({ UserName }, context) => on('user', action, UserName, context)
}

/** Without a name the caller's own user is meant. */
function onOwnUser(action: string): Of<Partial<UserNamed>> {
  return ({ UserName }, context, { principal, arn }) => {
    const name = UserName ?? (principal.kind === 'user' ? principal.name : undefined)
    return name === undefined ? [{ action: `iam:${action}`, resource: arn }] : on('user', action, name, context)
  }
}

function onPolicy(action: string): Of<PolicyNamed> {
  return ({ PolicyArn }) => [{ action: `iam:${action}`, resource: PolicyArn }]
}

function attaching(kind: PrincipalKind, action: string): Of<PolicyNamed & Partial<RoleNamed & UserNamed>> {
  return ({ PolicyArn, RoleName, UserName }, context) =>
    on(kind, action, RoleName ?? UserName ?? '', context, { 'iam:policyarn': [PolicyArn] })
}

/** On one that is there (or not: then as if its path were `/`). Its boundary is known, unless a fact says another. */
function on(
  kind: PrincipalKind,
  action: string,
  name: string,
  { identities }: IamContext,
  facts: Facts = {},
): readonly Permission[] {
  const found = kind === 'role' ? identities.findRole(name) : identities.findUser(name)
  const boundary = found?.boundaryArn
  return [
    {
      action: `iam:${action}`,
      resource: entityArn(identities.accountId, kind, found?.path ?? '/', name),
      facts: { ...(boundary !== undefined && { 'iam:permissionsboundary': [boundary] }), ...facts },
    },
  ]
}

interface NewPrincipal {
  readonly Path?: string
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly Tag[]
}

function onNew(
  kind: PrincipalKind,
  action: string,
  name: string,
  { Path = '/', PermissionsBoundary, Tags = [] }: NewPrincipal,
  { identities }: IamContext,
): readonly Permission[] {
  const facts: Facts = PermissionsBoundary === undefined ? {} : { 'iam:permissionsboundary': [PermissionsBoundary] }
  const tagging = kind === 'role' ? 'TagRole' : 'TagUser'
  return withTagging(action, tagging, entityArn(identities.accountId, kind, Path, name), Tags, facts)
}

function withTagging(action: string, tagging: string, resource: string, tags: readonly Tag[], given: Facts = {}) {
  const facts = { ...given, ...tagsGiven(tags) }
  const actions = tags.length > 0 ? [action, tagging] : [action]
  return actions.map((name) => ({ action: `iam:${name}`, resource, facts }))
}

function onPath(kind: PrincipalKind | 'policy', action: string, pathPrefix: string, { identities }: IamContext) {
  return [{ action: `iam:${action}`, resource: entityArn(identities.accountId, kind, pathPrefix, '') }]
}

function tagsGiven(tags: readonly Tag[]) {
  return tagFacts(tags.map(({ Key, Value }) => [Key, Value]))
}

function tagKeys(keys: readonly string[]): Facts {
  return { 'aws:tagkeys': keys }
}
