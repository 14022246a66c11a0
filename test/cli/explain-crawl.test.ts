import { expect, test } from 'vitest'
import { parseLine } from '../../src/cli/explain-crawl.ts'
import { runLog } from '../../src/crawl/run-log.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { MemoryCrawlerStore } from '../support/memory-crawler-store.ts'

test('what a run says is read back by its level, whatever the text', async () => {
  const crawler = await new MemoryCrawlerStore(new FakeClock()).createCrawler({
    name: 'reader',
    role: 'glue-role',
    databaseName: 'db',
    targets: [],
    catalogTargets: [],
    classifiers: [],
    recrawlBehavior: 'CRAWL_EVERYTHING',
    updateBehavior: 'LOG',
    deleteBehavior: 'LOG',
    tags: {},
  })
  const said: string[] = []
  const log = { append: (_group: string, _stream: string, message: string) => void said.push(message) }
  const lines = runLog({ ...log, flush: async () => undefined }, crawler, 'run-1')
  lines.say('a : b\nand [x] INFO : c')
  lines.failed('no')
  lines.stopped('stop')
  lines.ended()
  expect(said.map((message) => parseLine(message, 'run-1'))).toEqual([
    { level: 'INFO', message: 'a : b\nand [x] INFO : c' },
    { level: 'ERROR', message: 'no' },
    { level: 'WARN', message: 'stop' },
    { level: 'BENCHMARK', message: 'Crawler has finished running and is in state READY' },
  ])
  expect(parseLine(said[0] ?? '', 'run-2')).toBeUndefined()
})
