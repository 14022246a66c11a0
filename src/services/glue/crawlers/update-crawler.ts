import { checkResting } from '../../../crawl/lifecycle.ts'
import type { UpdateCrawlerRequest, UpdateCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { changesOf, checkDatabaseName, checkRole } from './crawler-input.ts'
import { crawlerNamed } from './crawler-named.ts'

/** Members that are absent stay as they are. A running crawler is refused. */
export const updateCrawler: CrawlerOperation<UpdateCrawlerRequest, UpdateCrawlerResponse> = async (
  input,
  { crawlerStore, crawlerRoles, clock },
) => {
  const changes = changesOf(input)
  if (changes.databaseName !== undefined) checkDatabaseName(changes.databaseName)
  await crawlerNamed(crawlerStore, input.Name)
  if (changes.role !== undefined) await checkRole(changes.role, crawlerRoles)
  await crawlerStore.updateCrawler(input.Name, (crawler) => {
    checkResting(crawler)
    return { ...crawler, ...changes, version: crawler.version + 1, updatedAtMs: clock.nowMs() }
  })
  return {}
}
