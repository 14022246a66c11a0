/** A CrawlLog in memory. What is appended can be read at once. */
import { CRAWLER_LOG_GROUP, type CrawlLog } from '../../src/crawl/run-log.ts'

export class MemoryCrawlLog implements CrawlLog {
  readonly #lines: { readonly stream: string; readonly message: string }[] = []

  append(group: string, stream: string, message: string): void {
    if (group !== CRAWLER_LOG_GROUP) throw new Error(`crawlers do not log to ${group}`)
    this.#lines.push({ stream, message })
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  /** All that a run said, without its id. */
  linesOf(crawler: string, runId: string): string[] {
    const prefix = `[${runId}] `
    return this.#lines.flatMap(({ stream, message }) =>
      stream === crawler && message.startsWith(prefix) ? [message.slice(prefix.length)] : [],
    )
  }

  /** What a run decided, and why: without the lines that every run has. */
  decisionsOf(crawler: string, runId: string): string[] {
    return this.linesOf(crawler, runId).flatMap((line) => {
      const [, decision] = /^INFO {2}: (?!Crawler configured with )(.*)$/s.exec(line) ?? []
      return decision === undefined ? [] : [decision]
    })
  }
}
