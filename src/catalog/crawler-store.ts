/**
 * The CrawlerStore port: the crawlers of a lake. Every change is atomic and durable when it resolves; `change` runs
 * inside the transaction, so two that start the same crawler cannot both succeed.
 */
import type { CustomClassifier } from '../formats/classifier.ts'
import type { Crawler, CrawlerInput, CrawlRun } from './crawler-types.ts'

/** History is kept of a year, as on AWS, and of so many runs of a crawler. */
export const RUNS_KEPT_MAX = 1000
export const RUNS_KEPT_MS = 365 * 24 * 3_600_000

export interface Classifier {
  readonly classifier: CustomClassifier
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** 1, and one more with every update. */
  readonly version: number
}

export type CrawlerRefusal =
  | 'crawlerNotFound'
  | 'crawlerExists'
  | 'crawlerRunning'
  | 'crawlerNotRunning'
  | 'crawlerStopping'
  | 'tooManyCrawlersRunning'
  | 'noSchedule'
  | 'scheduleRunning'
  | 'scheduleNotRunning'
  | 'classifierNotFound'
  | 'classifierExists'

export interface CrawlerStore {
  createCrawler(input: CrawlerInput): Promise<Crawler>
  findCrawler(name: string): Promise<Crawler | undefined>
  /** Sorted by name. */
  crawlers(): Promise<readonly Crawler[]>
  /** `change` sees the current entry inside the transaction and may throw a Refusal to leave it as it is. */
  updateCrawler(name: string, change: (current: Crawler) => Crawler): Promise<Crawler>
  /** Refuses crawlerNotFound, crawlerRunning. Its history goes with it. */
  deleteCrawler(name: string): Promise<void>

  /** Takes over what `change` makes of the entry, with its `lastRun` as the newest of the history, in one transaction. */
  endRun(name: string, change: (current: Crawler) => Crawler & { readonly lastRun: CrawlRun }): Promise<Crawler>
  /** Those that ended, newest first; none of a crawler that does not exist. */
  runs(name: string, limit?: number): Promise<readonly CrawlRun[]>

  /** Refuses classifierExists: all kinds of classifiers share their names. */
  createClassifier(classifier: CustomClassifier): Promise<Classifier>
  findClassifier(name: string): Promise<Classifier | undefined>
  /** Sorted by name. */
  classifiers(): Promise<readonly Classifier[]>
  /** Adds 1 to the version. Refuses classifierNotFound, and what `change` throws. */
  updateClassifier(name: string, change: (current: CustomClassifier) => CustomClassifier): Promise<Classifier>
  /** Refuses classifierNotFound. */
  deleteClassifier(name: string): Promise<void>
}
