import type { GetCrawlerMetricsRequest, GetCrawlerMetricsResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { metricsOf } from './crawler-shape.ts'

const CRAWLERS_PER_PAGE = 100
/** Of so many runs the median is taken. */
const RUNS_MEASURED_MAX = 100

/** Of the crawlers named, or of all. Names that are no crawlers have no metrics. */
export const getCrawlerMetrics: CrawlerOperation<GetCrawlerMetricsRequest, GetCrawlerMetricsResponse> = async (
  { CrawlerNameList = [], MaxResults = CRAWLERS_PER_PAGE, NextToken },
  { crawlerStore, clock },
) => {
  const all = await crawlerStore.crawlers()
  const wanted = CrawlerNameList.length === 0 ? all : all.filter(({ name }) => CrawlerNameList.includes(name))
  const { items, nextToken } = pageOf(wanted, ({ name }) => name, { token: NextToken, limit: MaxResults })
  const nowMs = clock.nowMs()
  return {
    CrawlerMetricsList: await Promise.all(
      items.map(async (crawler) => metricsOf(crawler, await crawlerStore.runs(crawler.name, RUNS_MEASURED_MAX), nowMs)),
    ),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  }
}
