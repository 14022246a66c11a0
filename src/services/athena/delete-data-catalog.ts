import type { DeleteDataCatalogInput, DeleteDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { notOffered } from './data-catalogs.ts'

export const deleteDataCatalog: AthenaOperation<DeleteDataCatalogInput, DeleteDataCatalogOutput> = async () =>
  notOffered('DeleteDataCatalog')
