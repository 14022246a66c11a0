import { PRIMARY } from '../../query/workgroups.ts'
import type { CreateNamedQueryInput, CreateNamedQueryOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const createNamedQuery: AthenaOperation<CreateNamedQueryInput, CreateNamedQueryOutput> = async (
  { Name, Description, Database, QueryString, ClientRequestToken, WorkGroup },
  { queries },
) => {
  const workgroup = queries.workgroups.named(WorkGroup ?? PRIMARY).name
  const created = await queries.namedQueries.create({
    name: Name,
    ...(Description !== undefined && { description: Description }),
    database: Database,
    sql: QueryString,
    workgroup,
    ...(ClientRequestToken !== undefined && { clientRequestToken: ClientRequestToken }),
  })
  return { NamedQueryId: created.id }
}
