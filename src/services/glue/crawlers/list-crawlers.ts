import type { ListCrawlersRequest, ListCrawlersResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { CrawlerOperation } from './crawler-context.ts'

const CRAWLERS_PER_PAGE = 100

/** Names only; with Tags those that have all of them. */
export const listCrawlers: CrawlerOperation<ListCrawlersRequest, ListCrawlersResponse> = async (
  { MaxResults = CRAWLERS_PER_PAGE, NextToken, Tags = {} },
  { crawlerStore },
) => {
  const wanted = Object.entries(Tags)
  const names = (await crawlerStore.crawlers())
    .filter((crawler) => wanted.every(([key, value]) => crawler.tags[key] === value))
    .map((crawler) => crawler.name)
  const { items, nextToken } = pageOf(names, (name) => name, { token: NextToken, limit: MaxResults })
  return { CrawlerNames: items, ...(nextToken !== undefined && { NextToken: nextToken }) }
}
