/** Statistics of CloudWatch, and minutes put together into the periods that are asked for. */
import type { Point } from './metric-store.ts'
import type { Summary } from './summary.ts'

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const
export type SimpleStatistic = (typeof STATISTICS)[number]

export type Statistic = SimpleStatistic | { readonly percentile: number }

/** `p0` to `p100`, with up to ten digits behind the point. undefined: no statistic that is kept. */
export function parseStatistic(text: string): Statistic | undefined {
  const simple = STATISTICS.find((word) => word === text)
  if (simple !== undefined) return simple
  const digits = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(text)?.[1]
  if (digits === undefined || Number(digits) > 100) return undefined
  return { percentile: Number(digits) }
}

/** Trimmed means, counts and sums, percentile ranks and the interquartile mean: words of CloudWatch for what is not kept. */
export function isOtherStatistic(text: string): boolean {
  return /^(IQM|(tm|wm|tc|ts)\d{1,3}(\.\d{1,10})?|(TM|WM|TC|TS|PR)\([\d.%]*:[\d.%]*\))$/.test(text)
}

/** undefined where nobody can know: a percentile of values that came as a statistic set. */
export function statisticOf(summary: Summary, statistic: Statistic): number | undefined {
  if (typeof statistic === 'object') return summary.percentile(statistic.percentile)
  switch (statistic) {
    case 'SampleCount':
      return summary.count
    case 'Average':
      return summary.sum / summary.count
    case 'Sum':
      return summary.sum
    case 'Minimum':
      return summary.minimum
    case 'Maximum':
      return summary.maximum
  }
}

/** Periods begin at `fromMs`; those without values are not there. In the order of time. The points are used up. */
export function byPeriod(points: readonly Point[], fromMs: number, periodMs: number): Point[] {
  const periods = new Map<number, Summary>()
  for (const { atMs, summary } of points) {
    const at = atMs - ((atMs - fromMs) % periodMs)
    const known = periods.get(at)
    if (known === undefined) periods.set(at, summary)
    else known.merge(summary)
  }
  return [...periods].sort(([a], [b]) => a - b).map(([atMs, summary]) => ({ atMs, summary }))
}
