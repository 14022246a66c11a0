import type { StopCrawlerRequest, StopCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Answers when the run has been told to stop; a run that writes its findings already is refused as stopping. */
export const stopCrawler: CrawlerOperation<StopCrawlerRequest, StopCrawlerResponse> = async (
  { Name },
  { crawlers },
) => {
  await crawlers.stop(Name)
  return {}
}
