import type { GetCatalogsRequest, GetCatalogsResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { rootCatalog } from './root-catalog.ts'

/** The account's catalog has no others below it, and is listed only when asked for. */
export const getCatalogs: GlueOperation<GetCatalogsRequest, GetCatalogsResponse> = async (input, context) => {
  checkCatalogId(input.ParentCatalogId, context.accountId)
  return { CatalogList: input.IncludeRoot ? [rootCatalog(context)] : [] }
}
