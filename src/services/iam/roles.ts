/** Roles: made, described, changed, deleted. */
import type { IamOperation } from './context.ts'
import { page } from './paging.ts'
import { renderRole } from './render.ts'
import { tagsGiven } from './tags.ts'

const SESSION_SECONDS_DEFAULT = 3600

export const createRole: IamOperation<'CreateRole'> = async (input, { identities }) => {
  const role = await identities.createRole({
    name: input.RoleName,
    path: input.Path ?? '/',
    trustPolicy: input.AssumeRolePolicyDocument,
    description: input.Description,
    sessionSecondsMax: input.MaxSessionDuration ?? SESSION_SECONDS_DEFAULT,
    boundaryArn: input.PermissionsBoundary,
    tags: tagsGiven(input.Tags),
  })
  return { Role: renderRole(role, identities) }
}

export const getRole: IamOperation<'GetRole'> = async ({ RoleName }, { identities }) => ({
  Role: renderRole(identities.roleNamed(RoleName), identities),
})

/** As IAM, without tags and boundary. */
export const listRoles: IamOperation<'ListRoles'> = async (input, { identities }) => {
  const { items, ...rest } = page(identities.roles(input.PathPrefix), (role) => role.name, input)
  const Roles = items.map((role) => renderRole({ ...role, tags: [], boundaryArn: undefined }, identities))
  return { Roles, ...rest }
}

export const updateRole: IamOperation<'UpdateRole'> = async (input, { identities }) => {
  await identities.changeRole(input.RoleName, (role) => ({
    ...role,
    description: input.Description ?? role.description,
    sessionSecondsMax: input.MaxSessionDuration ?? role.sessionSecondsMax,
  }))
  return {}
}

export const updateRoleDescription: IamOperation<'UpdateRoleDescription'> = async (input, { identities }) => {
  const role = await identities.changeRole(input.RoleName, (current) => ({
    ...current,
    description: input.Description,
  }))
  return { Role: renderRole(role, identities) }
}

export const updateAssumeRolePolicy: IamOperation<'UpdateAssumeRolePolicy'> = async (input, { identities }) => {
  await identities.changeRole(input.RoleName, (role) => ({ ...role, trustPolicy: input.PolicyDocument }))
  return {}
}

export const putRolePermissionsBoundary: IamOperation<'PutRolePermissionsBoundary'> = async (input, context) => {
  await context.identities.changeRole(input.RoleName, (role) => ({ ...role, boundaryArn: input.PermissionsBoundary }))
  return {}
}

export const deleteRolePermissionsBoundary: IamOperation<'DeleteRolePermissionsBoundary'> = async (input, context) => {
  await context.identities.changeRole(input.RoleName, (role) => ({ ...role, boundaryArn: undefined }))
  return {}
}

export const deleteRole: IamOperation<'DeleteRole'> = async ({ RoleName }, { identities }) => {
  await identities.deletePrincipal('role', RoleName)
  return {}
}

/** There are no instance profiles in a lake; Terraform asks for them before it deletes a role. */
export const listInstanceProfilesForRole: IamOperation<'ListInstanceProfilesForRole'> = async (input, context) => {
  context.identities.roleNamed(input.RoleName)
  return { InstanceProfiles: [], IsTruncated: false }
}
