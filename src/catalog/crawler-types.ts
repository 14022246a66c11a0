/** What is known of crawlers: how each is set up, what it is doing, how its runs went. */

export interface S3Target {
  readonly path: string
  readonly exclusions: readonly string[]
  readonly sampleSize?: number
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
  /** What the run decided and why, in plain sentences; kept with the newest runs only. */
  readonly messages?: readonly string[]
}

export interface CrawlerInput {
  readonly name: string
  readonly role: string
  readonly databaseName: string
  readonly description?: string
  readonly targets: readonly S3Target[]
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
  /** Newest first, bounded to 100. */
  readonly runs: readonly CrawlRun[]
}
