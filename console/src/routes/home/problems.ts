/** What somebody should look at, in words. */
import { agoText, durationText } from '../../components/figures.ts'
import { part } from '../../components/link.tsx'
import type { Lake } from './use-lake.ts'

export interface Problem {
  readonly title: string
  readonly text: string
  readonly to: string
}

const RECENT_MS = 3_600_000
/** Delivery that takes longer than its interval by this much has trouble. */
const LATE_MS = 60_000

export function problemsOf({ streams, crawlers, buckets, isLoading }: Lake, nowMs: number): readonly Problem[] {
  const problems: Problem[] = []
  for (const { name, bucket, figures, intervalSeconds, status } of streams) {
    const to = `/firehose/streams/${part(name)}`
    if (!isLoading && !buckets.includes(bucket))
      problems.push({
        title: `Stream ${name} has no bucket`,
        text: `The bucket ${bucket} is not there: its records wait in the journal.`,
        to,
      })
    if (
      figures?.lastError !== undefined &&
      nowMs - (figures.lastErrorAtMs ?? 0) < RECENT_MS &&
      figures.bufferedRecords > 0
    )
      problems.push({
        title: `Stream ${name} had trouble delivering`,
        text: `${figures.lastError} (${agoText(figures.lastErrorAtMs, nowMs)})`,
        to,
      })
    else if (figures?.oldestAgeMs !== undefined && figures.oldestAgeMs > intervalSeconds * 1000 + LATE_MS)
      problems.push({
        title: `Stream ${name} is late`,
        text: `Its oldest record waits since ${durationText(figures.oldestAgeMs)}; it should be delivered within ${intervalSeconds} seconds.`,
        to,
      })
    if (status.endsWith('_FAILED'))
      problems.push({ title: `Stream ${name} is ${status.toLowerCase()}`, text: 'Delete it and make it anew.', to })
  }
  for (const { Name = '', LastCrawl, State } of crawlers)
    if (LastCrawl?.Status === 'FAILED' && State === 'READY')
      problems.push({
        title: `Crawler ${Name} failed`,
        text: LastCrawl.ErrorMessage ?? 'Its log says why.',
        to: `/glue/crawlers/${part(Name)}`,
      })
  return problems
}
