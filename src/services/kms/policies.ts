/** A key's policy: it says who may use the key, beside what users' and roles' own policies say. */
import { PolicyError, parsePolicy } from '../../identity/policy/index.ts'
import { WireError } from '../../wire/error.ts'
import { keyByIdOrArn } from '../customer-keys.ts'
import type { KmsOperation } from './context.ts'
import { malformedPolicy } from './errors.ts'

/** A key has one policy, of this name. */
const NAME = 'default'

export const getKeyPolicy: KmsOperation<'GetKeyPolicy'> = async ({ KeyId, PolicyName }, context) => {
  const key = keyByIdOrArn(KeyId, context)
  requireName(PolicyName)
  return { Policy: key.policy, PolicyName: NAME }
}

export const putKeyPolicy: KmsOperation<'PutKeyPolicy'> = async ({ KeyId, PolicyName, Policy }, context) => {
  const key = keyByIdOrArn(KeyId, context)
  requireName(PolicyName)
  requirePolicy(Policy)
  await context.keys.setPolicy(key.id, Policy)
  return {}
}

export const listKeyPolicies: KmsOperation<'ListKeyPolicies'> = async ({ KeyId }, context) => {
  keyByIdOrArn(KeyId, context)
  return { PolicyNames: [NAME], Truncated: false }
}

/** A policy that is not wholly understood is not stored. */
export function requirePolicy(text: string): void {
  try {
    parsePolicy(text, 'resource')
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw malformedPolicy(error.message, error)
  }
}

function requireName(name: string | undefined): void {
  if (name !== undefined && name !== NAME) throw new WireError('NotFoundException', `No such policy exists`)
}
