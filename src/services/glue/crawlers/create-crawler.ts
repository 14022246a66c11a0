import type { CrawlerInput } from '../../../catalog/crawler-types.ts'
import type { CreateCrawlerRequest, CreateCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { changesOf, checkClassifiers, checkCrawler, checkRole, checkSchedule } from './crawler-input.ts'

/** A database that does not exist is no error: the first run makes it. A schedule begins at once. */
export const createCrawler: CrawlerOperation<CreateCrawlerRequest, CreateCrawlerResponse> = async (
  input,
  { crawlerStore, crawlers, crawlerRoles },
) => {
  checkSchedule(input.Schedule)
  const crawler: CrawlerInput = {
    databaseName: '',
    targets: [],
    catalogTargets: [],
    classifiers: [],
    recrawlBehavior: 'CRAWL_EVERYTHING',
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: (input.Targets.CatalogTargets ?? []).length > 0 ? 'LOG' : 'DEPRECATE_IN_DATABASE',
    ...changesOf(input),
    ...(input.Schedule && { schedule: { expression: input.Schedule, state: 'SCHEDULED' as const } }),
    name: input.Name,
    role: input.Role,
    tags: input.Tags ?? {},
  }
  checkCrawler(crawler)
  await checkRole(input.Role, crawlerRoles)
  await checkClassifiers(crawler.classifiers, crawlerStore)
  crawlers.follow(await crawlerStore.createCrawler(crawler))
  return {}
}
