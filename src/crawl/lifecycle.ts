/**
 * READY → RUNNING → STOPPING → READY. Pure: each step takes the entry as the store has it and gives the next one, or
 * refuses; the store applies it by compare-and-set, which decides between two that start the same crawler.
 *
 * STOPPING is what StopCrawler asks for, and the time between a run's last change and the end of its record. A run can
 * be stopped until then, also while it writes its findings: each change is whole.
 *
 * A schedule is a part of the entry: SCHEDULED or NOT_SCHEDULED. Going from one to the other takes no time here.
 */
import type { CrawlerRefusal } from '../catalog/crawler-store.ts'
import type { Crawler, CrawlRun } from '../catalog/crawler-types.ts'
import { Refusal } from '../platform/refusal.ts'
import { NO_CHANGES } from './apply.ts'

export function begin(crawler: Crawler, runId: string, nowMs: number): Crawler {
  if (crawler.state !== 'READY') throw running(crawler)
  const currentRun: CrawlRun = { id: runId, status: 'RUNNING', startedAtMs: nowMs, ...NO_CHANGES }
  return { ...crawler, state: 'RUNNING', currentRun }
}

/** StopCrawler. */
export function stop(crawler: Crawler): Crawler {
  if (crawler.state === 'READY') throw refuse('crawlerNotRunning', `Crawler with name ${crawler.name} isn't running`)
  if (crawler.state === 'STOPPING')
    throw refuse('crawlerStopping', `Crawler with name ${crawler.name} is currently stopping`)
  return { ...crawler, state: 'STOPPING' }
}

/** All that the run does is done: it can no longer be stopped. */
export function finish(crawler: Crawler, runId: string): Crawler {
  checkRun(crawler, runId)
  return { ...crawler, state: 'STOPPING' }
}

export function end(crawler: Crawler, lastRun: CrawlRun): Crawler & { readonly lastRun: CrawlRun } {
  checkRun(crawler, lastRun.id)
  const { currentRun: _, ...rest } = crawler
  return { ...rest, state: 'READY', lastRun }
}

/** How a run ends that a crash cut off: nobody will end it, so the next start does. */
export function interrupted(run: CrawlRun, nowMs: number): CrawlRun {
  return {
    ...run,
    status: 'FAILED',
    endedAtMs: nowMs,
    errorMessage: 'lakelet ended while the crawler was running. Start the crawler again.',
  }
}

/** Update and delete want a crawler that rests. */
export function checkResting(crawler: Crawler): void {
  if (crawler.state !== 'READY') throw running(crawler)
}

/** StartCrawlerSchedule. */
export function startSchedule(crawler: Crawler): Crawler {
  const schedule = scheduleOf(crawler)
  if (schedule.state === 'SCHEDULED')
    throw refuse('scheduleRunning', `Schedule of crawler ${crawler.name} is already running`)
  return { ...crawler, schedule: { ...schedule, state: 'SCHEDULED' } }
}

/** StopCrawlerSchedule: a run under way goes on. */
export function stopSchedule(crawler: Crawler): Crawler {
  const schedule = scheduleOf(crawler)
  if (schedule.state === 'NOT_SCHEDULED')
    throw refuse('scheduleNotRunning', `Schedule of crawler ${crawler.name} is not running`)
  return { ...crawler, schedule: { ...schedule, state: 'NOT_SCHEDULED' } }
}

/** A new schedule runs; of one that was stopped only the times change. No expression: no schedule. */
export function withSchedule(crawler: Crawler, expression: string | undefined): Crawler {
  const { schedule, ...rest } = crawler
  return expression === undefined ? rest : { ...rest, schedule: { state: 'SCHEDULED', ...schedule, expression } }
}

function scheduleOf({ name, schedule }: Crawler) {
  if (schedule === undefined) throw refuse('noSchedule', `Crawler with name ${name} has no schedule`)
  return schedule
}

function running(crawler: Crawler): Refusal {
  return refuse('crawlerRunning', `Crawler with name ${crawler.name} has already started`)
}

function refuse(code: CrawlerRefusal, message: string): Refusal<CrawlerRefusal> {
  return new Refusal(code, message)
}

function checkRun(crawler: Crawler, runId: string): void {
  if (crawler.currentRun?.id !== runId) throw new Error(`crawler ${crawler.name} is not in run ${runId}`)
}
