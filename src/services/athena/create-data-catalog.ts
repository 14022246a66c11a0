import type { CreateDataCatalogInput, CreateDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromDataCatalog } from './data-catalog-shape.ts'
import { toTags } from './tag-shape.ts'

export const createDataCatalog: AthenaOperation<CreateDataCatalogInput, CreateDataCatalogOutput> = async (
  { Name, Type, Description, Parameters, Tags },
  { queries },
) => {
  const created = await queries.dataCatalogs.create({
    name: Name,
    type: Type,
    ...(Description !== undefined && { description: Description }),
    parameters: Parameters ?? {},
    tags: toTags(Tags ?? []),
  })
  return { DataCatalog: fromDataCatalog(created) }
}
