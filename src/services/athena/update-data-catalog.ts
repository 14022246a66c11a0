import type { UpdateDataCatalogInput, UpdateDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { notOffered } from './data-catalogs.ts'

export const updateDataCatalog: AthenaOperation<UpdateDataCatalogInput, UpdateDataCatalogOutput> = async () =>
  notOffered('UpdateDataCatalog')
