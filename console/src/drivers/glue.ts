/** Glue as the console uses it: databases, tables, partitions, crawlers with their runs, triggers, workflows. */
import {
  type Crawler,
  type CrawlerHistory,
  type CrawlerMetrics,
  CreateCrawlerCommand,
  type CreateCrawlerRequest,
  CreateDatabaseCommand,
  type Database,
  DeleteCrawlerCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetCrawlersCommand,
  GetDatabasesCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionsCommand,
  GetTriggersCommand,
  GetWorkflowCommand,
  GetWorkflowRunsCommand,
  GlueClient,
  ListCrawlsCommand,
  ListWorkflowsCommand,
  type Partition,
  StartCrawlerCommand,
  StartTriggerCommand,
  StartWorkflowRunCommand,
  StopCrawlerCommand,
  StopTriggerCommand,
  type Table,
  type TableVersion,
  type Trigger,
  UpdateCrawlerCommand,
  type UpdateCrawlerRequest,
  type Workflow,
  type WorkflowRun,
} from '@aws-sdk/client-glue'
import { client, collect } from './connection.ts'

const glue = () => client('glue', (config) => new GlueClient(config))

export function databases(): Promise<readonly Database[]> {
  return collect(
    (NextToken) => glue().send(new GetDatabasesCommand({ NextToken })),
    (page) => ({ items: page.DatabaseList, next: page.NextToken }),
  )
}

export async function createDatabase(name: string, description?: string): Promise<void> {
  await glue().send(
    new CreateDatabaseCommand({ DatabaseInput: { Name: name, ...(description && { Description: description }) } }),
  )
}

export async function deleteDatabase(name: string): Promise<void> {
  await glue().send(new DeleteDatabaseCommand({ Name: name }))
}

export function tables(database: string): Promise<readonly Table[]> {
  return collect(
    (NextToken) => glue().send(new GetTablesCommand({ DatabaseName: database, NextToken, MaxResults: 100 })),
    (page) => ({ items: page.TableList, next: page.NextToken }),
  )
}

export async function table(database: string, name: string): Promise<Table> {
  const { Table: found } = await glue().send(new GetTableCommand({ DatabaseName: database, Name: name }))
  if (found === undefined) throw new Error(`There is no table ${database}.${name}.`)
  return found
}

export async function deleteTable(database: string, name: string): Promise<void> {
  await glue().send(new DeleteTableCommand({ DatabaseName: database, Name: name }))
}

export async function tableVersions(database: string, name: string): Promise<readonly TableVersion[]> {
  return collect(
    (NextToken) => glue().send(new GetTableVersionsCommand({ DatabaseName: database, TableName: name, NextToken })),
    (page) => ({ items: page.TableVersions, next: page.NextToken }),
    200,
  )
}

/** Up to `max`; `expression` is a condition on partition keys. */
export function partitions(
  database: string,
  name: string,
  expression: string | undefined,
  max = 1_000,
): Promise<readonly Partition[]> {
  return collect(
    (NextToken) =>
      glue().send(
        new GetPartitionsCommand({
          DatabaseName: database,
          TableName: name,
          NextToken,
          ...(expression && { Expression: expression }),
        }),
      ),
    (page) => ({ items: page.Partitions, next: page.NextToken }),
    max,
  )
}

export function crawlers(): Promise<readonly Crawler[]> {
  return collect(
    (NextToken) => glue().send(new GetCrawlersCommand({ NextToken })),
    (page) => ({ items: page.Crawlers, next: page.NextToken }),
  )
}

export async function crawler(name: string): Promise<Crawler> {
  const { Crawler: found } = await glue().send(new GetCrawlerCommand({ Name: name }))
  if (found === undefined) throw new Error(`There is no crawler ${name}.`)
  return found
}

export async function crawlerMetrics(): Promise<readonly CrawlerMetrics[]> {
  return collect(
    (NextToken) => glue().send(new GetCrawlerMetricsCommand({ NextToken })),
    (page) => ({ items: page.CrawlerMetricsList, next: page.NextToken }),
  )
}

export async function createCrawler(request: CreateCrawlerRequest): Promise<void> {
  await glue().send(new CreateCrawlerCommand(request))
}

export async function updateCrawler(request: UpdateCrawlerRequest): Promise<void> {
  await glue().send(new UpdateCrawlerCommand(request))
}

export async function startCrawler(name: string): Promise<void> {
  await glue().send(new StartCrawlerCommand({ Name: name }))
}

export async function stopCrawler(name: string): Promise<void> {
  await glue().send(new StopCrawlerCommand({ Name: name }))
}

export async function deleteCrawler(name: string): Promise<void> {
  await glue().send(new DeleteCrawlerCommand({ Name: name }))
}

export async function crawls(name: string, max = 50): Promise<readonly CrawlerHistory[]> {
  return collect(
    (NextToken) => glue().send(new ListCrawlsCommand({ CrawlerName: name, NextToken })),
    (page) => ({ items: page.Crawls, next: page.NextToken }),
    max,
  )
}

export function triggers(): Promise<readonly Trigger[]> {
  return collect(
    (NextToken) => glue().send(new GetTriggersCommand({ NextToken })),
    (page) => ({ items: page.Triggers, next: page.NextToken }),
  )
}

export async function startTrigger(name: string): Promise<void> {
  await glue().send(new StartTriggerCommand({ Name: name }))
}

export async function stopTrigger(name: string): Promise<void> {
  await glue().send(new StopTriggerCommand({ Name: name }))
}

export async function workflows(): Promise<readonly Workflow[]> {
  const names = await collect(
    (NextToken) => glue().send(new ListWorkflowsCommand({ NextToken })),
    (page) => ({ items: page.Workflows, next: page.NextToken }),
  )
  const found = await Promise.all(
    names.map((Name) => glue().send(new GetWorkflowCommand({ Name, IncludeGraph: true }))),
  )
  return found.flatMap(({ Workflow: one }) => one ?? [])
}

export async function workflowRuns(name: string): Promise<readonly WorkflowRun[]> {
  return collect(
    (NextToken) => glue().send(new GetWorkflowRunsCommand({ Name: name, NextToken })),
    (page) => ({ items: page.Runs, next: page.NextToken }),
    50,
  )
}

export async function startWorkflow(name: string): Promise<string> {
  const { RunId = '' } = await glue().send(new StartWorkflowRunCommand({ Name: name }))
  return RunId
}
