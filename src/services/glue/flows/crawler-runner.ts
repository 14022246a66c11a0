/** Crawlers as triggers and workflows use them. */
import type { EndState } from '../../../automation/flows/flow-types.ts'
import type { Runner } from '../../../automation/flows/flows.ts'
import type { CrawlerStore } from '../../../catalog/crawler-store.ts'
import type { CrawlRun } from '../../../catalog/crawler-types.ts'
import type { Crawlers } from '../../../crawl/crawlers.ts'
import { isRefusal } from '../../../platform/refusal.ts'

export function crawlerRunner(
  crawlers: Pick<Crawlers, 'newRunId' | 'start' | 'stop'>,
  store: Pick<CrawlerStore, 'findCrawler' | 'runs'>,
): Runner {
  return {
    newRunId: () => crawlers.newRunId(),
    async start({ name }, runId) {
      await crawlers.start(name, runId)
    },
    async stop(name, runId) {
      // Another run of the same crawler is not ours to stop.
      if ((await store.findCrawler(name))?.currentRun?.id !== runId) return
      try {
        await crawlers.stop(name)
      } catch (error) {
        // It ends already.
        if (!isRefusal(error)) throw error
      }
    },
    async find(name, runId) {
      if ((await store.findCrawler(name))?.currentRun?.id === runId) return 'RUNNING'
      const run = (await store.runs(name)).find(({ id }) => id === runId)
      return run && crawlEnd(run)
    },
  }
}

export function crawlEnd({ status }: Pick<CrawlRun, 'status'>): EndState {
  if (status === 'RUNNING') throw new Error('the crawl has not ended')
  return status
}
