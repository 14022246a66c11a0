/** The AWS SDK for JavaScript drives crawlers of a real lake; a kill in the middle of a crawl is survived. */
import { gzipSync } from 'node:zlib'
import {
  type Crawler,
  CreateCrawlerCommand,
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTableCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
} from '@aws-sdk/client-glue'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const Bucket = 'how.raw'
const Name = 'how-kinesis'

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path, ['--auth', 'open'])
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.glue.send(
    new CreateCrawlerCommand({
      Name,
      Role: 'glue-role',
      DatabaseName: Name,
      Targets: { S3Targets: [{ Path: `${Bucket}/events` }] },
    }),
  )
})
afterEach(async () => {
  await lake.stop()
  directory.remove()
})

test('a crawl over gzip objects is seen running, then its table and partitions are there', async () => {
  await putDays(3)
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  const crawler = await restingCrawler()
  expect(crawler.LastCrawl).toMatchObject({ Status: 'SUCCEEDED' })
  const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: Name, Name: 'events' }))
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
    'event_id int',
    'page string',
    'is_mobile boolean',
  ])
  expect(Table?.PartitionKeys).toEqual([{ Name: 'landing-date', Type: 'string' }])
  const { Partitions } = await lake.glue.send(
    new GetPartitionsCommand({
      DatabaseName: Name,
      TableName: 'events',
      Expression: `"landing-date" BETWEEN '2026-01-02' AND '2026-01-09'`,
    }),
  )
  expect(Partitions?.map(({ Values }) => Values)).toEqual([['2026-01-02'], ['2026-01-03']])
})

test('StopCrawler ends a run as cancelled', async () => {
  await putDays(28)
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  await lake.glue.send(new StopCrawlerCommand({ Name }))
  expect((await restingCrawler()).LastCrawl).toMatchObject({ Status: 'CANCELLED' })
})

test('killed in the middle of a crawl, the crawler is ready again and says that its run failed', async () => {
  await putDays(28)
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  await lake.kill()
  lake = await startLake(directory.path, ['--auth', 'open'])
  expect((await restingCrawler()).LastCrawl).toMatchObject({
    Status: 'FAILED',
    ErrorMessage: expect.stringContaining('Start the crawler again'),
  })
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  expect((await restingCrawler()).LastCrawl).toMatchObject({ Status: 'SUCCEEDED' })
})

/** Of each day two objects of some hundred thousand bytes, so that a crawl takes a while. */
async function putDays(count: number): Promise<void> {
  const lines = Array.from(
    { length: 5000 },
    (_, id) => `{"event_id":${id},"page":"/page/${(id * 2_654_435_761).toString(36)}","is_mobile":${id % 2 === 0}}\n`,
  )
  const Body = gzipSync(lines.join(''))
  for (let day = 1; day <= count; day++) {
    const folder = `events/landing-date=2026-01-${String(day).padStart(2, '0')}`
    for (const file of ['a', 'b'])
      await lake.s3.send(new PutObjectCommand({ Bucket, Key: `${folder}/${file}.gz`, Body }))
  }
}

function restingCrawler(): Promise<Crawler> {
  return eventually('the crawler rests', async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name }))
    return Crawler?.State === 'READY' ? Crawler : undefined
  })
}
