/** The crawler that an operation needs. */
import type { CrawlerStore } from '../../../catalog/crawler-store.ts'
import type { Crawler } from '../../../catalog/crawler-types.ts'
import { entityNotFound } from '../errors.ts'

/** Found, or refused in Glue's words. */
export async function crawlerNamed(store: CrawlerStore, name: string): Promise<Crawler> {
  const crawler = await store.findCrawler(name)
  if (crawler === undefined) throw entityNotFound(`Crawler entry with name ${name} does not exist`)
  return crawler
}
