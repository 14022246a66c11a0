import type { UpdateDataCatalogInput, UpdateDataCatalogOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

/** Says all anew: what is left out is gone. */
export const updateDataCatalog: AthenaOperation<UpdateDataCatalogInput, UpdateDataCatalogOutput> = async (
  { Name, Type, Description, Parameters },
  { queries },
) => {
  await queries.dataCatalogs.update(Name, ({ name, tags }) => ({
    name,
    type: Type,
    ...(Description !== undefined && { description: Description }),
    parameters: Parameters ?? {},
    tags,
  }))
  return {}
}
