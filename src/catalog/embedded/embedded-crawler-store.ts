/** Crawlers, their runs and custom classifiers in SQLite, a row each, beside the tables of the embedded catalog. */

import type { CustomClassifier } from '../../formats/classifier.ts'
import type { Clock } from '../../platform/clock.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import {
  type Classifier,
  type CrawlerRefusal,
  type CrawlerStore,
  RUNS_KEPT_MAX,
  RUNS_KEPT_MS,
} from '../crawler-store.ts'
import type { Crawler, CrawlerInput, CrawlRun } from '../crawler-types.ts'
import { CRAWLER_COMPONENT, CRAWLER_MIGRATIONS } from './crawler-schema.ts'
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
    runs: one('SELECT body FROM crawler_run WHERE crawler = ? ORDER BY sequence DESC LIMIT ?'),
    insertRun: one('INSERT INTO crawler_run (crawler, started_at_ms, body) VALUES (?, ?, ?)'),
    deleteRuns: one('DELETE FROM crawler_run WHERE crawler = ?'),
    deleteOldRuns: one(`
      DELETE FROM crawler_run WHERE crawler = ?1 AND (started_at_ms < ?2 OR sequence <= (
        SELECT sequence FROM crawler_run WHERE crawler = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ${RUNS_KEPT_MAX}))
    `),
    classifierNamed: one('SELECT body FROM crawler_classifier WHERE name = ?'),
    classifiers: one('SELECT body FROM crawler_classifier ORDER BY name'),
    insertClassifier: one('INSERT INTO crawler_classifier VALUES (?, ?)'),
    updateClassifier: one('UPDATE crawler_classifier SET body = ? WHERE name = ?'),
    deleteClassifier: one('DELETE FROM crawler_classifier WHERE name = ?'),
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
    this.#database.migrate(CRAWLER_COMPONENT, CRAWLER_MIGRATIONS)
    this.#sql = prepareStatements(this.#database)
  }

  createCrawler(input: CrawlerInput): Promise<Crawler> {
    return this.#database.write(() => {
      if (this.#sql.crawlerNamed.get(input.name) !== undefined) {
        throw refuse('crawlerExists', `Crawler with name ${input.name} already exists`)
      }
      const nowMs = this.#clock.nowMs()
      const crawler: Crawler = { ...input, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs, state: 'READY' }
      this.#sql.insertCrawler.run(crawler.name, JSON.stringify(crawler))
      return crawler
    })
  }

  async findCrawler(name: string): Promise<Crawler | undefined> {
    const row = this.#sql.crawlerNamed.get(name)
    return row && toCrawler(row)
  }

  async crawlers(): Promise<readonly Crawler[]> {
    return this.#sql.crawlers.all().map(toCrawler)
  }

  updateCrawler(name: string, change: (current: Crawler) => Crawler): Promise<Crawler> {
    return this.#database.write(() => this.#update(name, change))
  }

  deleteCrawler(name: string): Promise<void> {
    return this.#database.write(() => {
      const crawler = this.#crawlerNamed(name)
      if (crawler.state !== 'READY') throw refuse('crawlerRunning', `Crawler with name ${name} is ${crawler.state}.`)
      this.#sql.deleteRuns.run(name)
      this.#sql.deleteCrawler.run(name)
    })
  }

  endRun(name: string, change: (current: Crawler) => Crawler & { readonly lastRun: CrawlRun }): Promise<Crawler> {
    return this.#database.write(() => {
      const updated = this.#update(name, change)
      const { lastRun } = updated
      this.#sql.insertRun.run(name, lastRun.startedAtMs, JSON.stringify(lastRun))
      this.#sql.deleteOldRuns.run(name, this.#clock.nowMs() - RUNS_KEPT_MS)
      return updated
    })
  }

  async runs(name: string, limit = RUNS_KEPT_MAX): Promise<readonly CrawlRun[]> {
    return this.#sql.runs.all(name, limit).map(({ body }) => JSON.parse(body) as CrawlRun)
  }

  createClassifier(classifier: CustomClassifier): Promise<Classifier> {
    return this.#database.write(() => {
      const { name } = classifier
      if (this.#sql.classifierNamed.get(name) !== undefined) {
        throw refuse('classifierExists', `Classifier with name ${name} already exists`)
      }
      const nowMs = this.#clock.nowMs()
      const created: Classifier = { classifier, createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 }
      this.#sql.insertClassifier.run(name, JSON.stringify(created))
      return created
    })
  }

  async findClassifier(name: string): Promise<Classifier | undefined> {
    const row = this.#sql.classifierNamed.get(name)
    return row && toClassifier(row)
  }

  async classifiers(): Promise<readonly Classifier[]> {
    return this.#sql.classifiers.all().map(toClassifier)
  }

  updateClassifier(name: string, change: (current: CustomClassifier) => CustomClassifier): Promise<Classifier> {
    return this.#database.write(() => {
      const { classifier, createdAtMs, version } = this.#classifierNamed(name)
      const updated: Classifier = {
        classifier: change(classifier),
        createdAtMs,
        updatedAtMs: this.#clock.nowMs(),
        version: version + 1,
      }
      this.#sql.updateClassifier.run(JSON.stringify(updated), name)
      return updated
    })
  }

  deleteClassifier(name: string): Promise<void> {
    return this.#database.write(() => {
      this.#classifierNamed(name)
      this.#sql.deleteClassifier.run(name)
    })
  }

  #update<Changed extends Crawler>(name: string, change: (current: Crawler) => Changed): Changed {
    const updated = change(this.#crawlerNamed(name))
    this.#sql.updateCrawler.run(JSON.stringify(updated), name)
    return updated
  }

  #crawlerNamed(name: string): Crawler {
    const row = this.#sql.crawlerNamed.get(name)
    if (row === undefined) throw refuse('crawlerNotFound', `Crawler with name ${name} does not exist`)
    return toCrawler(row)
  }

  #classifierNamed(name: string): Classifier {
    const row = this.#sql.classifierNamed.get(name)
    if (row === undefined) throw refuse('classifierNotFound', `Classifier with name ${name} does not exist`)
    return toClassifier(row)
  }
}

function refuse(code: CrawlerRefusal, message: string): Refusal<CrawlerRefusal> {
  return new Refusal(code, message)
}

/** What entries of earlier versions do not have. */
const DEFAULTS = { catalogTargets: [], classifiers: [], recrawlBehavior: 'CRAWL_EVERYTHING' } as const

function toCrawler(row: Body): Crawler {
  return { ...DEFAULTS, ...(JSON.parse(row.body) as Crawler) }
}

function toClassifier(row: Body): Classifier {
  return JSON.parse(row.body) as Classifier
}
