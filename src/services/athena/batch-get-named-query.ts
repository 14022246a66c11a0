import type { BatchGetNamedQueryInput, BatchGetNamedQueryOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromNamedQuery } from './named-query-shape.ts'

/** Ids that are not known come back as unprocessed; the others are answered. */
export const batchGetNamedQuery: AthenaOperation<BatchGetNamedQueryInput, BatchGetNamedQueryOutput> = async (
  { NamedQueryIds },
  { queries },
) => {
  const found = NamedQueryIds.map((id) => ({ id, query: queries.namedQueries.find(id) }))
  return {
    NamedQueries: found.flatMap(({ query }) => (query === undefined ? [] : [fromNamedQuery(query)])),
    UnprocessedNamedQueryIds: found.flatMap(({ id, query }) =>
      query === undefined
        ? [{ NamedQueryId: id, ErrorCode: 'INTERNAL_FAILURE', ErrorMessage: `NamedQuery ${id} was not found` }]
        : [],
    ),
  }
}
