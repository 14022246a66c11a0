import type { GetUserDefinedFunctionRequest, GetUserDefinedFunctionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { databaseNamed } from './found.ts'
import { fromFunction } from './function-shape.ts'

export const getUserDefinedFunction: GlueOperation<
  GetUserDefinedFunctionRequest,
  GetUserDefinedFunctionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const database = await databaseNamed(catalog, input.DatabaseName)
  const found = await catalog.findFunction(database.name, input.FunctionName)
  if (found === undefined) throw entityNotFound(`Function ${input.FunctionName} not found.`)
  return { UserDefinedFunction: fromFunction(found, accountId) }
}
