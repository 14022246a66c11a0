import type { GetCrawlerRequest, GetCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { crawlerNamed } from './crawler-named.ts'
import { fromCrawler } from './crawler-shape.ts'

export const getCrawler: CrawlerOperation<GetCrawlerRequest, GetCrawlerResponse> = async (
  { Name },
  { crawlerStore, clock },
) => ({ Crawler: fromCrawler(await crawlerNamed(crawlerStore, Name), clock.nowMs()) })
