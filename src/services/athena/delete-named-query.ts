import type { DeleteNamedQueryInput, DeleteNamedQueryOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const deleteNamedQuery: AthenaOperation<DeleteNamedQueryInput, DeleteNamedQueryOutput> = async (
  { NamedQueryId },
  { queries },
) => {
  await queries.namedQueries.delete(NamedQueryId)
  return {}
}
