import { startSchedule } from '../../../crawl/lifecycle.ts'
import type { StartCrawlerScheduleRequest, StartCrawlerScheduleResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** The schedule that the crawler has goes on. What it missed meanwhile is not made up for. */
export const startCrawlerSchedule: CrawlerOperation<StartCrawlerScheduleRequest, StartCrawlerScheduleResponse> = async (
  { CrawlerName },
  { crawlerStore, crawlers },
) => {
  crawlers.follow(await crawlerStore.updateCrawler(CrawlerName, startSchedule))
  return {}
}
