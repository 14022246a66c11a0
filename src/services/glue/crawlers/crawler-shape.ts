/** A crawler and its runs as Glue shows them. Members that AWS always gives are always there, with AWS's defaults. */
import type { CatalogTarget, Crawler, CrawlRun, S3Target } from '../../../catalog/crawler-types.ts'
import { CRAWLER_LOG_GROUP } from '../../../crawl/run-log.ts'
import type {
  CrawlerHistory,
  CrawlerHistoryState,
  CrawlerMetrics,
  LastCrawlStatus,
  CatalogTarget as WireCatalogTarget,
  Crawler as WireCrawler,
  S3Target as WireS3Target,
} from '../../../wire/model/glue.ts'

/** ErrorMessage is a DescriptionString. */
const ERROR_MESSAGE_LENGTH_MAX = 2048

export function fromCrawler(crawler: Crawler, nowMs: number): WireCrawler {
  const { lastRun: last, schedule } = crawler
  return {
    Name: crawler.name,
    Role: withoutArn(crawler.role),
    Targets: {
      S3Targets: crawler.targets.map(fromTarget),
      JdbcTargets: [],
      MongoDBTargets: [],
      DynamoDBTargets: [],
      CatalogTargets: crawler.catalogTargets.map(fromCatalogTarget),
      DeltaTargets: [],
      IcebergTargets: [],
      HudiTargets: [],
    },
    ...(crawler.databaseName && { DatabaseName: crawler.databaseName }),
    ...(crawler.description && { Description: crawler.description }),
    Classifiers: crawler.classifiers,
    RecrawlPolicy: { RecrawlBehavior: crawler.recrawlBehavior },
    SchemaChangePolicy: { UpdateBehavior: crawler.updateBehavior, DeleteBehavior: crawler.deleteBehavior },
    LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
    State: crawler.state,
    ...(crawler.tablePrefix && { TablePrefix: crawler.tablePrefix }),
    ...(schedule && { Schedule: { ScheduleExpression: schedule.expression, State: schedule.state } }),
    CrawlElapsedTime: elapsedMs(crawler, nowMs),
    CreationTime: new Date(crawler.createdAtMs),
    LastUpdated: new Date(crawler.updatedAtMs),
    ...(last && {
      LastCrawl: {
        ...runMessages(crawler.name, last),
        Status: last.status as LastCrawlStatus,
        StartTime: new Date(last.startedAtMs),
      },
    }),
    Version: crawler.version,
    ...(crawler.configuration && { Configuration: crawler.configuration }),
    LakeFormationConfiguration: { UseLakeFormationCredentials: false, AccountId: '' },
  }
}

const HISTORY_STATES: Readonly<Record<CrawlRun['status'], CrawlerHistoryState>> = {
  RUNNING: 'RUNNING',
  SUCCEEDED: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELLED: 'STOPPED',
}

export function fromRun(crawler: string, run: CrawlRun): CrawlerHistory {
  return {
    CrawlId: run.id,
    State: HISTORY_STATES[run.status],
    StartTime: new Date(run.startedAtMs),
    ...(run.endedAtMs !== undefined && { EndTime: new Date(run.endedAtMs) }),
    Summary: JSON.stringify({
      TABLE: { ADD: run.tablesCreated, UPDATE: run.tablesUpdated, DELETE: run.tablesDeleted },
      PARTITION: { ADD: run.partitionsCreated, UPDATE: run.partitionsUpdated, DELETE: run.partitionsDeleted },
    }),
    ...runMessages(crawler, run),
  }
}

/** `runs` that ended, newest first: their times count, and the time left is what their median says. */
export function metricsOf(crawler: Crawler, runs: readonly CrawlRun[], nowMs: number): CrawlerMetrics {
  const seconds = runs.flatMap(({ startedAtMs, endedAtMs }) =>
    endedAtMs === undefined ? [] : (endedAtMs - startedAtMs) / 1000,
  )
  const median = medianOf(seconds)
  const isRunning = crawler.state !== 'READY'
  const { lastRun: last } = crawler
  return {
    CrawlerName: crawler.name,
    TimeLeftSeconds: isRunning ? Math.max(0, median - elapsedMs(crawler, nowMs) / 1000) : 0,
    StillEstimating: isRunning && seconds.length === 0,
    LastRuntimeSeconds: seconds[0] ?? 0,
    MedianRuntimeSeconds: median,
    TablesCreated: last?.tablesCreated ?? 0,
    TablesUpdated: last?.tablesUpdated ?? 0,
    TablesDeleted: last?.tablesDeleted ?? 0,
  }
}

function runMessages(crawler: string, { id, errorMessage }: CrawlRun) {
  return {
    ...(errorMessage !== undefined && { ErrorMessage: errorMessage.slice(0, ERROR_MESSAGE_LENGTH_MAX) }),
    LogGroup: CRAWLER_LOG_GROUP,
    LogStream: crawler,
    MessagePrefix: id,
  }
}

/** AWS gives the role's name, with its path, whichever way it was named. */
function withoutArn(role: string): string {
  return role.replace(/^arn:[^:]*:iam::\d*:role\//, '')
}

function fromTarget({ path, exclusions, sampleSize }: S3Target): WireS3Target {
  return { Path: path, Exclusions: exclusions, ...(sampleSize !== undefined && { SampleSize: sampleSize }) }
}

function fromCatalogTarget({ database, tables }: CatalogTarget): WireCatalogTarget {
  return { DatabaseName: database, Tables: tables }
}

function elapsedMs({ currentRun }: Crawler, nowMs: number): number {
  return currentRun === undefined ? 0 : Math.max(0, nowMs - currentRun.startedAtMs)
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  return (low + high) / 2
}
