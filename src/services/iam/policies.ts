/** Managed policies and their versions. */
import { POLICY_VERSIONS_MAX } from '../../identity/identities.ts'
import type { ManagedPolicy, PolicyVersion } from '../../identity/types.ts'
import { WireError } from '../operation.ts'
import type { IamOperation } from './context.ts'
import { notOffered } from './errors.ts'
import { page } from './paging.ts'
import { renderPolicy, renderPolicyVersion } from './render.ts'
import { tagsGiven } from './tags.ts'

export const createPolicy: IamOperation<'CreatePolicy'> = async (input, { identities }) => {
  const policy = await identities.createPolicy({
    name: input.PolicyName,
    path: input.Path ?? '/',
    description: input.Description,
    document: input.PolicyDocument,
    tags: tagsGiven(input.Tags),
  })
  return { Policy: renderPolicy(policy, identities) }
}

export const getPolicy: IamOperation<'GetPolicy'> = async ({ PolicyArn }, { identities }) => ({
  Policy: renderPolicy(identities.policyNamed(PolicyArn), identities),
})

export const listPolicies: IamOperation<'ListPolicies'> = async (input, { identities }) => {
  if (input.PolicyUsageFilter === 'PermissionsBoundary') throw notOffered('PolicyUsageFilter PermissionsBoundary')
  const policies = identities.policies(input.PathPrefix, SCOPES[input.Scope ?? 'All'])
  const wanted = input.OnlyAttached
    ? policies.filter((policy) => identities.attachedTo(policy.arn).length > 0)
    : policies
  const { items, ...rest } = page(wanted, (policy) => policy.arn, input)
  return { Policies: items.map((policy) => renderPolicy({ ...policy, tags: [] }, identities)), ...rest }
}

const SCOPES = { All: 'all', AWS: 'aws', Local: 'own' } as const

export const deletePolicy: IamOperation<'DeletePolicy'> = async ({ PolicyArn }, { identities }) => {
  await identities.deletePolicy(PolicyArn)
  return {}
}

export const listEntitiesForPolicy: IamOperation<'ListEntitiesForPolicy'> = async (input, { identities }) => {
  if (input.PolicyUsageFilter === 'PermissionsBoundary') throw notOffered('PolicyUsageFilter PermissionsBoundary')
  const { EntityFilter, PathPrefix = '/' } = input
  const attached = identities.attachedTo(input.PolicyArn)
  const roles = attached
    .filter(({ kind }) => kind === 'role' && (EntityFilter === undefined || EntityFilter === 'Role'))
    .map(({ principal }) => identities.roleNamed(principal))
  const users = attached
    .filter(({ kind }) => kind === 'user' && (EntityFilter === undefined || EntityFilter === 'User'))
    .map(({ principal }) => identities.userNamed(principal))
  const matching = [...roles, ...users].filter(({ path }) => path.startsWith(PathPrefix))
  const { items, ...rest } = page(matching, ({ id }) => id, input)
  return {
    PolicyGroups: [],
    PolicyRoles: items.filter(({ kind }) => kind === 'role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    PolicyUsers: items.filter(({ kind }) => kind === 'user').map(({ name, id }) => ({ UserName: name, UserId: id })),
    ...rest,
  }
}

export const createPolicyVersion: IamOperation<'CreatePolicyVersion'> = async (input, { identities }) => {
  const changed = await identities.changePolicy(input.PolicyArn, (policy, nowMs) => {
    if (policy.versions.length >= POLICY_VERSIONS_MAX) {
      throw new WireError(
        'LimitExceeded',
        `A managed policy can have up to ${POLICY_VERSIONS_MAX} versions. Before you create a new version, you must delete an existing version.`,
        { status: 409 },
      )
    }
    const number = policy.lastVersionNumber + 1
    const version = { id: `v${number}`, document: input.PolicyDocument, createdAtMs: nowMs }
    return {
      ...policy,
      updatedAtMs: nowMs,
      versions: [...policy.versions, version],
      defaultVersionId: input.SetAsDefault ? version.id : policy.defaultVersionId,
      lastVersionNumber: number,
    }
  })
  const made = changed.versions.at(-1) as PolicyVersion
  return { PolicyVersion: { ...renderPolicyVersion(changed, made), Document: undefined } }
}

export const getPolicyVersion: IamOperation<'GetPolicyVersion'> = async (input, { identities }) => {
  const policy = identities.policyNamed(input.PolicyArn)
  return { PolicyVersion: renderPolicyVersion(policy, versionNamed(policy, input.VersionId)) }
}

/** Newest first, without their documents. */
export const listPolicyVersions: IamOperation<'ListPolicyVersions'> = async (input, { identities }) => {
  const policy = identities.policyNamed(input.PolicyArn)
  const { items, ...rest } = page(policy.versions.toReversed(), (version) => version.id, input)
  const Versions = items.map((version) => ({ ...renderPolicyVersion(policy, version), Document: undefined }))
  return { Versions, ...rest }
}

export const setDefaultPolicyVersion: IamOperation<'SetDefaultPolicyVersion'> = async (input, { identities }) => {
  await identities.changePolicy(input.PolicyArn, (policy, nowMs) => ({
    ...policy,
    updatedAtMs: nowMs,
    defaultVersionId: versionNamed(policy, input.VersionId).id,
  }))
  return {}
}

export const deletePolicyVersion: IamOperation<'DeletePolicyVersion'> = async (input, { identities }) => {
  await identities.changePolicy(input.PolicyArn, (policy, nowMs) => {
    const { id } = versionNamed(policy, input.VersionId)
    if (id === policy.defaultVersionId) {
      throw new WireError('DeleteConflict', 'Cannot delete the default version of a policy.', { status: 409 })
    }
    return { ...policy, updatedAtMs: nowMs, versions: policy.versions.filter((version) => version.id !== id) }
  })
  return {}
}

function versionNamed(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = policy.versions.find((candidate) => candidate.id === id)
  if (version !== undefined) return version
  throw new WireError('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist or is not attachable.`, {
    status: 404,
  })
}
