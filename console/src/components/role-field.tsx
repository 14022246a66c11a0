/** The role that a service works with: one that it may take, or a new one with the rights that it needs. */
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createServiceRole, roles, type ServicePrincipal } from '../drivers/iam.ts'
import { callerIdentity } from '../drivers/sts.ts'

const NEW = 'new'

interface RoleChoice {
  readonly service: ServicePrincipal
  /** Of the role that would be made. */
  readonly newName: string
  readonly chosen: string
  choose(role: string): void
  readonly isLoading: boolean
  readonly known: readonly { readonly arn: string; readonly name: string }[]
  /** The ARN, for a command that shows it; of a role that is not there yet, as it will be. */
  readonly shownArn: string
  /** The ARN of the chosen role; makes it first where it is to be made. */
  arnFor(bucket: string): Promise<string>
}

export function useRole(service: ServicePrincipal, name: string): RoleChoice {
  const [chosen, choose] = useState(NEW)
  const list = useQuery({ queryKey: ['roles'], queryFn: roles, retry: false })
  const { data: identity } = useQuery({
    queryKey: ['identity'],
    queryFn: callerIdentity,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const account = identity?.accountId ?? '000000000000'
  // Names of roles have 64 characters at most.
  const newName = name.slice(0, 64)
  const known = (list.data ?? []).filter(({ services }) => services.includes(service))
  return {
    service,
    newName,
    chosen,
    choose,
    known,
    isLoading: list.isPending,
    shownArn: chosen === NEW ? `arn:aws:iam::${account}:role/service-role/${newName}` : chosen,
    async arnFor(bucket) {
      return chosen === NEW ? createServiceRole(newName, service, bucket) : chosen
    },
  }
}

interface RoleFieldProps {
  readonly role: RoleChoice
  readonly description: string
  /** Of what a new role may do. */
  readonly rights: string
}

export function RoleField({ role, description, rights }: RoleFieldProps) {
  const made = { value: NEW, label: `Make ${role.newName}`, description: rights }
  const known = role.known.map(({ arn, name }) => ({ value: arn, label: name }))
  return (
    <FormField label="IAM role" description={description}>
      <Select
        selectedOption={[made, ...known].find(({ value }) => value === role.chosen) ?? made}
        statusType={role.isLoading ? 'loading' : 'finished'}
        options={[made, ...known]}
        onChange={({ detail }) => role.choose(detail.selectedOption.value ?? NEW)}
      />
    </FormField>
  )
}
