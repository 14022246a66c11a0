/** Crawlers in SQLite, one row each, beside the tables of the embedded catalog. */
import type { Clock } from '../../platform/clock.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { CrawlerRefusal, CrawlerStore } from '../crawler-store.ts'
import type { Crawler, CrawlerInput } from '../crawler-types.ts'
import { CATALOG_COMPONENT, CATALOG_MIGRATIONS } from './schema.ts'

interface Body {
  readonly body: string
}

function prepareStatements(database: MetadataDatabase) {
  const one = (sql: string) => database.prepare<Body>(sql)
  return {
    crawlerNamed: one('SELECT body FROM catalog_crawler WHERE name = ?'),
    crawlers: one('SELECT body FROM catalog_crawler ORDER BY name'),
    insertCrawler: one('INSERT INTO catalog_crawler VALUES (?, ?)'),
    updateCrawler: one('UPDATE catalog_crawler SET body = ? WHERE name = ?'),
    deleteCrawler: one('DELETE FROM catalog_crawler WHERE name = ?'),
  }
}

export class EmbeddedCrawlerStore implements CrawlerStore {
  readonly #database: MetadataDatabase
  readonly #clock: Clock
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#database.migrate(CATALOG_COMPONENT, CATALOG_MIGRATIONS)
    this.#sql = prepareStatements(this.#database)
  }

  createCrawler(input: CrawlerInput): Promise<Crawler> {
    return this.#database.write(() => {
      if (this.#sql.crawlerNamed.get(input.name) !== undefined) {
        throw refuse('crawlerExists', `Crawler with name ${input.name} already exists`)
      }
      const nowMs = this.#clock.nowMs()
      const crawler: Crawler = {
        ...input,
        version: 1,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        state: 'READY',
        runs: [],
      }
      this.#sql.insertCrawler.run(crawler.name, JSON.stringify(crawler))
      return crawler
    })
  }

  async findCrawler(name: string): Promise<Crawler | undefined> {
    return read(this.#sql.crawlerNamed.get(name))
  }

  async crawlers(): Promise<readonly Crawler[]> {
    return this.#sql.crawlers.all().map(parse)
  }

  updateCrawler(name: string, change: (current: Crawler) => Crawler): Promise<Crawler> {
    return this.#database.write(() => {
      const updated = change(this.#crawlerNamed(name))
      this.#sql.updateCrawler.run(JSON.stringify(updated), name)
      return updated
    })
  }

  deleteCrawler(name: string): Promise<void> {
    return this.#database.write(() => {
      const crawler = this.#crawlerNamed(name)
      if (crawler.state !== 'READY') throw refuse('crawlerRunning', `Crawler with name ${name} is ${crawler.state}.`)
      this.#sql.deleteCrawler.run(name)
    })
  }

  #crawlerNamed(name: string): Crawler {
    const found = read(this.#sql.crawlerNamed.get(name))
    if (found === undefined) throw refuse('crawlerNotFound', `Crawler with name ${name} does not exist`)
    return found
  }
}

function refuse(code: CrawlerRefusal, message: string): Refusal<CrawlerRefusal> {
  return new Refusal(code, message)
}

function parse(row: Body): Crawler {
  return JSON.parse(row.body) as Crawler
}

function read(row: Body | undefined): Crawler | undefined {
  return row === undefined ? undefined : parse(row)
}
