/** Runs a crawler to its end and says what it did. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Column, Crawler, GlueClient, Partition, Table } from '@aws-sdk/client-glue'
import { Refusal } from '../platform/refusal.ts'
import { unlessMissing } from './apply/step.ts'

const POLL_MS = 200
const PARTITIONS_SHOWN_MAX = 20

export interface CrawlOutcome {
  readonly crawler: string
  readonly status: string
  readonly seconds: number
  readonly tablesCreated: number
  readonly tablesUpdated: number
  readonly tables: readonly CrawledTable[]
}

export interface CrawledTable {
  readonly database: string
  readonly name: string
  readonly location: string
  readonly classification: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly partitionKeys: readonly { readonly name: string; readonly type: string }[]
  readonly partitions: readonly (readonly string[])[]
  readonly hasMorePartitions: boolean
}

/** Aborting stops the crawler, waits until it has, and throws the signal's reason. */
export async function runCrawler(
  glue: GlueClient,
  name: string,
  signal: AbortSignal,
  onState: (state: string, elapsedMs: number) => void,
): Promise<CrawlOutcome> {
  const sdk = await import('@aws-sdk/client-glue')
  const startedAt = performance.now()
  await glue.send(new sdk.StartCrawlerCommand({ Name: name }))
  let crawler: Crawler | undefined
  let isStopped = false
  do {
    await sleep(POLL_MS)
    if (signal.aborted && !isStopped) {
      isStopped = true
      await unlessMissing(
        glue.send(new sdk.StopCrawlerCommand({ Name: name })),
        'CrawlerNotRunningException',
        'CrawlerStoppingException',
      )
    }
    crawler = (await glue.send(new sdk.GetCrawlerCommand({ Name: name }))).Crawler
    onState(crawler?.State ?? 'UNKNOWN', performance.now() - startedAt)
  } while (crawler?.State !== 'READY')
  signal.throwIfAborted()
  const status = crawler.LastCrawl?.Status ?? 'UNKNOWN'
  if (status !== 'SUCCEEDED')
    throw new Refusal(
      'crawlFailed',
      `Crawler ${name} ended ${status}: ${crawler.LastCrawl?.ErrorMessage ?? 'it gave no reason'}`,
    )
  const metrics = (await glue.send(new sdk.GetCrawlerMetricsCommand({ CrawlerNameList: [name] })))
    .CrawlerMetricsList?.[0]
  return {
    crawler: name,
    status,
    seconds: (performance.now() - startedAt) / 1000,
    tablesCreated: metrics?.TablesCreated ?? 0,
    tablesUpdated: metrics?.TablesUpdated ?? 0,
    tables: await tablesOf(glue, name, crawler.DatabaseName ?? ''),
  }
}

/** The database's tables that this crawler wrote. */
async function tablesOf(glue: GlueClient, crawler: string, database: string): Promise<CrawledTable[]> {
  const sdk = await import('@aws-sdk/client-glue')
  const tables: Table[] = []
  let token: string | undefined
  do {
    const page = await glue.send(new sdk.GetTablesCommand({ DatabaseName: database, NextToken: token }))
    tables.push(...(page.TableList ?? []))
    token = page.NextToken
  } while (token !== undefined)
  const mine = tables.filter((table) => table.Parameters?.['UPDATED_BY_CRAWLER'] === crawler)
  return Promise.all(mine.map((table) => describeTable(glue, database, table)))
}

async function describeTable(glue: GlueClient, database: string, table: Table): Promise<CrawledTable> {
  const sdk = await import('@aws-sdk/client-glue')
  const partitioned = (table.PartitionKeys ?? []).length > 0
  const page = partitioned
    ? await glue.send(
        new sdk.GetPartitionsCommand({
          DatabaseName: database,
          TableName: table.Name,
          MaxResults: PARTITIONS_SHOWN_MAX,
        }),
      )
    : { Partitions: [] as Partition[], NextToken: undefined }
  return {
    database,
    name: table.Name ?? '',
    location: table.StorageDescriptor?.Location ?? '',
    classification: table.Parameters?.['classification'] ?? '',
    columns: (table.StorageDescriptor?.Columns ?? []).map(nameAndType),
    partitionKeys: (table.PartitionKeys ?? []).map(nameAndType),
    partitions: (page.Partitions ?? []).map((partition) => partition.Values ?? []),
    hasMorePartitions: page.NextToken !== undefined,
  }
}

function nameAndType(column: Column): { name: string; type: string } {
  return { name: column.Name ?? '', type: column.Type ?? '' }
}
