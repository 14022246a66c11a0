import type { GetDataCatalogInput, GetDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { checkCatalogName, ownCatalog } from './data-catalogs.ts'

export const getDataCatalog: AthenaOperation<GetDataCatalogInput, GetDataCatalogOutput> = async ({ Name }, context) => {
  checkCatalogName(Name)
  return { DataCatalog: ownCatalog(context) }
}
