/** The crawler part of Glue's operation table. Schedules and classifiers are not offered. */
import type { Operation } from '../../operation.ts'
import { batchGetCrawlers } from './batch-get-crawlers.ts'
import type { CrawlerContext } from './crawler-context.ts'
import { createCrawler } from './create-crawler.ts'
import { deleteCrawler } from './delete-crawler.ts'
import { getCrawler } from './get-crawler.ts'
import { getCrawlerMetrics } from './get-crawler-metrics.ts'
import { getCrawlers } from './get-crawlers.ts'
import { listCrawlers } from './list-crawlers.ts'
import { listCrawls } from './list-crawls.ts'
import { startCrawler } from './start-crawler.ts'
import { stopCrawler } from './stop-crawler.ts'
import { updateCrawler } from './update-crawler.ts'

export const crawlerOperations = {
  CreateCrawler: createCrawler,
  GetCrawler: getCrawler,
  GetCrawlers: getCrawlers,
  ListCrawlers: listCrawlers,
  BatchGetCrawlers: batchGetCrawlers,
  UpdateCrawler: updateCrawler,
  DeleteCrawler: deleteCrawler,
  StartCrawler: startCrawler,
  StopCrawler: stopCrawler,
  GetCrawlerMetrics: getCrawlerMetrics,
  ListCrawls: listCrawls,
} satisfies Record<string, Operation<never, unknown, CrawlerContext>>
