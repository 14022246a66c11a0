import { expect, test } from 'vitest'
import { awsManagedPolicies } from '../../src/identity/aws-managed-policies.ts'
import { parsePolicy } from '../../src/identity/policy/index.ts'

test.each([...awsManagedPolicies.values()].map((policy) => [policy.arn, policy] as const))(
  '%s is a policy as IAM takes it',
  (_arn, { versions }) => {
    expect(() => parsePolicy(versions[0]?.document ?? '', 'identity')).not.toThrow()
  },
)

test('each has an id of its own', () => {
  const ids = new Set([...awsManagedPolicies.values()].map(({ id }) => id))
  expect(ids.size).toBe(awsManagedPolicies.size)
})
