/** Which files of a table a query hands to the engine. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { QueryWorld } from './query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
  await world.run('CREATE DATABASE d')
})
afterEach(() => world.close())

const SERDE = `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'`

async function sourcesOf(sql: string) {
  const execution = await world.run(sql)
  if (execution.state !== 'SUCCEEDED') throw new Error(execution.reason)
  return [...(world.engine.queries.at(-1)?.sources.values() ?? [])]
}

const locations = async (sql: string) =>
  (await sourcesOf(sql)).map((source) => source.files.map((file) => file.location.replace('s3://lake/', '')))

test('all objects below the location, at any depth, but no hidden, empty or folder ones', async () => {
  await world.run(`CREATE EXTERNAL TABLE d.t (a int) ${SERDE} LOCATION 's3://lake/t/'`)
  await world.put('t/a.json', '{}')
  await world.put('t/deep/er/b.json', '{}')
  await world.put('t/_SUCCESS', 'x')
  await world.put('t/.hidden/c.json', '{}')
  await world.put('t/empty.json', '')
  await world.put('t/folder/', '')
  await world.put('tt/other.json', '{}')
  expect(await locations('SELECT a FROM d.t')).toEqual([['t/a.json', 't/deep/er/b.json']])
})

test('partitions are pruned before anything is listed', async () => {
  await world.run(
    `CREATE EXTERNAL TABLE d.t (a int) PARTITIONED BY (dt string, n int) ${SERDE} LOCATION 's3://lake/t/'`,
  )
  for (const day of ['2024-01-01', '2024-01-02', '2024-01-03'])
    for (const n of [1, 2]) await world.put(`t/dt=${day}/n=${n}/a.json`, '{}')
  await world.run('MSCK REPAIR TABLE d.t')
  const listed: string[] = []
  world.objects.beforeEach = (operation, key) => {
    if (operation === 'list') listed.push(key)
  }
  expect(await locations(`SELECT a FROM d.t WHERE dt >= '2024-01-02' AND n = 2`)).toEqual([
    ['t/dt=2024-01-02/n=2/a.json', 't/dt=2024-01-03/n=2/a.json'],
  ])
  expect(listed).toHaveLength(2)
  expect(await locations(`SELECT a FROM d.t WHERE dt = '1999-01-01'`)).toEqual([[]])
})

test('a partition lies where the catalog says, and its values travel with its files', async () => {
  await world.run(`CREATE EXTERNAL TABLE d.t (a int) PARTITIONED BY (dt string) ${SERDE} LOCATION 's3://lake/t/'`)
  await world.run(`ALTER TABLE d.t ADD PARTITION (dt='x') LOCATION 's3://lake/elsewhere/'`)
  await world.run(`ALTER TABLE d.t ADD PARTITION (dt='__HIVE_DEFAULT_PARTITION__') LOCATION 's3://lake/nulls/'`)
  await world.put('elsewhere/a.json', '{}')
  await world.put('nulls/a.json', '{}')
  const [source] = await sourcesOf('SELECT a, dt FROM d.t')
  expect(source?.files.map((file) => [file.location, source.partitions[file.partition]])).toEqual(
    expect.arrayContaining([
      ['s3://lake/elsewhere/a.json', ['x']],
      ['s3://lake/nulls/a.json', [null]],
    ]),
  )
})

test('each scan has its own files, and everything is released at the end', async () => {
  await world.run(`CREATE EXTERNAL TABLE d.a (x int) ${SERDE} LOCATION 's3://lake/a/'`)
  await world.run(`CREATE EXTERNAL TABLE d.b (x int) ${SERDE} LOCATION 's3://lake/b/'`)
  await world.put('a/1.json', '{}')
  await world.put('b/1.json', '{}')
  const found = await locations('SELECT * FROM d.a l JOIN d.b r ON l.x = r.x JOIN d.a m ON m.x = r.x')
  expect(found.flat().sort()).toEqual(['a/1.json', 'a/1.json', 'b/1.json'])
  expect(world.objects.released).toBe(world.objects.materialised)
})

test.each([
  ['ORC', 'STORED AS ORC', /ORC tables cannot be queried by this lake/],
  ['RCFile', 'STORED AS RCFILE', /RCFileInputFormat cannot be queried/],
  ['SequenceFile', 'STORED AS SEQUENCEFILE', /SequenceFileInputFormat cannot be queried/],
  [
    'a list of files',
    "STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' OUTPUTFORMAT 'o'",
    /SymlinkTextInputFormat cannot be queried/,
  ],
])('%s is refused by name', async (_, format, reason) => {
  await world.run(`CREATE EXTERNAL TABLE d.t (a int) ${format} LOCATION 's3://lake/t/'`)
  await expect(sourcesOf('SELECT a FROM d.t')).rejects.toThrow(reason)
})

test('a table whose bucket is gone says so', async () => {
  await world.run(`CREATE EXTERNAL TABLE d.t (a int) ${SERDE} LOCATION 's3://gone/t/'`)
  await expect(sourcesOf('SELECT a FROM d.t')).rejects.toThrow(/PERMISSION_DENIED: .*bucket gone/)
})
