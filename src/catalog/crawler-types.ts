/** What is known of crawlers: how each is set up, what it is doing, how its runs went. */

export interface S3Target {
  readonly path: string
  readonly exclusions: readonly string[]
  readonly sampleSize?: number
}

/** Tables that are crawled where they lie: their schemas and partitions are kept up to date, no table is made. */
export interface CatalogTarget {
  readonly database: string
  readonly tables: readonly string[]
}

export interface CrawlerSchedule {
  /** `cron(…)`, as given, already validated. */
  readonly expression: string
  readonly state: 'SCHEDULED' | 'NOT_SCHEDULED'
}

export type CrawlerState = 'READY' | 'RUNNING' | 'STOPPING'

export interface CrawlRun {
  readonly id: string
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'CANCELLED' | 'FAILED'
  readonly errorMessage?: string
  readonly startedAtMs: number
  readonly endedAtMs?: number
  readonly tablesCreated: number
  readonly tablesUpdated: number
  readonly tablesDeleted: number
  readonly partitionsCreated: number
  readonly partitionsUpdated: number
  readonly partitionsDeleted: number
}

export interface CrawlerInput {
  readonly name: string
  readonly role: string
  /** Where tables are made; '' of a crawler with catalog targets alone. */
  readonly databaseName: string
  readonly description?: string
  readonly targets: readonly S3Target[]
  readonly catalogTargets: readonly CatalogTarget[]
  /** Names of custom classifiers, tried in this order before the built-in ones. */
  readonly classifiers: readonly string[]
  readonly schedule?: CrawlerSchedule
  readonly recrawlBehavior: 'CRAWL_EVERYTHING' | 'CRAWL_NEW_FOLDERS_ONLY'
  readonly tablePrefix?: string
  readonly updateBehavior: 'UPDATE_IN_DATABASE' | 'LOG'
  readonly deleteBehavior: 'DEPRECATE_IN_DATABASE' | 'DELETE_FROM_DATABASE' | 'LOG'
  /** The Configuration JSON text as given, already validated. */
  readonly configuration?: string
  readonly tags: Readonly<Record<string, string>>
}

export interface Crawler extends CrawlerInput {
  readonly version: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly state: CrawlerState
  readonly currentRun?: CrawlRun
  /** The newest that ended; all of them: `CrawlerStore.runs`. */
  readonly lastRun?: CrawlRun
}
