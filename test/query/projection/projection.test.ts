import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { QueryWorld } from '../query-world.ts'

let world: QueryWorld
let listed: string[]
beforeEach(async () => {
  world = await QueryWorld.open()
  await world.run('CREATE DATABASE d')
  listed = []
})
afterEach(() => world.close())

/** Keys and properties; all of them under `projection.`, but those that are named whole. */
async function table(keys: string, properties: Record<string, string>): Promise<void> {
  const all = Object.entries({ enabled: 'true', ...properties }).map(
    ([name, value]) => `'${name.includes('location') ? name : `projection.${name}`}' = '${value}'`,
  )
  const execution = await world.run(
    `CREATE EXTERNAL TABLE d.t (a int) PARTITIONED BY (${keys}) STORED AS PARQUET LOCATION 's3://lake/t/'
     TBLPROPERTIES (${all.join(', ')})`,
  )
  if (execution.state !== 'SUCCEEDED') throw new Error(execution.reason)
}

/** The folders that a query looks into. */
async function folders(where = ''): Promise<string[]> {
  listed = []
  world.objects.beforeEach = async (operation, prefix) => {
    if (operation === 'list') listed.push(prefix)
  }
  const { state, reason } = await world.run(`SELECT a FROM d.t ${where}`)
  world.objects.beforeEach = async () => undefined
  if (state !== 'SUCCEEDED') throw new Error(reason)
  return listed.map((prefix) => prefix.replace(/^t\//, ''))
}

describe('the values of a column', () => {
  test.each([
    ['enum', { 'k.values': 'b, a' }, ['k=b/', 'k=a/']],
    ['integer', { 'k.range': '-1,1' }, ['k=-1/', 'k=0/', 'k=1/']],
    ['integer', { 'k.range': '0,10', 'k.interval': '5', 'k.digits': '3' }, ['k=000/', 'k=005/', 'k=010/']],
    [
      'date',
      { 'k.range': '2026-01-30,2026-02-01', 'k.format': 'yyyy-MM-dd' },
      ['k=2026-01-30/', 'k=2026-01-31/', 'k=2026-02-01/'],
    ],
    ['date', { 'k.range': '2025/11,NOW', 'k.format': 'yyyy/MM' }, ['k=2025/11/', 'k=2025/12/', 'k=2026/01/']],
    [
      'date',
      { 'k.range': 'NOW-1DAYS,NOW+1DAYS', 'k.format': 'yyyyMMdd' },
      ['k=20260114/', 'k=20260115/', 'k=20260116/'],
    ],
    [
      'date',
      { 'k.range': 'NOW-2MONTHS, NOW', 'k.format': 'yyyy-MM-dd', 'k.interval': '1', 'k.interval.unit': 'MONTHS' },
      ['k=2025-11-15/', 'k=2025-12-15/', 'k=2026-01-15/'],
    ],
    [
      'date',
      { 'k.range': '2026-01-15-10,NOW', 'k.format': 'yyyy-MM-dd-HH', 'k.interval': '1', 'k.interval.unit': 'HOURS' },
      ['k=2026-01-15-10/', 'k=2026-01-15-11/', 'k=2026-01-15-12/'],
    ],
    [
      'date',
      { 'k.range': '2024,2026', 'k.format': 'yyyy', 'k.interval': '2', 'k.interval.unit': 'YEARS' },
      ['k=2024/', 'k=2026/'],
    ],
  ])('%s %o', async (type, properties, expected) => {
    await table('k string', { 'k.type': type, ...properties })
    expect(await folders()).toEqual(expected)
  })
})

test('files carry the values of the folder that they lie in', async () => {
  await table('day string, n int', { 'day.type': 'enum', 'day.values': 'x,y', 'n.type': 'integer', 'n.range': '1,2' })
  await world.put('t/day=x/n=2/a', 'x')
  await world.put('t/day=z/n=2/a', 'x')
  await world.run('SELECT a, day, n FROM d.t')
  const [source] = [...(world.engine.queries.at(-1)?.sources.values() ?? [])]
  expect(source?.files.map(({ location, partition }) => [location, source.partitions[partition]])).toEqual([
    ['s3://lake/t/day=x/n=2/a', ['x', '2']],
  ])
})

describe('what a query does not want is not looked into', () => {
  beforeEach(() =>
    table('day string, hour int', {
      'day.type': 'date',
      'day.format': 'yyyy-MM-dd',
      'day.range': '2016-01-01,NOW',
      'hour.type': 'integer',
      'hour.range': '0,23',
    }),
  )

  test.each([
    ["WHERE day = '2026-01-02' AND hour = 7", ['day=2026-01-02/hour=7/']],
    [
      "WHERE day >= '2026-01-14' AND hour BETWEEN 5 AND 6",
      ['day=2026-01-14/hour=5/', 'day=2026-01-14/hour=6/', 'day=2026-01-15/hour=5/', 'day=2026-01-15/hour=6/'],
    ],
    ["WHERE day IN ('2020-02-29', '2019-02-29') AND hour = 0", ['day=2020-02-29/hour=0/']],
    ["WHERE day LIKE '2016-02-03' AND hour < 1", ['day=2016-02-03/hour=0/']],
    ["WHERE day = '2015-12-31'", []],
    ["WHERE day = '2026-01-16'", []],
    ['WHERE false', []],
  ])('%s', async (where, expected) => {
    expect(await folders(where)).toEqual(expected)
  })

  test('without a condition all of it is', async () => {
    expect(await folders("WHERE day >= '2025-01-15'")).toHaveLength(366 * 24)
  })
})

describe('where partitions lie', () => {
  const day = { 'day.type': 'enum', 'day.values': '2026/01/02,b' }

  test('a template says it', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how Athena writes it
    await table('day string', { ...day, 'storage.location.template': 's3://lake/logs/${day}/x' })
    expect(await folders()).toEqual(['logs/2026/01/02/x/', 'logs/b/x/'])
  })

  test('values are not escaped', async () => {
    await table('day string', day)
    expect(await folders("WHERE day <> 'b'")).toEqual(['day=2026/01/02/'])
  })

  test('partitions of the catalog do not count', async () => {
    await table('day string', day)
    await world.run("ALTER TABLE d.t ADD PARTITION (day = 'other')")
    expect(await folders()).toEqual(['day=2026/01/02/', 'day=b/'])
  })
})

describe('an injected column', () => {
  beforeEach(() => table('id string, n int', { 'id.type': 'injected', 'n.type': 'integer', 'n.range': '1,1' }))

  test.each([
    ["WHERE id = 'a'", ['id=a/n=1/']],
    ["WHERE id IN ('b', 'a') AND n = 1", ['id=a/n=1/', 'id=b/n=1/']],
    ["WHERE id = 'a' OR id = 'c'", ['id=a/n=1/', 'id=c/n=1/']],
  ])('%s', async (where, expected) => {
    expect(await folders(where)).toEqual(expected)
  })

  test.each(['', 'WHERE n = 1', "WHERE id > 'a'", "WHERE id = 'a' OR n = 1", "WHERE id LIKE 'a%'"])(
    '%s does not say which there are',
    async (where) => {
      await expect(folders(where)).rejects.toThrow(
        'CONSTRAINT_VIOLATION: For the injected projected partition column id, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.',
      )
    },
  )
})

test.each([
  [
    {},
    'Table d.t is configured for partition projection, but the following partition columns are missing projection configuration: [k]',
  ],
  [{ 'k.type': 'list' }, "projection.k.type must be enum, integer, date or injected, not 'list'"],
  [{ 'k.type': 'enum' }, 'projection.k.values is missing'],
  [{ 'k.type': 'integer', 'k.range': '1' }, "projection.k.range must be two values with a comma between them, not '1'"],
  [{ 'k.type': 'integer', 'k.range': '1,x' }, "projection.k.range must be a whole number, not 'x'"],
  [{ 'k.type': 'integer', 'k.range': '2,1' }, 'projection.k.range must begin with the lesser number, not 2,1'],
  [{ 'k.type': 'integer', 'k.range': '1,2', 'k.interval': '0' }, 'projection.k.interval must be 1 or more'],
  [{ 'k.type': 'date', 'k.range': 'NOW,NOW' }, 'projection.k.format is missing'],
  [
    { 'k.type': 'date', 'k.range': 'NOW,NOW', 'k.format': 'qq' },
    "projection.k.format: the letter q of 'qq' is not supported by this lake",
  ],
  [
    { 'k.type': 'date', 'k.range': 'THEN,NOW', 'k.format': 'yyyy-MM-dd' },
    "projection.k.range: 'THEN' is no date of the format",
  ],
  [{ 'k.type': 'date', 'k.range': '2020,NOW', 'k.format': 'yyyy' }, 'projection.k.interval.unit is missing'],
  [
    { 'k.type': 'date', 'k.range': 'NOW,NOW', 'k.format': 'yyyy-MM', 'k.interval.unit': 'AGES' },
    'projection.k.interval.unit must be one of YEARS',
  ],
  [
    { 'k.type': 'enum', 'k.values': 'a', 'storage.location.template': 's3://lake/x/' },
    'storage.location.template does not name the partition columns [k]',
  ],
])('%o says what is wrong', async (properties, message) => {
  await table('k string', properties as Record<string, string>)
  await expect(folders()).rejects.toThrow(`HIVE_METASTORE_ERROR: ${message}`)
})

test('an INSERT goes where the projection says, and nothing into the catalog', async () => {
  await table('day string', { 'day.type': 'enum', 'day.values': 'x,y' })
  world.engine.files = [{ text: 'a', partition: ['x'] }]
  const { id, state } = await world.run("INSERT INTO d.t VALUES (1, 'x')")
  expect(state).toBe('SUCCEEDED')
  const { objects } = await world.objects.list('lake', { limit: 10 })
  expect(objects.map(({ key }) => key)).toEqual([`t/day=x/20260115_120000_00000_${id}`])
  for await (const partition of world.catalog.partitions('d', 't')) throw new Error(`there is ${partition.values}`)
})
