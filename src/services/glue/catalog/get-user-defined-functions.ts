import type { UserDefinedFunction } from '../../../catalog/types.ts'
import type { GetUserDefinedFunctionsRequest, GetUserDefinedFunctionsResponse } from '../../../wire/model/glue.ts'
import { databaseArn } from '../../catalog-permissions.ts'
import type { GlueOperation } from '../context.ts'
import { pageOf } from '../page.ts'
import { checkCatalogId } from '../unsupported.ts'
import { fromFunction } from './function-shape.ts'
import { nameMatcher } from './name-pattern.ts'

const FUNCTIONS_MAX = 100

/** Without DatabaseName those of all databases that the caller may see. */
export const getUserDefinedFunctions: GlueOperation<
  GetUserDefinedFunctionsRequest,
  GetUserDefinedFunctionsResponse
> = async (input, context, caller) => {
  const { catalog, accountId, access } = context
  checkCatalogId(input.CatalogId, accountId)
  const matches = nameMatcher(input.Pattern, 'Pattern')
  const maySee = (name: string) =>
    access.judge(caller, { action: 'glue:GetUserDefinedFunctions', resource: databaseArn(name, context) }).isAllowed
  const databases =
    input.DatabaseName === undefined
      ? (await catalog.databases()).map(({ name }) => name).filter(maySee)
      : [input.DatabaseName]
  const found: UserDefinedFunction[] = []
  for (const database of databases) found.push(...(await catalog.functions(database)))
  const wanted = found.filter(
    ({ name, functionType }) =>
      matches(name) && (input.FunctionType === undefined || functionType === input.FunctionType),
  )
  // Databases and functions both come sorted, and no name of a database has a byte 0.
  const page = pageOf(wanted, ({ database, name }) => `${database}\u0000${name}`, {
    token: input.NextToken,
    limit: input.MaxResults ?? FUNCTIONS_MAX,
  })
  return {
    UserDefinedFunctions: page.items.map((one) => fromFunction(one, accountId)),
    NextToken: page.nextToken,
  }
}
