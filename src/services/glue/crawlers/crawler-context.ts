/** What the crawler operations may use. */
import type { CrawlerStore } from '../../../catalog/crawler-store.ts'
import type { Crawlers } from '../../../crawl/crawlers.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Operation } from '../../operation.ts'

/** Who knows which roles exist. With `--auth open` the answer is always yes. */
export interface CrawlerRoles {
  /** `role`: a name, with or without path, or an ARN. */
  hasRole(role: string): Promise<boolean>
}

export interface CrawlerContext {
  readonly crawlerStore: CrawlerStore
  readonly crawlers: Pick<Crawlers, 'start' | 'stop' | 'follow' | 'forget'>
  readonly crawlerRoles: CrawlerRoles
  readonly clock: Clock
}

export type CrawlerOperation<Input, Output> = Operation<Input, Output, CrawlerContext>
