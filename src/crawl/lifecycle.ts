/**
 * READY → RUNNING → STOPPING → READY. Pure: each step takes the entry as the catalog has it and gives the next one, or
 * refuses; the catalog applies it by compare-and-set, which decides between two that start the same crawler.
 *
 * STOPPING is both what StopCrawler asks for and the time in which a run writes its findings.
 */
import type { Crawler, CrawlRun } from '../catalog/crawler-types.ts'
import { Refusal } from '../platform/refusal.ts'
import { NO_CHANGES } from './apply.ts'

export const RUNS_KEPT_MAX = 100
/** Older runs keep their figures, not their sentences. */
export const RUNS_WITH_MESSAGES_MAX = 10
export const MESSAGES_MAX = 200

export function begin(crawler: Crawler, runId: string, nowMs: number): Crawler {
  if (crawler.state !== 'READY') throw running(crawler)
  const currentRun: CrawlRun = { id: runId, status: 'RUNNING', startedAtMs: nowMs, ...NO_CHANGES }
  return { ...crawler, state: 'RUNNING', currentRun }
}

/** StopCrawler. */
export function stop(crawler: Crawler): Crawler {
  if (crawler.state === 'READY')
    throw new Refusal('crawlerNotRunning', `Crawler with name ${crawler.name} isn't running`)
  if (crawler.state === 'STOPPING')
    throw new Refusal('crawlerStopping', `Crawler with name ${crawler.name} is currently stopping`)
  return { ...crawler, state: 'STOPPING' }
}

/** The run has read all and is about to write: it can no longer be stopped. Refuses when it was stopped before. */
export function beginWriting(crawler: Crawler, runId: string): Crawler {
  checkRun(crawler, runId)
  return stop(crawler)
}

export function end(crawler: Crawler, run: CrawlRun): Crawler {
  checkRun(crawler, run.id)
  const { currentRun: _, ...rest } = crawler
  const runs = [run, ...crawler.runs].slice(0, RUNS_KEPT_MAX)
  return {
    ...rest,
    state: 'READY',
    runs: runs.map((kept, index) => (index < RUNS_WITH_MESSAGES_MAX ? kept : withoutMessages(kept))),
  }
}

/** A run that a crash cut off: nobody will end it, so the next start does. */
export function recover(crawler: Crawler, nowMs: number): Crawler {
  const interrupted = crawler.currentRun
  if (interrupted === undefined) return { ...crawler, state: 'READY' }
  return end(crawler, {
    ...interrupted,
    status: 'FAILED',
    endedAtMs: nowMs,
    errorMessage: 'lakelet ended while the crawler was running. Start the crawler again.',
  })
}

/** Update and delete want a crawler that rests. */
export function checkResting(crawler: Crawler): void {
  if (crawler.state !== 'READY') throw running(crawler)
}

function running(crawler: Crawler): Refusal {
  return new Refusal('crawlerRunning', `Crawler with name ${crawler.name} has already started`)
}

function checkRun(crawler: Crawler, runId: string): void {
  if (crawler.currentRun?.id !== runId) throw new Error(`crawler ${crawler.name} is not in run ${runId}`)
}

function withoutMessages({ messages: _, ...run }: CrawlRun): CrawlRun {
  return run
}
