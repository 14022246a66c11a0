/**
 * What a run says, in AWS's form: group `/aws-glue/crawlers`, a stream named like the crawler, each message behind the
 * run's id. The lines that every run has are worded as AWS's are; between them stand our own, which say why.
 *
 *   [3f0c…] BENCHMARK : Running Start Crawl for Crawler how-kinesis
 *   [3f0c…] INFO  : s3://lake/events/: 12 files found (folders: 3); 9 looked into, 0 excluded.
 *   [3f0c…] BENCHMARK : Classification complete, writing results to database how
 *   [3f0c…] BENCHMARK : Finished writing to Catalog
 *   [3f0c…] BENCHMARK : Crawler has finished running and is in state READY
 */
import type { Crawler } from '../catalog/crawler-types.ts'

export const CRAWLER_LOG_GROUP = '/aws-glue/crawlers'
/** CloudWatch Logs takes 256 KB of a message, and a character has up to four bytes. A longer one ends in `…`. */
const MESSAGE_LENGTH_MAX = 60_000

/** Where messages go. `append` never waits and never refuses; they can be read when `flush` has resolved. */
export interface CrawlLog {
  append(group: string, stream: string, message: string): void
  flush(): Promise<void>
}

export interface RunLog {
  began(): void
  /** What was decided, and why. */
  say(message: string): void
  classified(): void
  written(): void
  failed(message: string): void
  stopped(message: string): void
  ended(): void
}

export function runLog(log: CrawlLog, crawler: Crawler, runId: string): RunLog {
  const tell = (level: 'BENCHMARK' | 'INFO ' | 'WARN ' | 'ERROR', message: string) => {
    const cut = message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX)}…` : message
    log.append(CRAWLER_LOG_GROUP, crawler.name, `[${runId}] ${level} : ${cut}`)
  }
  return {
    began: () => {
      tell('BENCHMARK', `Running Start Crawl for Crawler ${crawler.name}`)
      const { updateBehavior: UpdateBehavior, deleteBehavior: DeleteBehavior, configuration } = crawler
      tell('INFO ', `Crawler configured with SchemaChangePolicy ${JSON.stringify({ UpdateBehavior, DeleteBehavior })}.`)
      if (configuration) tell('INFO ', `Crawler configured with Configuration ${configuration}.`)
    },
    say: (message) => tell('INFO ', message),
    classified: () =>
      tell('BENCHMARK', `Classification complete, writing results to database ${crawler.databaseName}`.trimEnd()),
    written: () => tell('BENCHMARK', 'Finished writing to Catalog'),
    failed: (message) => tell('ERROR', message),
    stopped: (message) => tell('WARN ', message),
    ended: () => tell('BENCHMARK', 'Crawler has finished running and is in state READY'),
  }
}
