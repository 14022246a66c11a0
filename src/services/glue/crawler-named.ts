/** The crawler that an operation needs. */
import type { Catalog } from '../../catalog/catalog.ts'
import type { Crawler } from '../../catalog/types.ts'
import { entityNotFound } from './errors.ts'

/** Found, or refused in Glue's words. */
export async function crawlerNamed(catalog: Catalog, name: string): Promise<Crawler> {
  const crawler = await catalog.findCrawler(name)
  if (crawler === undefined) throw entityNotFound(`Crawler entry with name ${name} does not exist`)
  return crawler
}
