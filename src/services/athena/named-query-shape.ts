import type { NamedQuery as SavedQuery } from '../../query/named-queries.ts'
import type { NamedQuery } from '../../wire/model/athena.ts'

export function fromNamedQuery(query: SavedQuery): NamedQuery {
  return {
    Name: query.name,
    ...(query.description !== undefined && { Description: query.description }),
    Database: query.database,
    QueryString: query.sql,
    NamedQueryId: query.id,
    WorkGroup: query.workgroup,
  }
}
