import type { CreateCrawlerRequest, CreateCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { changesOf, checkDatabaseName, checkRole } from './crawler-input.ts'

/** A database that does not exist is no error: the first run makes it. */
export const createCrawler: CrawlerOperation<CreateCrawlerRequest, CreateCrawlerResponse> = async (
  input,
  { crawlerStore, crawlerRoles },
) => {
  const given = changesOf(input)
  const databaseName = checkDatabaseName(given.databaseName)
  await checkRole(input.Role, crawlerRoles)
  await crawlerStore.createCrawler({
    targets: [],
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: 'DEPRECATE_IN_DATABASE',
    ...given,
    name: input.Name,
    role: input.Role,
    databaseName,
    tags: input.Tags ?? {},
  })
  return {}
}
