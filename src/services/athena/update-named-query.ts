import type { UpdateNamedQueryInput, UpdateNamedQueryOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const updateNamedQuery: AthenaOperation<UpdateNamedQueryInput, UpdateNamedQueryOutput> = async (
  { NamedQueryId, Name, Description, QueryString },
  { queries },
) => {
  await queries.namedQueries.update(NamedQueryId, {
    name: Name,
    ...(Description !== undefined && { description: Description }),
    sql: QueryString,
  })
  return {}
}
