import type { GetCatalogRequest, GetCatalogResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'
import { rootCatalog } from './root-catalog.ts'

export const getCatalog: GlueOperation<GetCatalogRequest, GetCatalogResponse> = async (input, context) => {
  if (input.CatalogId !== context.accountId) throw entityNotFound(`Catalog ${input.CatalogId} not found.`)
  return { Catalog: rootCatalog(context) }
}
