import type { DeleteUserDefinedFunctionRequest, DeleteUserDefinedFunctionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

export const deleteUserDefinedFunction: GlueOperation<
  DeleteUserDefinedFunctionRequest,
  DeleteUserDefinedFunctionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  await catalog.deleteFunction(input.DatabaseName, input.FunctionName)
  return {}
}
