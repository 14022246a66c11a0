import type { DeleteCrawlerRequest, DeleteCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { crawlerNamed } from './crawler-named.ts'

/** A running crawler is refused. The tables it made stay. */
export const deleteCrawler: CrawlerOperation<DeleteCrawlerRequest, DeleteCrawlerResponse> = async (
  { Name },
  { crawlerStore, crawlers },
) => {
  await crawlerNamed(crawlerStore, Name)
  await crawlerStore.deleteCrawler(Name)
  crawlers.forget(Name)
  return {}
}
