import type { ListDataCatalogsInput, ListDataCatalogsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { ownCatalog } from './data-catalogs.ts'

export const listDataCatalogs: AthenaOperation<ListDataCatalogsInput, ListDataCatalogsOutput> = async (
  _input,
  context,
) => {
  const { Name, Type, Status } = ownCatalog(context)
  return { DataCatalogsSummary: [{ CatalogName: Name, Type, ...(Status !== undefined && { Status }) }] }
}
