import { withSchedule } from '../../../crawl/lifecycle.ts'
import type { UpdateCrawlerScheduleRequest, UpdateCrawlerScheduleResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { checkSchedule } from './crawler-input.ts'

/** Without a schedule, or with an empty one, the crawler has none afterwards. May be called while it runs. */
export const updateCrawlerSchedule: CrawlerOperation<
  UpdateCrawlerScheduleRequest,
  UpdateCrawlerScheduleResponse
> = async ({ CrawlerName, Schedule }, { crawlerStore, crawlers }) => {
  checkSchedule(Schedule)
  crawlers.follow(
    await crawlerStore.updateCrawler(CrawlerName, (crawler) => withSchedule(crawler, Schedule || undefined)),
  )
  return {}
}
