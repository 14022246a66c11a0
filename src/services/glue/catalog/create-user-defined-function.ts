import type { CreateUserDefinedFunctionRequest, CreateUserDefinedFunctionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toFunctionInput } from './function-shape.ts'

export const createUserDefinedFunction: GlueOperation<
  CreateUserDefinedFunctionRequest,
  CreateUserDefinedFunctionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const name = input.FunctionInput.FunctionName
  if (name === undefined) throw invalidInput('FunctionInput.FunctionName must be given.')
  await catalog.createFunction(input.DatabaseName, toFunctionInput(input.FunctionInput, name))
  return {}
}
