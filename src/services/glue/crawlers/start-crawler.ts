import type { StartCrawlerRequest, StartCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Answers when the run has begun; it goes on in the background. */
export const startCrawler: CrawlerOperation<StartCrawlerRequest, StartCrawlerResponse> = async (
  { Name },
  { crawlers },
) => {
  await crawlers.start(Name)
  return {}
}
