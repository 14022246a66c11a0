import type { GetResourcePoliciesRequest, GetResourcePoliciesResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'

export const getResourcePolicies: GlueOperation<
  GetResourcePoliciesRequest,
  GetResourcePoliciesResponse
> = async () => ({
  GetResourcePoliciesResponseList: [],
})
