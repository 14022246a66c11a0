/** A CrawlerStore in memory, with all promises of the port: `test/contracts/crawler-store.ts` runs against it too. */
import {
  type Classifier,
  type CrawlerRefusal,
  type CrawlerStore,
  RUNS_KEPT_MAX,
  RUNS_KEPT_MS,
} from '../../src/catalog/crawler-store.ts'
import type { Crawler, CrawlerInput, CrawlRun } from '../../src/catalog/crawler-types.ts'
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const copy = <Value>(value: Value): Value => structuredClone(value)

export class MemoryCrawlerStore implements CrawlerStore {
  readonly #clock: Clock
  readonly #crawlers = new Map<string, Crawler>()
  readonly #runs = new Map<string, readonly CrawlRun[]>()
  readonly #classifiers = new Map<string, Classifier>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async createCrawler(input: CrawlerInput): Promise<Crawler> {
    if (this.#crawlers.has(input.name)) throw refuse('crawlerExists', `Crawler with name ${input.name} already exists`)
    const nowMs = this.#clock.nowMs()
    const crawler: Crawler = { ...input, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs, state: 'READY' }
    this.#crawlers.set(input.name, copy(crawler))
    return copy(crawler)
  }

  async findCrawler(name: string): Promise<Crawler | undefined> {
    return copy(this.#crawlers.get(name))
  }

  async crawlers(): Promise<readonly Crawler[]> {
    return copy(sorted(this.#crawlers))
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
    this.#runs.delete(name)
  }

  async endRun(name: string, change: (current: Crawler) => Crawler & { lastRun: CrawlRun }): Promise<Crawler> {
    const updated = copy(change(copy(this.#crawler(name))))
    this.#crawlers.set(name, updated)
    const oldestMs = this.#clock.nowMs() - RUNS_KEPT_MS
    const runs = [updated.lastRun, ...(this.#runs.get(name) ?? [])].slice(0, RUNS_KEPT_MAX)
    this.#runs.set(
      name,
      runs.filter(({ startedAtMs }) => startedAtMs >= oldestMs),
    )
    return copy(updated)
  }

  async runs(name: string, limit = RUNS_KEPT_MAX): Promise<readonly CrawlRun[]> {
    return copy((this.#runs.get(name) ?? []).slice(0, limit))
  }

  async createClassifier(classifier: CustomClassifier): Promise<Classifier> {
    const { name } = classifier
    if (this.#classifiers.has(name)) throw refuse('classifierExists', `Classifier with name ${name} already exists`)
    const nowMs = this.#clock.nowMs()
    const created = { classifier: copy(classifier), createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 }
    this.#classifiers.set(name, created)
    return copy(created)
  }

  async findClassifier(name: string): Promise<Classifier | undefined> {
    return copy(this.#classifiers.get(name))
  }

  async classifiers(): Promise<readonly Classifier[]> {
    return copy(sorted(this.#classifiers))
  }

  async updateClassifier(name: string, change: (current: CustomClassifier) => CustomClassifier): Promise<Classifier> {
    const current = this.#classifier(name)
    const updated = {
      ...current,
      classifier: copy(change(copy(current.classifier))),
      updatedAtMs: this.#clock.nowMs(),
      version: current.version + 1,
    }
    this.#classifiers.set(name, updated)
    return copy(updated)
  }

  async deleteClassifier(name: string): Promise<void> {
    this.#classifier(name)
    this.#classifiers.delete(name)
  }

  #crawler(name: string): Crawler {
    const crawler = this.#crawlers.get(name)
    if (crawler === undefined) throw refuse('crawlerNotFound', `Crawler with name ${name} does not exist`)
    return crawler
  }

  #classifier(name: string): Classifier {
    const classifier = this.#classifiers.get(name)
    if (classifier === undefined) throw refuse('classifierNotFound', `Classifier with name ${name} does not exist`)
    return classifier
  }
}

function sorted<Entry>(entries: ReadonlyMap<string, Entry>): Entry[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function refuse(code: CrawlerRefusal, message: string): Refusal<CrawlerRefusal> {
  return new Refusal(code, message)
}
