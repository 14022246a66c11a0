import { checkResting, withSchedule } from '../../../crawl/lifecycle.ts'
import type { UpdateCrawlerRequest, UpdateCrawlerResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { changesOf, checkClassifiers, checkCrawler, checkRole, checkSchedule } from './crawler-input.ts'
import { crawlerNamed } from './crawler-named.ts'

/** Members that are absent stay as they are; an empty text clears. A running crawler is refused. */
export const updateCrawler: CrawlerOperation<UpdateCrawlerRequest, UpdateCrawlerResponse> = async (
  input,
  { crawlerStore, crawlers, crawlerRoles, clock },
) => {
  const changes = changesOf(input)
  checkSchedule(input.Schedule)
  await crawlerNamed(crawlerStore, input.Name)
  if (changes.role !== undefined) await checkRole(changes.role, crawlerRoles)
  await checkClassifiers(changes.classifiers ?? [], crawlerStore)
  const updated = await crawlerStore.updateCrawler(input.Name, (crawler) => {
    checkResting(crawler)
    const changed = { ...crawler, ...changes, version: crawler.version + 1, updatedAtMs: clock.nowMs() }
    checkCrawler(changed)
    return input.Schedule === undefined ? changed : withSchedule(changed, input.Schedule || undefined)
  })
  crawlers.follow(updated)
  return {}
}
