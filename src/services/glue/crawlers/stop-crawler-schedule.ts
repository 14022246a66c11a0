import { stopSchedule } from '../../../crawl/lifecycle.ts'
import type { StopCrawlerScheduleRequest, StopCrawlerScheduleResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** The crawler keeps its schedule and no longer starts by it. A run under way goes on. */
export const stopCrawlerSchedule: CrawlerOperation<StopCrawlerScheduleRequest, StopCrawlerScheduleResponse> = async (
  { CrawlerName },
  { crawlerStore, crawlers },
) => {
  crawlers.follow(await crawlerStore.updateCrawler(CrawlerName, stopSchedule))
  return {}
}
