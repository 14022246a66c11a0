/**
 * The crawlers of a lake, running. Owns what runs in the background: at most one run of each crawler, stopped by name
 * or all together at shutdown. State lives in the catalog; here is only what this process is doing.
 */
import type { CrawlerStore } from '../catalog/crawler-store.ts'
import type { Crawler, CrawlRun } from '../catalog/crawler-types.ts'
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal } from '../platform/refusal.ts'
import { TaskScope } from '../platform/tasks.ts'
import { type ChangeCounts, NO_CHANGES } from './apply.ts'
import { type CrawlParts, crawl } from './crawl.ts'
import { begin, beginWriting, end, MESSAGES_MAX, recover, stop } from './lifecycle.ts'

export interface CrawlersParts extends CrawlParts {
  readonly store: CrawlerStore
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** Ends runs that a crash cut off, then is ready. */
export async function openCrawlers(parts: CrawlersParts): Promise<Crawlers> {
  for (const { name, state } of await parts.store.crawlers()) {
    if (state === 'READY') continue
    await parts.store.updateCrawler(name, (crawler) => recover(crawler, parts.clock.nowMs()))
    parts.log.warn('CrawlRecovered', { crawler: name })
  }
  return new Crawlers(parts)
}

interface Running {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

export class Crawlers {
  readonly #parts: CrawlersParts
  readonly #tasks: TaskScope
  readonly #running = new Map<string, Running>()

  constructor(parts: CrawlersParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
  }

  /** Resolves when the run has begun. Refuses: crawlerNotFound, crawlerRunning. */
  async start(name: string): Promise<void> {
    const { store, clock, ids } = this.#parts
    const runId = ids.uuid()
    const crawler = await store.updateCrawler(name, (current) => begin(current, runId, clock.nowMs()))
    const abort = new AbortController()
    this.#tasks.spawn(`crawl ${crawler.name}`, (shutdown) => {
      const ended = this.#runToEnd(crawler, runId, AbortSignal.any([shutdown, abort.signal]))
      this.#running.set(crawler.name, { abort, ended })
      return ended.finally(() => this.#running.delete(crawler.name))
    })
  }

  /** Resolves when the run has been told; it ends soon after. Refuses: crawlerNotFound, crawlerNotRunning, crawlerStopping. */
  async stop(name: string): Promise<void> {
    const crawler = await this.#parts.store.updateCrawler(name, stop)
    this.#running.get(crawler.name)?.abort.abort(new Stopped('The crawler was stopped.'))
  }

  /** Resolves when the crawler's run here, if there is one, has ended. */
  async whenEnded(name: string): Promise<void> {
    await this.#running.get(name)?.ended.catch(() => undefined) // The task scope reports its failure.
  }

  /** Stops what runs and waits until the catalog says so. */
  close(): Promise<void> {
    return this.#tasks.close()
  }

  async #runToEnd(crawler: Crawler, runId: string, signal: AbortSignal): Promise<void> {
    const { store, clock, log } = this.#parts
    const startedAtMs = crawler.currentRun?.startedAtMs ?? clock.nowMs()
    const messages = new Messages((message) => log.info('CrawlDecided', { crawler: crawler.name, run: runId, message }))
    let counts: ChangeCounts = NO_CHANGES
    let outcome: Pick<CrawlRun, 'status' | 'errorMessage'> = { status: 'SUCCEEDED' }
    try {
      await crawl(crawler, startedAtMs, this.#parts, {
        signal,
        say: (message) => messages.add(message),
        beforeWriting: async () => {
          signal.throwIfAborted()
          await store.updateCrawler(crawler.name, (current) => beginWriting(current, runId))
        },
        onChanged: (changed) => {
          counts = changed
        },
      })
    } catch (error) {
      outcome = outcomeOf(error, signal)
      if (outcome.status === 'FAILED') log.error('CrawlFailed', { crawler: crawler.name, run: runId, error })
    }
    const run: CrawlRun = {
      id: runId,
      ...outcome,
      startedAtMs,
      endedAtMs: clock.nowMs(),
      ...counts,
      messages: messages.all(),
    }
    await store.updateCrawler(crawler.name, (current) => end(current, run))
    log.info('CrawlEnded', { crawler: crawler.name, run: runId, ...outcome, ...counts })
  }
}

class Stopped extends Error {}

function outcomeOf(error: unknown, signal: AbortSignal): Pick<CrawlRun, 'status' | 'errorMessage'> {
  if (signal.reason instanceof Stopped) return { status: 'CANCELLED' }
  if (signal.aborted)
    return { status: 'CANCELLED', errorMessage: 'lakelet was shut down while the crawler was running.' }
  // StopCrawler came between the last look at the signal and the first write.
  if (isRefusal(error) && error.code === 'crawlerStopping') return { status: 'CANCELLED' }
  if (isRefusal(error)) return { status: 'FAILED', errorMessage: error.message }
  return { status: 'FAILED', errorMessage: `Internal error: ${error instanceof Error ? error.message : String(error)}` }
}

/** The first MESSAGES_MAX sentences, and how many more there were. */
class Messages {
  readonly #kept: string[] = []
  readonly #log: (message: string) => void
  #count = 0

  constructor(log: (message: string) => void) {
    this.#log = log
  }

  add(message: string): void {
    this.#log(message)
    this.#count += 1
    if (this.#kept.length < MESSAGES_MAX) this.#kept.push(message)
  }

  all(): readonly string[] {
    const more = this.#count - this.#kept.length
    return more === 0 ? this.#kept : [...this.#kept, `… and ${more} more, which are in the log.`]
  }
}
