/** Identities as IAM describes them. Policy documents go out percent-encoded (RFC 3986), as IAM gives them. */
import type { Identities } from '../../identity/identities.ts'
import type * as domain from '../../identity/types.ts'
import type { AccessKeyMetadata, Policy, PolicyVersion, Role, Tag, User } from '../../wire/model/iam.ts'
import { encodeRfc3986 } from '../../wire/sigv4/canonical.ts'

export const encodeDocument = encodeRfc3986

export function renderRole(role: domain.Role, identities: Identities): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: identities.arnOfPrincipal(role),
    CreateDate: new Date(role.createdAtMs),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.sessionSecondsMax,
    ...boundaryOf(role),
    ...tagsOf(role),
  }
}

export function renderUser(user: domain.User, identities: Identities): User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: identities.arnOfPrincipal(user),
    CreateDate: new Date(user.createdAtMs),
    ...boundaryOf(user),
    ...tagsOf(user),
  }
}

export function renderPolicy(policy: domain.ManagedPolicy, identities: Identities): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: identities.attachedTo(policy.arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAtMs),
    UpdateDate: new Date(policy.updatedAtMs),
    ...tagsOf(policy),
  }
}

export function renderPolicyVersion(policy: domain.ManagedPolicy, version: domain.PolicyVersion): PolicyVersion {
  return {
    Document: encodeDocument(version.document),
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: new Date(version.createdAtMs),
  }
}

export function renderAccessKey(key: domain.AccessKey): AccessKeyMetadata {
  return {
    UserName: key.userName,
    AccessKeyId: key.accessKeyId,
    Status: key.status,
    CreateDate: new Date(key.createdAtMs),
  }
}

export function renderTags(tags: readonly domain.Tag[]): readonly Tag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }))
}

function tagsOf({ tags }: { readonly tags: readonly domain.Tag[] }) {
  return tags.length === 0 ? {} : { Tags: renderTags(tags) }
}

function boundaryOf({ boundaryArn }: { readonly boundaryArn?: string }) {
  if (boundaryArn === undefined) return {}
  return {
    PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: boundaryArn },
  } as const
}
