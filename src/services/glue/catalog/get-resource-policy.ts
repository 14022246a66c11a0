import type { GetResourcePolicyRequest, GetResourcePolicyResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'

/** Nobody can put one: who may do what is said by the policies of users and roles. */
export const getResourcePolicy: GlueOperation<GetResourcePolicyRequest, GetResourcePolicyResponse> = async () => {
  throw entityNotFound('Policy not found')
}
