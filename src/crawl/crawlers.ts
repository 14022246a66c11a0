/**
 * The crawlers of a lake, running. Owns what runs in the background: at most one run of each crawler, stopped by name
 * or all together at shutdown, and the schedules that start them. State lives in the store; here is only what this
 * process is doing.
 *
 * Bounds: RUNNING_MAX crawlers run at once, as on AWS, of which AT_WORK_MAX read and write; the others wait for them.
 */
import type { CrawlerRefusal, CrawlerStore } from '../catalog/crawler-store.ts'
import type { Crawler, CrawlRun } from '../catalog/crawler-types.ts'
import type { CustomClassifier } from '../formats/classifier.ts'
import type { Clock } from '../platform/clock.ts'
import { parseCron } from '../platform/cron.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import { Schedules } from '../platform/schedules.ts'
import { TaskScope } from '../platform/tasks.ts'
import { Turns } from '../platform/turns.ts'
import { type ChangeCounts, NO_CHANGES } from './apply.ts'
import { type CrawlParts, crawl } from './crawl.ts'
import { begin, end, finish, interrupted, stop } from './lifecycle.ts'
import { type CrawlLog, type RunLog, runLog } from './run-log.ts'

/** AWS's quota of crawlers that run at once (AWS General Reference, "AWS Glue endpoints and quotas"). */
export const RUNNING_MAX = 150
/** Each may hold some hundred megabytes while it sorts its folders. */
export const AT_WORK_MAX = 4
/** The end of a run that cannot be recorded (a disk that is full) is tried again after this. */
export const RECORD_AGAIN_MS = 10_000

/** Who wants to know of runs: triggers, figures. Must not throw. */
export interface CrawlObserver {
  started(crawler: string, runId: string): void
  /** Also of runs that a crash cut off, when the lake starts again. */
  ended(crawler: string, run: CrawlRun): void
}

export interface CrawlersParts extends Omit<CrawlParts, 'classifiersNamed'> {
  readonly store: CrawlerStore
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly crawlLog: CrawlLog
  readonly observer?: CrawlObserver
}

/** Ends runs that a crash cut off, begins the schedules, then is ready. */
export async function openCrawlers(parts: CrawlersParts): Promise<Crawlers> {
  const { store, clock, log, crawlLog, observer } = parts
  for (const { name, currentRun } of await store.crawlers()) {
    if (currentRun === undefined) continue
    const run = interrupted(currentRun, clock.nowMs())
    const crawler = await store.endRun(name, (current) => end(current, run))
    const lines = runLog(crawlLog, crawler, run.id)
    lines.failed(run.errorMessage ?? '')
    lines.ended()
    observer?.ended(name, run)
    log.warn('CrawlRecovered', { crawler: name, run: run.id })
  }
  const crawlers = new Crawlers(parts)
  for (const crawler of await store.crawlers()) crawlers.follow(crawler)
  return crawlers
}

interface Running {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

type Outcome = Pick<CrawlRun, 'status' | 'errorMessage'>

export class Crawlers {
  readonly #parts: CrawlersParts
  readonly #tasks: TaskScope
  readonly #schedules: Schedules
  readonly #turns = new Turns(AT_WORK_MAX)
  readonly #running = new Map<string, Running>()

  constructor(parts: CrawlersParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
    this.#schedules = new Schedules(parts)
  }

  newRunId(): string {
    return this.#parts.ids.uuid()
  }

  /**
   * Resolves with the run's id when it has begun; `runId` is for who must know it before. Refuses: crawlerNotFound,
   * crawlerRunning, tooManyCrawlersRunning.
   */
  async start(name: string, runId = this.newRunId()): Promise<string> {
    const { store, clock, observer } = this.#parts
    const crawler = await store.updateCrawler(name, (current) => {
      const begun = begin(current, runId, clock.nowMs())
      if (this.#running.size >= RUNNING_MAX)
        throw new Refusal<CrawlerRefusal>('tooManyCrawlersRunning', `${RUNNING_MAX} crawlers are running already`)
      return begun
    })
    const abort = new AbortController()
    this.#tasks.spawn(`crawl ${name}`, (shutdown) => {
      const ended = this.#runToEnd(crawler, runId, AbortSignal.any([shutdown, abort.signal]))
      const running = { abort, ended }
      this.#running.set(name, running)
      // The next run may have begun meanwhile.
      return ended.finally(() => this.#running.get(name) === running && this.#running.delete(name))
    })
    observer?.started(name, runId)
    return runId
  }

  /** Resolves when the run has been told; it ends soon after. Refuses: crawlerNotFound, crawlerNotRunning, crawlerStopping. */
  async stop(name: string): Promise<void> {
    await this.#parts.store.updateCrawler(name, stop)
    this.#running.get(name)?.abort.abort(new Stopped('The crawler was stopped.'))
  }

  /** From now on the crawler starts by the schedule that the entry has, or by none. For every change of it. */
  follow({ name, schedule }: Pick<Crawler, 'name' | 'schedule'>): void {
    const cron = schedule?.state === 'SCHEDULED' ? parseCron(schedule.expression) : undefined
    if (cron === undefined || 'problem' in cron) this.#schedules.remove(name)
    else this.#schedules.set(name, cron, () => this.#startBySchedule(name))
  }

  /** The crawler is deleted: its schedule ends. */
  forget(name: string): void {
    this.#schedules.remove(name)
  }

  /** Resolves when the crawler's run here, if there is one, has ended. */
  async whenEnded(name: string): Promise<void> {
    await this.#running.get(name)?.ended.catch(() => undefined) // The task scope reports its failure.
  }

  /** Stops what runs and waits until the store says so. */
  async close(): Promise<void> {
    await this.#schedules.close()
    await this.#tasks.close()
  }

  /** A crawler that still runs misses the time, as on AWS. */
  async #startBySchedule(name: string): Promise<void> {
    try {
      await this.start(name)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#parts.log.warn('ScheduledCrawlMissed', { crawler: name, reason: error.message })
    }
  }

  async #runToEnd(crawler: Crawler, runId: string, signal: AbortSignal): Promise<void> {
    const { store, clock, log, crawlLog, observer } = this.#parts
    const startedAtMs = crawler.currentRun?.startedAtMs ?? clock.nowMs()
    const lines = runLog(crawlLog, crawler, runId)
    lines.began()
    let counts: ChangeCounts = NO_CHANGES
    const outcome = await this.#work(crawler, startedAtMs, {
      lines,
      signal,
      onChanged: (changed) => {
        counts = changed
      },
    })
    await this.#recorded(() => store.updateCrawler(crawler.name, (current) => finish(current, runId)))
    if (outcome.status === 'FAILED') lines.failed(outcome.errorMessage ?? '')
    if (outcome.status === 'CANCELLED') lines.stopped(outcome.errorMessage ?? 'The crawler was stopped.')
    lines.ended()
    await crawlLog.flush()
    const run: CrawlRun = { id: runId, ...outcome, startedAtMs, endedAtMs: clock.nowMs(), ...counts }
    await this.#recorded(() => store.endRun(crawler.name, (current) => end(current, run)))
    log.info('CrawlEnded', { crawler: crawler.name, run: runId, ...outcome, ...counts })
    observer?.ended(crawler.name, run)
  }

  /** Nobody else ends the run: without its record the crawler could not start again before the lake does. */
  async #recorded(record: () => Promise<unknown>): Promise<void> {
    const { clock, log } = this.#parts
    for (;;) {
      try {
        await record()
        return
      } catch (error) {
        if (this.#tasks.signal.aborted) throw error
        log.error('CrawlNotRecorded', { error, againInMs: RECORD_AGAIN_MS })
        await clock.sleep(RECORD_AGAIN_MS, this.#tasks.signal)
      }
    }
  }

  async #work(
    crawler: Crawler,
    startedAtMs: number,
    run: { readonly lines: RunLog; readonly signal: AbortSignal; readonly onChanged: (counts: ChangeCounts) => void },
  ): Promise<Outcome> {
    const { lines, signal, onChanged } = run
    const { store, log } = this.#parts
    const parts = { ...this.#parts, classifiersNamed: (names: readonly string[]) => classifiersNamed(store, names) }
    try {
      await this.#turns.take(signal, () =>
        crawl(crawler, startedAtMs, parts, {
          signal,
          say: lines.say,
          beforeWriting: async () => {
            signal.throwIfAborted()
            lines.classified()
          },
          onChanged,
        }),
      )
      lines.written()
      return { status: 'SUCCEEDED' }
    } catch (error) {
      const outcome = outcomeOf(error, signal)
      if (outcome.status === 'FAILED') log.error('CrawlFailed', { crawler: crawler.name, error })
      return outcome
    }
  }
}

async function classifiersNamed(store: CrawlerStore, names: readonly string[]): Promise<readonly CustomClassifier[]> {
  const found = await Promise.all(names.map((name) => store.findClassifier(name)))
  return found.flatMap((one) => (one === undefined ? [] : [one.classifier]))
}

class Stopped extends Error {}

function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  if (signal.reason instanceof Stopped) return { status: 'CANCELLED' }
  if (signal.aborted)
    return { status: 'CANCELLED', errorMessage: 'lakelet was shut down while the crawler was running.' }
  if (isRefusal(error)) return { status: 'FAILED', errorMessage: error.message }
  return { status: 'FAILED', errorMessage: `Internal error: ${error instanceof Error ? error.message : String(error)}` }
}
