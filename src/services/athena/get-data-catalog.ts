import type { GetDataCatalogInput, GetDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromDataCatalog } from './data-catalog-shape.ts'

export const getDataCatalog: AthenaOperation<GetDataCatalogInput, GetDataCatalogOutput> = async (
  { Name },
  { queries },
) => ({ DataCatalog: fromDataCatalog(queries.dataCatalogs.named(Name)) })
