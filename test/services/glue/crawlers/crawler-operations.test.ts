import { describe, expect, test } from 'vitest'
import { openCrawlers } from '../../../../src/crawl/crawlers.ts'
import { Ids } from '../../../../src/platform/ids.ts'
import { silentLog } from '../../../../src/platform/log.ts'
import { seededRandom } from '../../../../src/platform/random.ts'
import { isRefusal } from '../../../../src/platform/refusal.ts'
import { crawlerOperations } from '../../../../src/services/glue/crawlers/crawler-operations.ts'
import { toGlueError } from '../../../../src/services/glue/errors.ts'
import { WireError } from '../../../../src/services/operation.ts'
import type { CreateCrawlerRequest, GlueOperations } from '../../../../src/wire/model/glue.ts'
import { rootCaller } from '../../../support/callers.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { MemoryCatalog } from '../../../support/memory-catalog.ts'
import { MemoryCrawlLog } from '../../../support/memory-crawl-log.ts'
import { MemoryCrawlerStore } from '../../../support/memory-crawler-store.ts'
import { MemoryObjectStore } from '../../../support/memory-object-store.ts'

const caller = rootCaller()
const role = 'arn:aws:iam::000000000000:role/service-role/glue-role'

async function glue() {
  const clock = new FakeClock()
  const catalog = new MemoryCatalog(clock)
  const crawlerStore = new MemoryCrawlerStore(clock)
  const objects = new MemoryObjectStore(clock)
  await objects.createBucket('how.raw')
  const crawlLog = new MemoryCrawlLog()
  const ids = new Ids(seededRandom(1))
  const crawlers = await openCrawlers({
    catalog,
    store: crawlerStore,
    objects,
    crawlLog,
    accountId: '000000000000',
    clock,
    ids,
    log: silentLog,
  })
  const crawlerRoles = { hasRole: async (name: string) => name !== 'nobody' }
  const context = { crawlerStore, crawlers, crawlerRoles, clock }
  async function call<Name extends keyof typeof crawlerOperations>(
    name: Name,
    input: GlueOperations[Name]['input'],
  ): Promise<GlueOperations[Name]['output']> {
    try {
      return await crawlerOperations[name](input as never, context, caller)
    } catch (error) {
      throw isRefusal(error) ? (toGlueError(error) ?? error) : error
    }
  }
  const create = (members: Partial<CreateCrawlerRequest> = {}) => call('CreateCrawler', { ...howKinesis, ...members })
  return { call, create, crawlLog, clock, catalog, objects, crawlers }
}

const howKinesis: CreateCrawlerRequest = {
  Name: 'how-kinesis',
  Role: role,
  DatabaseName: 'how-kinesis',
  Targets: { S3Targets: [{ Path: 'how.raw/events' }] },
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof WireError ? `${error.code}: ${error.message}` : `no wire error: ${String(error)}`
}

test('a crawler is given back with every default that AWS gives', async () => {
  const { call, create, clock } = await glue()
  expect(await create()).toEqual({})
  expect(await call('GetCrawler', { Name: 'how-kinesis' })).toEqual({
    Crawler: {
      Name: 'how-kinesis',
      Role: 'service-role/glue-role',
      Targets: {
        S3Targets: [{ Path: 'how.raw/events', Exclusions: [] }],
        JdbcTargets: [],
        MongoDBTargets: [],
        DynamoDBTargets: [],
        CatalogTargets: [],
        DeltaTargets: [],
        IcebergTargets: [],
        HudiTargets: [],
      },
      DatabaseName: 'how-kinesis',
      Classifiers: [],
      RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' },
      LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
      State: 'READY',
      CrawlElapsedTime: 0,
      CreationTime: new Date(clock.nowMs()),
      LastUpdated: new Date(clock.nowMs()),
      Version: 1,
      LakeFormationConfiguration: { UseLakeFormationCredentials: false, AccountId: '' },
    },
  })
})

test.each<[string, Partial<CreateCrawlerRequest>, RegExp]>([
  ['no database', { DatabaseName: undefined }, /DatabaseName/],
  ['no target', { Targets: {} }, /targets are empty/],
  ['a target of another kind', { Targets: { JdbcTargets: [{ Path: 'x' }] } }, /Targets\.JdbcTargets/],
  ['a path without a bucket', { Targets: { S3Targets: [{ Path: 's3://' }] } }, /names no bucket/],
  [
    'a malformed exclusion',
    { Targets: { S3Targets: [{ Path: 'b.x/y', Exclusions: ['{a'] }] } },
    /exclusion pattern '\{a'/,
  ],
  ['a sample of nothing', { Targets: { S3Targets: [{ Path: 'b.x/y', SampleSize: 0 }] } }, /between 1 and 249/],
  ['a sample over the bound', { Targets: { S3Targets: [{ Path: 'b.x/y', SampleSize: 250 }] } }, /between 1 and 249/],
  ['a connection', { Targets: { S3Targets: [{ Path: 'b.x/y', ConnectionName: 'c' }] } }, /ConnectionName/],
  ['an event queue', { Targets: { S3Targets: [{ Path: 'b.x/y', EventQueueArn: 'arn' }] } }, /EventQueueArn/],
  ['what is no schedule', { Schedule: 'rate(5 minutes)' }, /Schedule is not valid/],
  ['a schedule that comes too often', { Schedule: 'cron(0/4 * * * ? *)' }, /more often than every 5 minutes/],
  ['a classifier that does not exist', { Classifiers: ['mine'] }, /Classifier with name mine does not exist/],
  ['a security configuration', { CrawlerSecurityConfiguration: 'x' }, /CrawlerSecurityConfiguration/],
  [
    'new folders only, with changes of what is known',
    { RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' }, SchemaChangePolicy: { UpdateBehavior: 'LOG' } },
    /The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value and LOG UpdateBehavior value\./,
  ],
  ['events', { RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVENT_MODE' } }, /CRAWL_EVENT_MODE is not offered/],
  [
    'a catalog target that deletes',
    {
      Targets: { CatalogTargets: [{ DatabaseName: 'db', Tables: ['t'] }] },
      SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE' },
    },
    /only LOG DeleteBehavior/,
  ],
  ['lineage', { LineageConfiguration: { CrawlerLineageSettings: 'ENABLE' } }, /LineageConfiguration/],
  ['Lake Formation', { LakeFormationConfiguration: { UseLakeFormationCredentials: true } }, /LakeFormation/],
  ['configuration that is no JSON', { Configuration: '{' }, /not valid JSON/],
  ['configuration without version', { Configuration: '{}' }, /"Version": 1\.0/],
  ['configuration of another version', { Configuration: '{"Version":2}' }, /Version must be 1\.0/],
  ['an unknown key', { Configuration: '{"Version":1.0,"Nope":1}' }, /Nope is not known/],
  ['an unknown key within', { Configuration: '{"Version":1.0,"Grouping":{"Nope":1}}' }, /Grouping\.Nope is not known/],
  ['a role that does not exist', { Role: 'nobody' }, /unable to assume provided role/],
])('%s is refused by name, and no crawler is made', async (_name, members, message) => {
  const { call, create } = await glue()
  const error = await errorOf(create(members))
  expect(error).toMatch(/^InvalidInputException: /)
  expect(error).toMatch(message)
  expect(await call('ListCrawlers', {})).toEqual({ CrawlerNames: [] })
})

test('a second crawler of the same name is refused', async () => {
  const { create } = await glue()
  await create()
  expect(await errorOf(create())).toMatch(/^AlreadyExistsException: /)
})

test.each([
  ['GetCrawler', 'EntityNotFoundException: Crawler entry with name x does not exist'],
  ['StartCrawler', 'EntityNotFoundException: Crawler with name x does not exist'],
  ['UpdateCrawler', 'EntityNotFoundException: Crawler entry with name x does not exist'],
  ['DeleteCrawler', 'EntityNotFoundException: Crawler entry with name x does not exist'],
] as const)('%s of a crawler that does not exist', async (operation, message) => {
  const { call } = await glue()
  expect(await errorOf(call(operation, { Name: 'x' }))).toBe(message)
})

test('an update changes what it names, keeps the rest and counts the version', async () => {
  const { call, create, clock } = await glue()
  await create({ Description: 'old', TablePrefix: 'raw_' })
  clock.jumpTo(clock.nowMs() + 1000)
  await call('UpdateCrawler', { Name: 'how-kinesis', Description: '', SchemaChangePolicy: { DeleteBehavior: 'LOG' } })
  const { Crawler } = await call('GetCrawler', { Name: 'how-kinesis' })
  expect(Crawler).toMatchObject({
    Version: 2,
    TablePrefix: 'raw_',
    SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
    LastUpdated: new Date(clock.nowMs()),
  })
  expect(Crawler).not.toHaveProperty('Description')
})

test('a run, from start to what it leaves behind', async () => {
  const { call, create, clock, catalog, objects, crawlers } = await glue()
  await create()
  await objects.put({ bucket: 'how.raw', key: 'events/landing-date=2026-01-15/f' }, Buffer.from('{"a":1,"b":true}\n'))
  const start = new Date(clock.nowMs())
  expect(await call('StartCrawler', { Name: 'how-kinesis' })).toEqual({})
  expect(await errorOf(call('StartCrawler', { Name: 'how-kinesis' }))).toBe(
    'CrawlerRunningException: Crawler with name how-kinesis has already started',
  )
  for (const operation of ['UpdateCrawler', 'DeleteCrawler'] as const)
    expect(await errorOf(call(operation, { Name: 'how-kinesis' }))).toMatch(/^CrawlerRunningException: /)
  clock.jumpTo(clock.nowMs() + 4000)
  await crawlers.whenEnded('how-kinesis')

  const { Crawler } = await call('GetCrawler', { Name: 'how-kinesis' })
  expect(Crawler?.State).toBe('READY')
  expect(Crawler?.LastCrawl).toEqual({
    Status: 'SUCCEEDED',
    LogGroup: '/aws-glue/crawlers',
    LogStream: 'how-kinesis',
    MessagePrefix: expect.stringMatching(/^[0-9a-f-]{36}$/),
    StartTime: start,
  })
  expect(await call('GetCrawlerMetrics', { CrawlerNameList: ['how-kinesis', 'other'] })).toEqual({
    CrawlerMetricsList: [
      {
        CrawlerName: 'how-kinesis',
        TimeLeftSeconds: 0,
        StillEstimating: false,
        LastRuntimeSeconds: 4,
        MedianRuntimeSeconds: 4,
        TablesCreated: 1,
        TablesUpdated: 0,
        TablesDeleted: 0,
      },
    ],
  })
  const { Crawls = [] } = await call('ListCrawls', { CrawlerName: 'how-kinesis' })
  expect(Crawls).toEqual([
    expect.objectContaining({ State: 'COMPLETED', StartTime: start, EndTime: new Date(clock.nowMs()) }),
  ])
  expect(JSON.parse(Crawls[0]?.Summary ?? '')).toEqual({
    TABLE: { ADD: 1, UPDATE: 0, DELETE: 0 },
    PARTITION: { ADD: 1, UPDATE: 0, DELETE: 0 },
  })
  expect(await catalog.findTable('how-kinesis', 'events')).toMatchObject({
    createdBy: 'arn:aws:sts::000000000000:assumed-role/glue-role/AWS-Crawler',
    partitionKeys: [{ name: 'landing-date', type: 'string' }],
  })
  expect(await call('DeleteCrawler', { Name: 'how-kinesis' })).toEqual({})
})

test('crawls come newest first, by pages and by filters', async () => {
  const { call, create, clock, crawlers } = await glue()
  await create()
  const starts: number[] = []
  for (let run = 0; run < 5; run++) {
    clock.jumpTo(clock.nowMs() + 1000)
    starts.unshift(clock.nowMs())
    await crawlers.start('how-kinesis')
    await crawlers.whenEnded('how-kinesis')
  }
  const list = async (input: object) => {
    const { Crawls = [], NextToken } = await call('ListCrawls', { CrawlerName: 'how-kinesis', ...input })
    return { starts: Crawls.map(({ StartTime }) => StartTime?.getTime()), NextToken }
  }
  const first = await list({ MaxResults: 2 })
  const second = await list({ MaxResults: 3, NextToken: first.NextToken })
  expect([...first.starts, ...second.starts]).toEqual(starts)
  expect(second.NextToken).toBeUndefined()
  const filter = (FieldName: string, FilterOperator: string, FieldValue: string) => ({
    Filters: [{ FieldName, FilterOperator, FieldValue }],
  })
  expect((await list(filter('START_TIME', 'GT', String(starts[2])))).starts).toEqual(starts.slice(0, 2))
  expect((await list(filter('STATE', 'NE', 'COMPLETED'))).starts).toEqual([])
  expect(await errorOf(list(filter('STATE', 'GT', 'COMPLETED')))).toBe(
    'InvalidInputException: Only EQ or NE operator is allowed for field : STATE',
  )
  expect(await errorOf(list({ NextToken: 'x' }))).toMatch(/token is not valid/)
})

test('crawlers are listed by pages, by tags and by names', async () => {
  const { call, create } = await glue()
  for (const Name of ['c', 'a', 'b']) await create({ Name, Tags: { team: Name === 'b' ? 'web' : 'ops' } })
  const first = await call('ListCrawlers', { MaxResults: 2 })
  expect(first.CrawlerNames).toEqual(['a', 'b'])
  expect(await call('ListCrawlers', { NextToken: first.NextToken })).toEqual({ CrawlerNames: ['c'] })
  expect(await call('ListCrawlers', { Tags: { team: 'ops' } })).toEqual({ CrawlerNames: ['a', 'c'] })
  const all = await call('GetCrawlers', {})
  expect(all.Crawlers?.map(({ Name }) => Name)).toEqual(['a', 'b', 'c'])
  const some = await call('BatchGetCrawlers', { CrawlerNames: ['c', 'x'] })
  expect([some.Crawlers?.map(({ Name }) => Name), some.CrawlersNotFound]).toEqual([['c'], ['x']])
})

describe('schedules', () => {
  const daily = 'cron(15 12 * * ? *)'
  const scheduleOf = async ({ call }: Awaited<ReturnType<typeof glue>>) =>
    (await call('GetCrawler', { Name: 'how-kinesis' })).Crawler?.Schedule
  const CrawlerName = 'how-kinesis'

  test('goes in as a text and comes out with its state', async () => {
    const lake = await glue()
    await lake.create({ Schedule: daily })
    expect(await scheduleOf(lake)).toEqual({ ScheduleExpression: daily, State: 'SCHEDULED' })
  })

  test('starts the crawler, until it is stopped or the crawler deleted', async () => {
    const { call, create, clock } = await glue()
    const crawls = async () => (await call('ListCrawls', { CrawlerName })).Crawls?.length
    await create({ Schedule: 'cron(0/15 * * * ? *)' })
    await clock.advance(15 * 60_000)
    expect(await crawls()).toBe(1)
    await call('StopCrawlerSchedule', { CrawlerName })
    await clock.advance(15 * 60_000)
    expect(await crawls()).toBe(1)
    await call('StartCrawlerSchedule', { CrawlerName })
    await clock.advance(15 * 60_000)
    expect(await crawls()).toBe(2)
    await call('DeleteCrawler', { Name: CrawlerName })
    expect(clock.waiting).toBe(0)
  })

  test('is stopped and started once each', async () => {
    const lake = await glue()
    await lake.create({ Schedule: daily })
    expect(await errorOf(lake.call('StartCrawlerSchedule', { CrawlerName }))).toMatch(/^SchedulerRunningException: /)
    expect(await lake.call('StopCrawlerSchedule', { CrawlerName })).toEqual({})
    expect(await scheduleOf(lake)).toEqual({ ScheduleExpression: daily, State: 'NOT_SCHEDULED' })
    expect(await errorOf(lake.call('StopCrawlerSchedule', { CrawlerName }))).toMatch(/^SchedulerNotRunningException: /)
    expect(await lake.call('StartCrawlerSchedule', { CrawlerName })).toEqual({})
    expect((await scheduleOf(lake))?.State).toBe('SCHEDULED')
  })

  test('of a stopped schedule only the times change; an empty text ends it', async () => {
    const lake = await glue()
    await lake.create({ Schedule: daily })
    await lake.call('StopCrawlerSchedule', { CrawlerName })
    await lake.call('UpdateCrawlerSchedule', { CrawlerName, Schedule: 'cron(0 1 * * ? *)' })
    expect(await scheduleOf(lake)).toEqual({ ScheduleExpression: 'cron(0 1 * * ? *)', State: 'NOT_SCHEDULED' })
    await lake.call('UpdateCrawler', { Name: CrawlerName, Schedule: '' })
    expect(await scheduleOf(lake)).toBeUndefined()
    await lake.call('UpdateCrawlerSchedule', { CrawlerName, Schedule: daily })
    expect(await scheduleOf(lake)).toEqual({ ScheduleExpression: daily, State: 'SCHEDULED' })
    await lake.call('UpdateCrawler', { Name: CrawlerName, Description: 'x' })
    expect((await scheduleOf(lake))?.ScheduleExpression).toBe(daily)
  })

  test('a crawler without one has none to start or stop', async () => {
    const { call, create } = await glue()
    await create()
    for (const operation of ['StartCrawlerSchedule', 'StopCrawlerSchedule'] as const)
      expect(await errorOf(call(operation, { CrawlerName }))).toBe(
        'NoScheduleException: Crawler with name how-kinesis has no schedule',
      )
    expect(await errorOf(call('UpdateCrawlerSchedule', { CrawlerName, Schedule: 'daily' }))).toMatch(
      /^InvalidInputException: Schedule is not valid/,
    )
  })

  test.each(['StartCrawlerSchedule', 'StopCrawlerSchedule', 'UpdateCrawlerSchedule'] as const)(
    '%s of a crawler that does not exist',
    async (operation) => {
      const { call } = await glue()
      expect(await errorOf(call(operation, { CrawlerName: 'x' }))).toBe(
        'EntityNotFoundException: Crawler with name x does not exist',
      )
    },
  )
})

test('what Terraform sends of a crawler is taken, and what it has not set is not read back', async () => {
  const { call, create } = await glue()
  await call('CreateClassifier', { JsonClassifier: { Name: 'records', JsonPath: '$.records[*]' } })
  const unset = { ConnectionName: '', EventQueueArn: '', DlqEventQueueArn: '' }
  await create({
    Targets: { S3Targets: [{ Path: 's3://how.raw/events', Exclusions: [], SampleSize: 249, ...unset }] },
    Classifiers: ['records'],
    Schedule: 'cron(15 12 * * ? *)',
    TablePrefix: 'raw_',
    Configuration: '{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":2}}}',
    RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
    SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
    LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
    LakeFormationConfiguration: { UseLakeFormationCredentials: false },
  })
  const read = async () => (await call('GetCrawler', { Name: 'how-kinesis' })).Crawler
  expect(await read()).toMatchObject({
    Targets: { S3Targets: [{ Path: 's3://how.raw/events', Exclusions: [], SampleSize: 249 }] },
    Classifiers: ['records'],
    Schedule: { ScheduleExpression: 'cron(15 12 * * ? *)' },
    TablePrefix: 'raw_',
    Configuration: '{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":2}}}',
    RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
  })
  await call('UpdateCrawler', {
    Name: 'how-kinesis',
    Schedule: '',
    Configuration: '',
    TablePrefix: '',
    Classifiers: [],
    RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
  })
  const cleared = await read()
  expect(cleared).toMatchObject({ Classifiers: [], Version: 2 })
  for (const member of ['Schedule', 'Configuration', 'TablePrefix']) expect(cleared).not.toHaveProperty(member)
})

test('a crawler of tables in the catalog needs no database and deletes nothing', async () => {
  const { call, create } = await glue()
  await create({ DatabaseName: undefined, Targets: { CatalogTargets: [{ DatabaseName: 'db', Tables: ['a', 'b'] }] } })
  const { Crawler } = await call('GetCrawler', { Name: 'how-kinesis' })
  expect(Crawler).toMatchObject({
    Targets: { S3Targets: [], CatalogTargets: [{ DatabaseName: 'db', Tables: ['a', 'b'] }] },
    SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
  })
  expect(Crawler).not.toHaveProperty('DatabaseName')
})

test('an update that makes a crawler what none may be is refused, and changes nothing', async () => {
  const { call, create } = await glue()
  await create()
  for (const change of [
    { RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' as const } },
    { DatabaseName: '' },
    { Targets: {} },
    { Classifiers: ['none'] },
    { Schedule: 'cron(* * * * ? *)' },
  ])
    expect(await errorOf(call('UpdateCrawler', { Name: 'how-kinesis', ...change }))).toMatch(/^InvalidInputException: /)
  expect((await call('GetCrawler', { Name: 'how-kinesis' })).Crawler?.Version).toBe(1)
})
