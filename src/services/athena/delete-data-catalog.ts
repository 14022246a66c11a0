import type { DeleteDataCatalogInput, DeleteDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromDataCatalog } from './data-catalog-shape.ts'

export const deleteDataCatalog: AthenaOperation<DeleteDataCatalogInput, DeleteDataCatalogOutput> = async (
  { Name },
  { queries },
) => ({
  DataCatalog: { ...fromDataCatalog(await queries.dataCatalogs.delete(Name)), Status: 'DELETE_COMPLETE' },
})
