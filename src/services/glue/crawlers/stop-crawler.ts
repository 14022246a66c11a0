import type { StopCrawlerRequest, StopCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Answers when the run has been told to stop. Until its last change it can be; each change that it made is whole. */
export const stopCrawler: CrawlerOperation<StopCrawlerRequest, StopCrawlerResponse> = async (
  { Name },
  { crawlers },
) => {
  await crawlers.stop(Name)
  return {}
}
