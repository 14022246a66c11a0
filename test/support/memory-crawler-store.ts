/** A CrawlerStore in memory, with all promises of the port: `test/contracts/crawler-store.ts` runs against it too. */
import type { CrawlerRefusal, CrawlerStore } from '../../src/catalog/crawler-store.ts'
import type { Crawler, CrawlerInput } from '../../src/catalog/crawler-types.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const copy = <Value>(value: Value): Value => structuredClone(value)

export class MemoryCrawlerStore implements CrawlerStore {
  readonly #clock: Clock
  readonly #crawlers = new Map<string, Crawler>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async createCrawler(input: CrawlerInput): Promise<Crawler> {
    if (this.#crawlers.has(input.name)) throw refuse('crawlerExists', `Crawler with name ${input.name} already exists`)
    const nowMs = this.#clock.nowMs()
    const crawler: Crawler = { ...input, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs, state: 'READY', runs: [] }
    this.#crawlers.set(input.name, copy(crawler))
    return copy(crawler)
  }

  async findCrawler(name: string): Promise<Crawler | undefined> {
    return copy(this.#crawlers.get(name))
  }

  async crawlers(): Promise<readonly Crawler[]> {
    return copy([...this.#crawlers.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
  }

  async updateCrawler(name: string, change: (current: Crawler) => Crawler): Promise<Crawler> {
    const updated = copy(change(copy(this.#crawler(name))))
    this.#crawlers.set(name, updated)
    return copy(updated)
  }

  async deleteCrawler(name: string): Promise<void> {
    const { state } = this.#crawler(name)
    if (state !== 'READY') throw refuse('crawlerRunning', `Crawler with name ${name} is ${state}.`)
    this.#crawlers.delete(name)
  }

  #crawler(name: string): Crawler {
    const crawler = this.#crawlers.get(name)
    if (crawler === undefined) throw refuse('crawlerNotFound', `Crawler with name ${name} does not exist`)
    return crawler
  }
}

function refuse(code: CrawlerRefusal, message: string): Refusal<CrawlerRefusal> {
  return new Refusal(code, message)
}
