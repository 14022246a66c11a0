/** Athena as the console uses it: statements, their results, history, saved queries, workgroups. */
import {
  AthenaClient,
  BatchGetNamedQueryCommand,
  BatchGetQueryExecutionCommand,
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  DeleteNamedQueryCommand,
  DeleteWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListDataCatalogsCommand,
  ListNamedQueriesCommand,
  ListQueryExecutionsCommand,
  ListWorkGroupsCommand,
  type NamedQuery,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  UpdateNamedQueryCommand,
  UpdateWorkGroupCommand,
  type WorkGroup,
  type WorkGroupConfigurationUpdates,
} from '@aws-sdk/client-athena'
import { client, collect } from './connection.ts'
import type { ResultColumn } from './result-column.ts'

const athena = () => client('athena', (config) => new AthenaClient(config))

export interface StatementRequest {
  readonly sql: string
  readonly catalog: string
  readonly database?: string
  readonly workgroup: string
  /** `s3://bucket/folder/`; undefined: the workgroup's. */
  readonly outputLocation?: string
}

export async function startStatement({
  sql,
  catalog,
  database,
  workgroup,
  outputLocation,
}: StatementRequest): Promise<string> {
  const { QueryExecutionId = '' } = await athena().send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Catalog: catalog, ...(database !== undefined && { Database: database }) },
      ...(outputLocation !== undefined && { ResultConfiguration: { OutputLocation: outputLocation } }),
    }),
  )
  return QueryExecutionId
}

export async function execution(id: string): Promise<QueryExecution> {
  const { QueryExecution } = await athena().send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
  if (QueryExecution === undefined) throw new Error(`There is no query ${id}.`)
  return QueryExecution
}

export const isOver = ({ Status }: QueryExecution): boolean =>
  Status?.State !== undefined && ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(Status.State)

export async function stopStatement(id: string): Promise<void> {
  await athena().send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
}

export interface ResultPage {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly next: string | undefined
}

/** The first page of a SELECT begins with the labels, which are left out here. */
export async function resultPage(of: QueryExecution, token?: string): Promise<ResultPage> {
  const { ResultSet, NextToken } = await athena().send(
    new GetQueryResultsCommand({ QueryExecutionId: of.QueryExecutionId, MaxResults: 1_000, NextToken: token }),
  )
  const columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Label, Name, Type }) => ({
    name: Label ?? Name ?? '',
    type: Type ?? 'varchar',
  }))
  const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null))
  const labelled = token === undefined && of.StatementType === 'DML' && rows.length > 0
  return { columns, rows: labelled ? rows.slice(1) : rows, next: NextToken }
}

export async function history(workgroup: string, max = 200): Promise<readonly QueryExecution[]> {
  const ids = await collect(
    (NextToken) => athena().send(new ListQueryExecutionsCommand({ WorkGroup: workgroup, NextToken })),
    (page) => ({ items: page.QueryExecutionIds, next: page.NextToken }),
    max,
  )
  const found: QueryExecution[] = []
  for (let at = 0; at < ids.length; at += 50) {
    const { QueryExecutions = [] } = await athena().send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: ids.slice(at, at + 50) }),
    )
    found.push(...QueryExecutions)
  }
  return found
}

export async function savedQueries(workgroup: string): Promise<readonly NamedQuery[]> {
  const ids = await collect(
    (NextToken) => athena().send(new ListNamedQueriesCommand({ WorkGroup: workgroup, NextToken })),
    (page) => ({ items: page.NamedQueryIds, next: page.NextToken }),
  )
  const found: NamedQuery[] = []
  for (let at = 0; at < ids.length; at += 50) {
    const { NamedQueries = [] } = await athena().send(
      new BatchGetNamedQueryCommand({ NamedQueryIds: ids.slice(at, at + 50) }),
    )
    found.push(...NamedQueries)
  }
  return found
}

export async function saveQuery(query: {
  readonly id?: string
  readonly name: string
  readonly description?: string
  readonly sql: string
  readonly database: string
  readonly workgroup: string
}): Promise<string> {
  if (query.id !== undefined) {
    await athena().send(
      new UpdateNamedQueryCommand({
        NamedQueryId: query.id,
        Name: query.name,
        Description: query.description,
        QueryString: query.sql,
      }),
    )
    return query.id
  }
  const { NamedQueryId = '' } = await athena().send(
    new CreateNamedQueryCommand({
      Name: query.name,
      Description: query.description,
      Database: query.database,
      QueryString: query.sql,
      WorkGroup: query.workgroup,
    }),
  )
  return NamedQueryId
}

export async function deleteSavedQuery(id: string): Promise<void> {
  await athena().send(new DeleteNamedQueryCommand({ NamedQueryId: id }))
}

export async function workgroups(): Promise<readonly WorkGroup[]> {
  const names = await collect(
    (NextToken) => athena().send(new ListWorkGroupsCommand({ NextToken })),
    (page) => ({ items: page.WorkGroups, next: page.NextToken }),
  )
  return Promise.all(names.map(({ Name = '' }) => workgroup(Name)))
}

export async function workgroup(name: string): Promise<WorkGroup> {
  const { WorkGroup: found } = await athena().send(new GetWorkGroupCommand({ WorkGroup: name }))
  if (found === undefined) throw new Error(`There is no workgroup ${name}.`)
  return found
}

export async function createWorkgroup(name: string, description: string, location: string): Promise<void> {
  await athena().send(
    new CreateWorkGroupCommand({
      Name: name,
      ...(description !== '' && { Description: description }),
      Configuration: { ...(location !== '' && { ResultConfiguration: { OutputLocation: location } }) },
    }),
  )
}

/** With its history, saved queries and prepared statements. */
export async function deleteWorkgroup(name: string): Promise<void> {
  await athena().send(new DeleteWorkGroupCommand({ WorkGroup: name, RecursiveDeleteOption: true }))
}

export async function dataCatalogs(): Promise<readonly string[]> {
  const found = await collect(
    (NextToken) => athena().send(new ListDataCatalogsCommand({ NextToken })),
    (page) => ({ items: page.DataCatalogsSummary, next: page.NextToken }),
  )
  return found.map(({ CatalogName = '' }) => CatalogName)
}

export async function updateWorkgroup(name: string, updates: WorkGroupConfigurationUpdates): Promise<void> {
  await athena().send(new UpdateWorkGroupCommand({ WorkGroup: name, ConfigurationUpdates: updates }))
}
