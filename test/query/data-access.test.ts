/** What a query does when its caller may not reach all that it needs. Rights are told, not judged: `services/athena` does that. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DataAccess, Denial } from '../../src/query/data-access.ts'
import { QueryWorld } from './query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
  for (const sql of [
    'CREATE DATABASE shop',
    'CREATE DATABASE staff',
    `CREATE EXTERNAL TABLE shop.orders (id int) ${JSON_ROWS} LOCATION 's3://lake/orders/'`,
    `CREATE EXTERNAL TABLE shop.clicks (id int) PARTITIONED BY (dt string) ${JSON_ROWS} LOCATION 's3://lake/clicks/'`,
    `ALTER TABLE shop.clicks ADD PARTITION (dt='a')`,
    `CREATE EXTERNAL TABLE staff.wages (id int) ${JSON_ROWS} LOCATION 's3://lake/wages/'`,
    'CREATE VIEW shop.rich AS SELECT id FROM staff.wages',
    'PREPARE known FROM SELECT id FROM shop.orders',
  ]) {
    const { state, reason } = await world.run(sql)
    if (state !== 'SUCCEEDED') throw new Error(reason)
  }
  for (const key of ['orders/a.json', 'orders/b.json', 'clicks/dt=a/a.json', 'wages/a.json']) await world.put(key, '{}')
})
afterEach(() => world.close())

const JSON_ROWS = `ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'`

/** Everything but what is named: `GetTable shop.orders`, `GetObject lake/orders/a.json`. What was asked is kept. */
function allBut(...denied: readonly string[]): DataAccess & { readonly asked: string[] } {
  const asked: string[] = []
  const denial = (wish: string): Denial => {
    asked.push(wish)
    return denied.includes(wish) ? `may not ${wish}` : undefined
  }
  return {
    asked,
    catalog: {
      onCatalog: (action) => denial(action),
      onDatabase: (action, database) => denial(`${action} ${database}`),
      onTable: (action, database, table) => denial(`${action} ${database}.${table}`),
    },
    preparedStatements: (action, workgroup) => denial(`${action} ${workgroup}`),
    bucket: (name) => ({
      list: (prefix) => denial(`ListBucket ${name}/${prefix}`),
      read: ({ key }) => denial(`GetObject ${name}/${key}`),
      write: (key, encryption) => {
        const encrypted = encryption === undefined ? '' : ` as ${encryption}`
        return denial(`PutObject ${name}/${key.replace(/[0-9a-f-]{36}/, '<id>')}${encrypted}`)
      },
    }),
  }
}

test('a query asks for its tables, each of their objects, and its result', async () => {
  const access = allBut()
  expect((await world.run('SELECT id FROM shop.orders', { access })).state).toBe('SUCCEEDED')
  expect(access.asked.slice(0, 6)).toEqual([
    'GetDatabase shop',
    'GetTable shop.orders',
    'GetDatabase default',
    'ListBucket lake/orders/',
    'GetObject lake/orders/a.json',
    'GetObject lake/orders/b.json',
  ])
  const result = ['PutObject results/out/<id>.csv', 'PutObject results/out/<id>.csv.metadata']
  expect(access.asked.slice(6).sort()).toEqual(result)
})

describe.each([
  ['SELECT id FROM shop.orders', 'GetTable shop.orders'],
  ['SELECT id FROM shop.orders', 'GetDatabase shop'],
  ['SELECT id FROM shop.orders', 'ListBucket lake/orders/'],
  ['SELECT id FROM shop.orders', 'GetObject lake/orders/b.json'],
  ['SELECT id FROM shop.clicks', 'GetPartitions shop.clicks'],
  ['SELECT id FROM shop.rich', 'GetTable shop.rich'],
  ['SELECT id FROM shop.rich', 'GetTable staff.wages'],
  ['SELECT id FROM shop.rich', 'GetObject lake/wages/a.json'],
  ['SELECT (SELECT max(id) FROM staff.wages) FROM shop.orders', 'GetTable staff.wages'],
  ['SELECT * FROM shop."clicks$partitions"', 'GetPartitions shop.clicks'],
  ['SELECT * FROM information_schema.tables', 'GetDatabases'],
  ['EXPLAIN SELECT id FROM shop.orders', 'GetObject lake/orders/a.json'],
  ['EXPLAIN (TYPE VALIDATE) SELECT id FROM shop.orders', 'GetTable shop.orders'],
  ['CREATE VIEW shop.v AS SELECT id FROM staff.wages', 'GetTable staff.wages'],
  ['CREATE VIEW shop.v AS SELECT 1 AS one', 'CreateTable shop.v'],
  ['CREATE OR REPLACE VIEW shop.rich AS SELECT 1 AS one', 'UpdateTable shop.rich'],
  ['DROP VIEW shop.rich', 'DeleteTable shop.rich'],
  ['SHOW CREATE VIEW shop.rich', 'GetTable shop.rich'],
  ['CREATE DATABASE extra', 'CreateDatabase extra'],
  [`ALTER DATABASE shop SET DBPROPERTIES ('a'='b')`, 'UpdateDatabase shop'],
  ['DROP DATABASE staff CASCADE', 'DeleteDatabase staff'],
  ['DROP DATABASE staff CASCADE', 'DeleteDatabase staff.wages'],
  [`CREATE EXTERNAL TABLE shop.t (a int) LOCATION 's3://lake/t/'`, 'CreateTable shop.t'],
  ['DROP TABLE shop.orders', 'DeleteTable shop.orders'],
  [`ALTER TABLE shop.orders SET TBLPROPERTIES ('a'='b')`, 'UpdateTable shop.orders'],
  [`ALTER TABLE shop.clicks ADD PARTITION (dt='b')`, 'BatchCreatePartition shop.clicks'],
  [`ALTER TABLE shop.clicks ADD PARTITION (dt='b')`, 'GetPartition shop.clicks'],
  [`ALTER TABLE shop.clicks DROP PARTITION (dt='a')`, 'BatchDeletePartition shop.clicks'],
  [`ALTER TABLE shop.clicks PARTITION (dt='a') RENAME TO PARTITION (dt='b')`, 'UpdatePartition shop.clicks'],
  ['MSCK REPAIR TABLE shop.clicks', 'ListBucket lake/clicks/'],
  ['INSERT INTO shop.orders VALUES 1', 'GetTable shop.orders'],
  ['CREATE TABLE shop.t AS SELECT id FROM staff.wages', 'GetTable staff.wages'],
  ['CREATE TABLE shop.t AS SELECT 1 AS one', 'CreateTable shop.t'],
  ['PREPARE mine FROM SELECT 1', 'CreatePreparedStatement primary'],
  ['EXECUTE known', 'GetPreparedStatement primary'],
  ['EXECUTE known', 'GetTable shop.orders'],
  ['DEALLOCATE PREPARE known', 'DeletePreparedStatement primary'],
  ['SHOW DATABASES', 'GetDatabases'],
  ['SHOW TABLES IN shop', 'GetTables shop'],
  ['SHOW PARTITIONS shop.clicks', 'GetPartitions shop.clicks'],
  ['SHOW CREATE TABLE shop.orders', 'GetTable shop.orders'],
  ['SHOW COLUMNS IN shop.orders', 'GetTable shop.orders'],
  ['DESCRIBE shop.orders', 'GetTable shop.orders'],
])('%s, of who may not %s,', (sql, denied) => {
  test('fails, and changes nothing', async () => {
    const before = await everything()
    expect(await world.run(sql, { access: allBut(denied) })).toMatchObject({
      state: 'FAILED',
      reason: `PERMISSION_DENIED: may not ${denied}`,
      failure: { category: 2, type: 1500, retryable: false, message: `PERMISSION_DENIED: may not ${denied}` },
    })
    expect(await everything()).toEqual(before)
    expect(world.engine.queries).toEqual([])
  })

  test('succeeds for who may do everything', async () => {
    expect((await world.run(sql, { access: allBut() })).reason).toBeUndefined()
  })
})

test('who may not make partitions inserts nothing, though they may write the objects and not remove them', async () => {
  const before = await everything()
  world.engine.files = [{ text: '{}', partition: ['b'] }]
  const access = allBut('BatchCreatePartition shop.clicks', 'DeleteTable shop.made')
  expect((await world.run("INSERT INTO shop.clicks VALUES (1, 'b')", { access })).reason).toBe(
    'PERMISSION_DENIED: may not BatchCreatePartition shop.clicks',
  )
  expect(access.asked).toContain('PutObject lake/clicks/dt=b/20260115_120000_00000_<id>.gz')
  const made = { access: allBut('BatchCreatePartition shop.made', 'DeleteTable shop.made') }
  const sql = "CREATE TABLE shop.made WITH (partitioned_by = ARRAY['p']) AS SELECT 1 AS one, 'b' AS p"
  expect((await world.run(sql, made)).reason).toBe('PERMISSION_DENIED: may not BatchCreatePartition shop.made')
  expect(await everything()).toEqual(before)
  for (const [bucket, prefix] of [
    ['lake', 'clicks/dt=b/'],
    ['results', 'out/tables/'],
  ] as const)
    expect((await world.objects.list(bucket, { prefix, limit: 10 })).objects).toEqual([])
})

test('who may not write into the folder of a table inserts nothing', async () => {
  const access = allBut('PutObject lake/orders/20260115_120000_00000_<id>.gz')
  world.engine.files = [{ text: '{}', partition: [] }]
  const { reason } = await world.run('INSERT INTO shop.orders VALUES 1', { access })
  expect(reason).toMatch(/^Access denied when writing output to url: s3:\/\/lake\/orders\//)
  expect((await world.objects.list('lake', { prefix: 'orders/', limit: 10 })).objects).toHaveLength(2)
})

async function everything() {
  const databases = await world.catalog.databases()
  return Promise.all(
    databases.map(async (database) => {
      const tables = await world.catalog.tables(database.name)
      const partitions = []
      for await (const one of world.catalog.partitions('shop', 'clicks')) partitions.push(one)
      const prepared = ['mine', 'known'].map((name) => world.queries.preparedStatements.find('primary', name))
      return { database, tables, partitions, prepared }
    }),
  )
}

test.each(['<id>.csv', '<id>.csv.metadata'])('a result that may not be written as %s fails its query', async (name) => {
  const { id, ...execution } = await world.run('SELECT 1', { access: allBut(`PutObject results/out/${name}`) })
  const reason = `Access denied when writing output to url: s3://results/out/${name.replace('<id>', id)} Please ensure you are allowed to access the S3 bucket.`
  expect(execution).toMatchObject({ state: 'FAILED', reason, failure: { category: 2, type: 401, retryable: false } })
})

test('a result is asked for with the encryption that its query asked for', async () => {
  const access = allBut()
  await world.run('SELECT 1', { access, encryption: { option: 'SSE_S3' } })
  expect(access.asked).toContain('PutObject results/out/<id>.csv as AES256')
})

test('lists leave out what the caller may not list', async () => {
  const access = allBut('GetTables shop.clicks', 'GetDatabases staff')
  const lines = async (sql: string) => world.rows(sql, { access })
  expect(await lines('SHOW TABLES IN shop')).toEqual(['orders', 'rich'])
  expect(await lines('SHOW DATABASES')).toEqual(['shop'])
})

test('the name of a WITH table is not asked of the catalog, nor the database of a query without tables', async () => {
  const access = allBut('GetTable shop.wages', 'GetDatabase default')
  const sql = 'WITH wages AS (SELECT id FROM orders) SELECT id FROM wages'
  expect((await world.run(sql, { access, database: 'shop' })).state).toBe('SUCCEEDED')
  expect((await world.run('SELECT 1', { access })).state).toBe('SUCCEEDED')
})

test('rows of a result are given only to who may read its object', async () => {
  const { id } = await world.run('SELECT 1')
  const results = (...denied: string[]) => world.queries.results({ id, access: allBut(...denied) })
  expect((await results()).rows).toEqual([['_col0'], ['1']])
  await expect(results(`GetObject results/out/${id}.csv`)).rejects.toMatchObject({ code: 'accessDenied' })
})

test('a query that waits keeps the rights of who started it', async () => {
  const open: (() => void)[] = []
  world.engine.held = new Promise((resolve) => open.push(resolve))
  for (let index = 0; index < 8; index++) await world.start('SELECT 1')
  const id = await world.start('SELECT id FROM shop.orders', { access: allBut('GetTable shop.orders') })
  for (const release of open) release()
  expect(await world.ended(id)).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(/^PERMISSION_DENIED/) })
})
