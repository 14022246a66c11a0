import type { GetCrawlersRequest, GetCrawlersResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { fromCrawler } from './crawler-shape.ts'

const CRAWLERS_PER_PAGE = 100

export const getCrawlers: CrawlerOperation<GetCrawlersRequest, GetCrawlersResponse> = async (
  { MaxResults = CRAWLERS_PER_PAGE, NextToken },
  { crawlerStore, clock },
) => {
  const request = { token: NextToken, limit: MaxResults }
  const { items, nextToken } = pageOf(await crawlerStore.crawlers(), (crawler) => crawler.name, request)
  const nowMs = clock.nowMs()
  return {
    Crawlers: items.map((crawler) => fromCrawler(crawler, nowMs)),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  }
}
