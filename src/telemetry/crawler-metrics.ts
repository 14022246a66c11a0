/**
 * What Prometheus is told of crawlers, counted from the start of the process. CloudWatch is told nothing: Glue has no
 * metrics of crawlers there, but GetCrawlerMetrics.
 */
import type { Family, Sample } from './prometheus.ts'

/** What a run has ended with. */
export interface EndedCrawl {
  readonly status: string
  readonly tablesCreated: number
  readonly tablesUpdated: number
  readonly tablesDeleted: number
  readonly partitionsCreated: number
  readonly partitionsUpdated: number
  readonly partitionsDeleted: number
}

export interface CrawlerMetrics {
  ended(crawler: string, run: EndedCrawl): void
  families(): readonly Family[]
}

export function crawlerMetrics(): CrawlerMetrics {
  const [runs, tables, partitions] = [new Counter(), new Counter(), new Counter()]
  const changes = (counter: Counter, crawler: string, counts: Readonly<Record<string, number>>) => {
    for (const [change, count] of Object.entries(counts)) counter.add({ crawler, change }, count)
  }
  return {
    ended(crawler, run) {
      runs.add({ crawler, status: run.status }, 1)
      changes(tables, crawler, {
        created: run.tablesCreated,
        updated: run.tablesUpdated,
        deleted: run.tablesDeleted,
      })
      changes(partitions, crawler, {
        created: run.partitionsCreated,
        updated: run.partitionsUpdated,
        deleted: run.partitionsDeleted,
      })
    },
    families: () => [
      runs.family('runs', 'Runs of crawlers that ended.'),
      tables.family('tables', 'Tables that crawlers changed.'),
      partitions.family('partitions', 'Partitions that crawlers changed.'),
    ],
  }
}

class Counter {
  readonly #samples = new Map<string, Sample>()

  /** Nothing is kept of what never happened. */
  add(labels: Readonly<Record<string, string>>, count: number): void {
    if (count === 0) return
    const key = JSON.stringify(labels)
    this.#samples.set(key, { labels, value: (this.#samples.get(key)?.value ?? 0) + count })
  }

  family(name: string, help: string): Family {
    return { kind: 'counter', name: `lakelet_crawler_${name}_total`, help, samples: [...this.#samples.values()] }
  }
}
