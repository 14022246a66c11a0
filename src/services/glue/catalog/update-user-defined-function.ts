import type { UpdateUserDefinedFunctionRequest, UpdateUserDefinedFunctionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toFunctionInput } from './function-shape.ts'

/** Replaces the whole function; another name in FunctionInput renames it. */
export const updateUserDefinedFunction: GlueOperation<
  UpdateUserDefinedFunctionRequest,
  UpdateUserDefinedFunctionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const replacement = toFunctionInput(input.FunctionInput, input.FunctionName)
  await catalog.updateFunction(input.DatabaseName, input.FunctionName, replacement)
  return {}
}
