import type { CreateDataCatalogInput, CreateDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { notOffered } from './data-catalogs.ts'

export const createDataCatalog: AthenaOperation<CreateDataCatalogInput, CreateDataCatalogOutput> = async () =>
  notOffered('CreateDataCatalog')
