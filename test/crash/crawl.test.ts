/**
 * Kills a real lake at random moments of crawls over some hundred partitions. What the catalog has afterwards is whole,
 * the crawler rests and says that its run failed, and the next run brings the catalog to where an undisturbed one would.
 */
import {
  CreateCrawlerCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  ListCrawlsCommand,
  type Partition,
  StartCrawlerCommand,
  type Table,
} from '@aws-sdk/client-glue'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'lake.raw'
const PARTITIONS = 1200
const ROUNDS = 6

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path, ['--auth', 'open'])
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

test('a crawl that is killed leaves whole tables and partitions, and the next one the rest', async () => {
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  for (let start = 0; start < PARTITIONS; start += 20)
    await Promise.all(Array.from({ length: 20 }, (_, index) => putPartition(start + index)))
  await makeCrawler('undisturbed')
  expect(await crawled('undisturbed')).toBe('SUCCEEDED')
  const expected = await catalogOf('undisturbed')
  const known = new Set(expected.partitions.map((partition) => JSON.stringify(partition)))
  const tookMs = await lastRuntimeMs('undisturbed')
  expect(expected.partitions).toHaveLength(PARTITIONS)

  const random = seededRandom(11)
  const cutOff: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const name = `round_${round}`
    await makeCrawler(name)
    await lake.glue.send(new StartCrawlerCommand({ Name: name }))
    await new Promise((resolve) => setTimeout(resolve, random.unit() * tookMs))
    await lake.kill()
    lake = await startLake(directory.path, ['--auth', 'open'])

    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: name }))
    expect(Crawler?.State).toBe('READY')
    cutOff.push(String(Crawler?.LastCrawl?.Status))
    const half = await catalogOf(name)
    if (half.table !== undefined) expect(half.table).toEqual(expected.table)
    expect(half.partitions.filter((partition) => !known.has(JSON.stringify(partition)))).toEqual([])

    expect(await crawled(name)).toBe('SUCCEEDED')
    expect(await catalogOf(name)).toEqual(expected)
    const { Crawls = [] } = await lake.glue.send(new ListCrawlsCommand({ CrawlerName: name }))
    expect(Crawls.map(({ State }) => State)).toEqual([
      'COMPLETED',
      Crawler?.LastCrawl?.Status === 'FAILED' ? 'FAILED' : 'COMPLETED',
    ])
  }
  expect(cutOff).toContain('FAILED')
})

async function putPartition(index: number): Promise<void> {
  const Key = `events/day=${String(index).padStart(4, '0')}/part.json`
  await lake.s3.send(new PutObjectCommand({ Bucket, Key, Body: `{"id":${index},"page":"/a","isMobile":true}\n` }))
}

/** Each has a database of its own. */
async function makeCrawler(name: string): Promise<void> {
  const Targets = { S3Targets: [{ Path: `s3://${Bucket}/events/` }] }
  await lake.glue.send(new CreateCrawlerCommand({ Name: name, Role: 'glue-role', DatabaseName: name, Targets }))
}

async function crawled(name: string): Promise<string | undefined> {
  await lake.glue.send(new StartCrawlerCommand({ Name: name }))
  return eventually(`crawler ${name} rests`, async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: name }))
    return Crawler?.State === 'READY' ? Crawler.LastCrawl?.Status : undefined
  })
}

async function lastRuntimeMs(name: string): Promise<number> {
  const { CrawlerMetricsList = [] } = await lake.glue.send(new GetCrawlerMetricsCommand({ CrawlerNameList: [name] }))
  return (CrawlerMetricsList[0]?.LastRuntimeSeconds ?? 0) * 1000
}

/** Without what differs between two crawls of the same data: times, versions and the crawler's name. */
async function catalogOf(database: string) {
  const found = await lake.glue.send(new GetTablesCommand({ DatabaseName: database })).catch((error: Error) => {
    if (error.name === 'EntityNotFoundException') return { TableList: [] }
    throw error
  })
  const [table] = (found.TableList ?? []).map(steady)
  const partitions: object[] = []
  let token: string | undefined
  if (table !== undefined)
    do {
      const page = await lake.glue.send(
        new GetPartitionsCommand({ DatabaseName: database, TableName: 'events', NextToken: token }),
      )
      partitions.push(...(page.Partitions ?? []).map(steady))
      token = page.NextToken
    } while (token !== undefined)
  return { table, partitions }
}

function steady(entry: Table | Partition): object {
  const { DatabaseName: _1, VersionId: _2, ...rest } = entry as Table
  const text = JSON.stringify(rest, (key, value: unknown) =>
    /Time$/.test(key) || key === 'UPDATED_BY_CRAWLER' || key === 'CRAWL_RUN_ID' ? undefined : value,
  )
  return JSON.parse(text) as object
}
