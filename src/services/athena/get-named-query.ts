import type { GetNamedQueryInput, GetNamedQueryOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromNamedQuery } from './named-query-shape.ts'

export const getNamedQuery: AthenaOperation<GetNamedQueryInput, GetNamedQueryOutput> = async (
  { NamedQueryId },
  { queries },
) => ({ NamedQuery: fromNamedQuery(queries.namedQueries.withId(NamedQueryId)) })
