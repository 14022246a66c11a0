/**
 * A real Trino server, its Hive connector on a lake's Glue and S3: what we crawled it lists and queries, what it makes
 * our catalog and our Athena read. Skipped where no Trino is; `npm run test:trino` gets one.
 */
import { gzipSync } from 'node:zlib'
import {
  CreateDatabaseCommand,
  GetColumnStatisticsForPartitionCommand,
  GetColumnStatisticsForTableCommand,
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetUserDefinedFunctionsCommand,
} from '@aws-sdk/client-glue'
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSql } from '../../../support/athena.ts'
import { titled } from '../../../support/installed.ts'
import { lakeOfFile } from '../../../support/lake-of-file.ts'
import { crawl, makeRole, putObjects } from '../crawled.ts'
import { CONDITIONS, KEYED, makeKeyedTable, PARTITIONS } from './partition-conditions.ts'
import { CATALOG, noTrino, startTrino, type TestTrino } from './server.ts'

const RAW = 'trino.raw'
const WAREHOUSE = 'trino.warehouse'

const lacks = noTrino('hive')

describe.skipIf(lacks !== undefined)(titled('Trino', lacks), () => {
  const { lake } = lakeOfFile()
  let trino: TestTrino

  beforeAll(async () => {
    for (const Bucket of [RAW, WAREHOUSE]) await lake().s3.send(new CreateBucketCommand({ Bucket }))
    await makeRole(lake())
    await lake().glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'crawled', Description: 'by us' } }))
    await putObjects(lake(), RAW, { ...days(5), ...months(3) })
    const paths = [`s3://${RAW}/events`, `s3://${RAW}/items`]
    await crawl(lake(), { name: 'raw', database: 'crawled', paths })
    trino = await startTrino(lake(), 'hive', `s3://${WAREHOUSE}/`)
  }, 180_000)
  afterAll(() => trino?.stop())

  const rows = (sql: string) => trino.rows(sql)
  const athena = async (sql: string) => {
    const { rows, reason } = await runSql(lake(), sql, { output: `s3://${WAREHOUSE}/results/` })
    if (reason !== undefined) throw new Error(`${reason}\n  in ${sql}`)
    return rows
  }
  const table = async (DatabaseName: string, Name: string) =>
    (await lake().glue.send(new GetTableCommand({ DatabaseName, Name }))).Table
  const partitions = async (DatabaseName: string, TableName: string, Expression?: string) => {
    const { Partitions = [] } = await lake().glue.send(
      new GetPartitionsCommand({ DatabaseName, TableName, ...(Expression !== undefined && { Expression }) }),
    )
    return Partitions.map(({ Values }) => Values?.join('/')).sort()
  }

  describe('what we crawled', () => {
    test('schemas, tables and columns are listed with their types', async () => {
      expect(await rows('SHOW SCHEMAS')).toContainEqual(['crawled'])
      expect(await rows('SHOW TABLES FROM crawled')).toEqual([['events'], ['items']])
      expect(await rows('DESCRIBE crawled.events')).toEqual([
        ['id', 'integer', '', ''],
        ['page', 'varchar', '', ''],
        ['mobile', 'boolean', '', ''],
        ['tags', 'array(varchar)', '', ''],
        ['user', 'row(name varchar, age integer)', '', ''],
        ['day', 'varchar', 'partition key', ''],
      ])
      const listed =
        "SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_name = 'items'"
      expect(await rows(listed)).toEqual([['crawled', 'items', 'BASE TABLE']])
    })

    test('JSON and CSV in partitions are queried', async () => {
      const nested =
        "SELECT id, user.name, tags[1], day FROM crawled.events WHERE mobile AND day < '2026-01-03' ORDER BY id"
      expect(await rows(nested)).toEqual([
        [0, 'Ada', 'x', '2026-01-01'],
        [10, 'Ada', 'x', '2026-01-02'],
      ])
      expect(await rows('SELECT month, sum(price) FROM crawled.items GROUP BY month ORDER BY month')).toEqual([
        ['01', 4],
        ['02', 4],
        ['03', 4],
      ])
      expect(await rows('SELECT * FROM crawled."items$partitions" ORDER BY month')).toEqual([
        ['2026', '01'],
        ['2026', '02'],
        ['2026', '03'],
      ])
    })

    test('only the partitions that a statement asks for are read', async () => {
      const sizes = Object.values(days(5)).map((object) => object.length)
      const bytesRead = (condition: string) => trino.bytesRead(`SELECT sum(id) FROM crawled.events WHERE ${condition}`)
      expect(await bytesRead('true')).toBe(sizes.reduce((sum, size) => sum + size, 0))
      expect(await bytesRead("day = '2026-01-02'")).toBe(sizes[1])
      expect(await bytesRead("day > '2026-02'")).toBe(0)
    })

    test('a partition key whose name has a hyphen takes conditions', async () => {
      const landed = Object.entries(days(3)).map(([key, body]) => [key.replace('/day=', '-landed/landing-date='), body])
      await putObjects(lake(), RAW, Object.fromEntries(landed))
      await crawl(lake(), { name: 'landed', database: 'crawled', paths: [`s3://${RAW}/events-landed`] })
      const found = `SELECT count(*), max("landing-date") FROM crawled.events_landed WHERE "landing-date"`
      expect(await rows(`${found} = '2026-01-02'`)).toEqual([[2, '2026-01-02']])
      expect(await rows(`${found} > '2026-01-01'`)).toEqual([[4, '2026-01-03']])
      expect(await rows(`${found} IN ('2026-01-01', '2026-02-01')`)).toEqual([[2, '2026-01-01']])
    })
  })

  test('a schema that Trino makes is a database with its location, until it is dropped', async () => {
    await rows(`CREATE SCHEMA placed WITH (location = 's3://${WAREHOUSE}/elsewhere/')`)
    expect(await lake().glue.send(new GetDatabaseCommand({ Name: 'placed' }))).toMatchObject({
      Database: { Name: 'placed', LocationUri: `s3://${WAREHOUSE}/elsewhere/` },
    })
    expect(await trino.refusal('CREATE SCHEMA placed')).toMatch(/^SCHEMA_ALREADY_EXISTS/)
    expect(await trino.refusal('ALTER SCHEMA placed RENAME TO moved')).toMatch(/Database cannot be renamed/)
    await rows('DROP SCHEMA placed')
    expect(await rows('SHOW SCHEMAS')).not.toContainEqual(['placed'])
    expect(await trino.refusal('DROP SCHEMA placed')).toMatch(/^SCHEMA_NOT_FOUND/)
  })

  test('a partitioned Parquet table from a query is read by us, and by our crawler', async () => {
    await rows('CREATE SCHEMA selected')
    await rows(`
      CREATE TABLE selected.visits WITH (format = 'PARQUET', partitioned_by = ARRAY['day'])
      AS SELECT id, page, tags, user, cast(id AS decimal(10, 2)) AS cost, date '2026-01-01' AS since, day FROM crawled.events`)
    expect(await table('selected', 'visits')).toMatchObject({
      TableType: 'MANAGED_TABLE',
      PartitionKeys: [{ Name: 'day', Type: 'string' }],
      StorageDescriptor: {
        Location: `s3://${WAREHOUSE}/selected/visits`,
        Columns: [
          { Name: 'id', Type: 'int' },
          { Name: 'page', Type: 'string' },
          { Name: 'tags', Type: 'array<string>' },
          { Name: 'user', Type: 'struct<name:string,age:int>' },
          { Name: 'cost', Type: 'decimal(10,2)' },
          { Name: 'since', Type: 'date' },
        ],
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    })
    expect(await partitions('selected', 'visits', "day IN ('2026-01-01', '2026-01-04')")).toEqual([
      '2026-01-01',
      '2026-01-04',
    ])
    const inTrino =
      "SELECT id, page, user.name, cost, since, day FROM selected.visits WHERE day >= '2026-01-04' ORDER BY id"
    const expected = await athena(inTrino)
    expect(await rows(inTrino)).toEqual(expected.map(([id, ...others]) => [Number(id), ...others]))
    expect(expected).toHaveLength(4)

    const more = (by: number, day: string) =>
      rows(
        `INSERT INTO selected.visits SELECT id + ${by}, page, tags, user, ${by}, date '2026-02-02', ${day} FROM crawled.events`,
      )
    await more(1000, "'2026-02-01'")
    await more(2000, 'day')
    expect(await athena('SELECT day, count(*) FROM selected.visits GROUP BY day ORDER BY day')).toEqual([
      ...[1, 2, 3, 4, 5].map((day) => [`2026-01-0${day}`, '4']),
      ['2026-02-01', '10'],
    ])

    await crawl(lake(), { name: 'visits', database: 'crawled', paths: [`s3://${WAREHOUSE}/selected/visits`] })
    const sums = (name: string) => `SELECT count(*), sum(id), sum(cost), max(since), max(day) FROM ${name}`
    expect(await rows(sums('crawled.visits'))).toEqual(await rows(sums('selected.visits')))

    await rows("DELETE FROM selected.visits WHERE day = '2026-02-01'")
    expect(await partitions('selected', 'visits')).not.toContain('2026-02-01')
    await rows('DROP TABLE selected.visits')
    expect((await lake().glue.send(new GetTablesCommand({ DatabaseName: 'selected' }))).TableList).toEqual([])
    const Prefix = 'selected/visits/'
    const left = await lake().s3.send(new ListObjectsV2Command({ Bucket: WAREHOUSE, Prefix }))
    expect(left.Contents ?? []).toEqual([])
    await rows('DROP SCHEMA selected')
  })

  test('tables of every format are written by Trino and read by Trino and by our Athena', async () => {
    await rows('CREATE SCHEMA formats')
    for (const format of ['PARQUET', 'JSON', 'OPENX_JSON', 'TEXTFILE', 'CSV', 'ORC', 'AVRO']) {
      const name = `formats.of_${format.toLowerCase()}`
      const select = `SELECT cast(id AS varchar) AS id, page FROM crawled.events`
      await rows(`CREATE TABLE ${name} WITH (format = '${format}') AS ${select}`)
      expect(await rows(`SELECT count(*), max(page) FROM ${name}`), format).toEqual([[10, '/b']])
      if (format === 'ORC') continue
      expect(await athena(`SELECT count(*), max(page) FROM ${name}`), format).toEqual([['10', '/b']])
    }
    await athena(`CREATE TABLE formats.ours WITH (format = 'AVRO', partitioned_by = ARRAY['mobile']) AS
      SELECT id, page, ARRAY[page, NULL] AS pages, CAST(id AS decimal(20, 2)) AS price, DATE '2026-01-05' AS day, mobile
      FROM crawled.events`)
    expect(await rows('SELECT count(*), max(pages[1]), sum(price), min(day) FROM formats.ours')).toEqual(
      await rows("SELECT count(*), max(page), sum(CAST(id AS decimal(20, 2))), DATE '2026-01-05' FROM crawled.events"),
    )
    await rows('DROP SCHEMA formats CASCADE')
  })

  test('rows are in the buckets in which Trino looks for them', async () => {
    await rows('CREATE SCHEMA buckets')
    const source = `(VALUES
      (true, TINYINT '-3', SMALLINT '-300', -70000, BIGINT '-9000000000', REAL '-1.25', DOUBLE '3.7e200', CAST('é😀x' AS varchar),
        CAST('ab' AS varchar(5)), DATE '1969-05-05', ARRAY[1, -2, NULL], MAP(ARRAY['a', 'b'], ARRAY[1, 2])),
      (false, TINYINT '3', SMALLINT '300', 70000, BIGINT '9000000001', REAL 'NaN', DOUBLE 'NaN', '', '', DATE '2026-05-05', ARRAY[5], MAP(ARRAY['z'], ARRAY[NULL])),
      (true, TINYINT '7', SMALLINT '77', 7777, BIGINT '77777777', REAL '0.1', DOUBLE '-0.1', 'hello world', 'zzz', DATE '2000-01-01', ARRAY[], NULL),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ) AS t (boolean, tinyint, smallint, integer, bigint, real, double, text, varchar, date, array, map)`
    const columns = 'boolean, tinyint, smallint, integer, bigint, real, double, text, varchar, date, array, map'
    for (const by of [columns.replaceAll(', ', "', '"), 'text', "varchar', 'bigint"]) {
      const properties = `format = 'PARQUET', bucketed_by = ARRAY['${by}'], bucket_count = 97`
      const select = `SELECT coalesce(cast(integer AS varchar), 'none'), cast("$bucket" AS varchar)`
      await athena(`CREATE TABLE buckets.ours WITH (${properties}) AS SELECT ${columns} FROM ${source}`)
      await rows(`CREATE TABLE buckets.theirs WITH (${properties}) AS SELECT ${columns} FROM ${source}`)
      const theirs = await rows(`${select} FROM buckets.theirs ORDER BY 1`)
      expect(await rows(`${select} FROM buckets.ours ORDER BY 1`), by).toEqual(theirs)
      expect(await athena(`${select} FROM buckets.ours ORDER BY 1`), by).toEqual(theirs)
      await rows('DROP TABLE buckets.ours')
      await rows('DROP TABLE buckets.theirs')
    }
    await rows('DROP SCHEMA buckets CASCADE')
  })

  test('columns are added, renamed and dropped, comments are set, and a table is renamed', async () => {
    await rows('CREATE SCHEMA altered')
    await rows(`
      CREATE TABLE altered.t (id bigint COMMENT 'the id', name varchar, day date)
      COMMENT 'a table' WITH (format = 'PARQUET', partitioned_by = ARRAY['day'])`)
    await rows("INSERT INTO altered.t VALUES (1, 'a', date '2026-01-01'), (2, 'b', NULL)")
    await rows('ALTER TABLE altered.t ADD COLUMN extra double')
    await rows('ALTER TABLE altered.t RENAME COLUMN name TO label')
    await rows("COMMENT ON COLUMN altered.t.id IS 'another'")
    await rows("COMMENT ON TABLE altered.t IS 'of tests'")
    expect(await table('altered', 't')).toMatchObject({
      Description: 'of tests',
      StorageDescriptor: {
        Columns: [
          { Name: 'id', Type: 'bigint', Comment: 'another' },
          { Name: 'label' },
          { Name: 'extra', Type: 'double' },
        ],
      },
    })
    await rows('ALTER TABLE altered.t DROP COLUMN extra')
    expect(await rows('SELECT id, day FROM altered.t ORDER BY id')).toEqual([
      [1, '2026-01-01'],
      [2, null],
    ])
    expect(await partitions('altered', 't')).toEqual(['2026-01-01', '__HIVE_DEFAULT_PARTITION__'])
    await rows('DROP SCHEMA altered CASCADE')
  })

  test('views are kept in the catalog, and those of Trino and of Athena are valid in the other', async () => {
    await rows('CREATE SCHEMA views')
    await rows("CREATE VIEW views.mobile COMMENT 'seen' AS SELECT id, day FROM crawled.events WHERE mobile")
    expect(await table('views', 'mobile')).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      Parameters: { presto_view: 'true' },
      ViewOriginalText: expect.stringMatching(/^\/\* Presto View: /),
    })
    expect(await rows('SELECT count(*) FROM views.mobile')).toEqual([[5]])
    expect(await athena('SELECT count(*), max(day) FROM views.mobile')).toEqual([['5', '2026-01-05']])
    await athena('CREATE VIEW views.others AS SELECT id, upper(page) AS page FROM crawled.events WHERE NOT mobile')
    expect(await rows('SELECT max(id), max(page) FROM views.others')).toEqual([[41, '/B']])
    expect(await rows('SHOW TABLES FROM views')).toEqual([['mobile'], ['others']])
    await rows('CREATE OR REPLACE VIEW views.mobile AS SELECT 1 AS one')
    expect(await rows('SELECT * FROM views.mobile')).toEqual([[1]])
    await rows('DROP VIEW views.mobile')
    await rows('DROP VIEW views.others')
    await rows('DROP SCHEMA views')
  })

  test('statistics of columns are kept, for a table and for each partition', async () => {
    await rows('CREATE SCHEMA stats')
    const values = "VALUES (1, 'a', 1.5e0, date '2026-01-01', true), (2, 'bbb', 2.5e0, date '2026-01-05', NULL)"
    await rows(`CREATE TABLE stats.flat AS SELECT * FROM (${values}) AS t (id, name, price, since, is_new)`)
    await rows(
      "CREATE TABLE stats.parts WITH (partitioned_by = ARRAY['day']) AS SELECT id, page, day FROM crawled.events",
    )
    await rows('ANALYZE stats.flat')
    await rows('ANALYZE stats.parts')
    const ColumnNames = ['id', 'name', 'price', 'since', 'is_new']
    const { ColumnStatisticsList = [] } = await lake().glue.send(
      new GetColumnStatisticsForTableCommand({ DatabaseName: 'stats', TableName: 'flat', ColumnNames }),
    )
    const data = Object.fromEntries(
      ColumnStatisticsList.map(({ ColumnName, StatisticsData }) => [ColumnName, StatisticsData]),
    )
    expect(data).toMatchObject({
      id: {
        Type: 'LONG',
        LongColumnStatisticsData: { MinimumValue: 1, MaximumValue: 2, NumberOfNulls: 0, NumberOfDistinctValues: 2 },
      },
      name: {
        Type: 'STRING',
        StringColumnStatisticsData: { MaximumLength: expect.any(Number), NumberOfNulls: 0, NumberOfDistinctValues: 2 },
      },
      price: { Type: 'DOUBLE', DoubleColumnStatisticsData: { MinimumValue: 1.5, MaximumValue: 2.5 } },
      since: { Type: 'DATE', DateColumnStatisticsData: { NumberOfNulls: 0 } },
      is_new: {
        Type: 'BOOLEAN',
        BooleanColumnStatisticsData: { NumberOfTrues: 1, NumberOfFalses: 0, NumberOfNulls: 1 },
      },
    })
    const ofPartition = await lake().glue.send(
      new GetColumnStatisticsForPartitionCommand({
        DatabaseName: 'stats',
        TableName: 'parts',
        PartitionValues: ['2026-01-01'],
        ColumnNames: ['id'],
      }),
    )
    expect(ofPartition.ColumnStatisticsList).toMatchObject([{ ColumnName: 'id', StatisticsData: { Type: 'LONG' } }])
    expect(await rows('SHOW STATS FOR stats.parts')).toContainEqual(['id', null, 2, 0, null, '0', '41'])
    expect((await rows('SHOW STATS FOR stats.flat')).at(-1)).toEqual([null, null, null, null, 2, null, null])
    await rows('DROP SCHEMA stats CASCADE')
  })

  test('partitions are found, registered and taken away by procedures', async () => {
    await rows('CREATE SCHEMA parts')
    await rows("CREATE TABLE parts.t (id bigint, kind varchar) WITH (format = 'JSON', partitioned_by = ARRAY['kind'])")
    await putObjects(lake(), WAREHOUSE, {
      'parts/t/kind=a/1.json': '{"id":1}\n',
      'parts/t/kind=b/1.json': '{"id":2}\n',
      'apart/1.json': '{"id":3}\n',
    })
    await rows("CALL system.sync_partition_metadata('parts', 't', 'FULL')")
    expect(await partitions('parts', 't')).toEqual(['a', 'b'])
    await rows("CALL system.create_empty_partition('parts', 't', ARRAY['kind'], ARRAY['empty'])")
    expect(await partitions('parts', 't')).toEqual(['a', 'b', 'empty'])
    expect(
      await trino.refusal("CALL system.create_empty_partition('parts', 't', ARRAY['kind'], ARRAY['empty'])"),
    ).toMatch(/^ALREADY_EXISTS/)
    await rows("CALL system.unregister_partition('parts', 't', ARRAY['kind'], ARRAY['empty'])")
    expect(await rows('SELECT sum(id) FROM parts.t')).toEqual([[3]])
    await rows('DROP SCHEMA parts CASCADE')
  })

  test('functions of a schema are kept as user-defined functions', async () => {
    const twice = `${CATALOG}.functions.twice`
    await rows('CREATE SCHEMA functions')
    await rows(`CREATE FUNCTION ${twice}(x bigint) RETURNS bigint RETURN x * 2`)
    await rows(`CREATE FUNCTION ${twice}(x varchar) RETURNS varchar RETURN x || x`)
    expect(await rows(`SELECT ${twice}(21), ${twice}('ab')`)).toEqual([[42, 'abab']])
    await rows(`CREATE OR REPLACE FUNCTION ${twice}(x bigint) RETURNS bigint RETURN x + x + 0`)
    expect(await rows(`SELECT ${twice}(4)`)).toEqual([[8]])
    const read = new GetUserDefinedFunctionsCommand({ DatabaseName: 'functions', Pattern: '.*' })
    const { UserDefinedFunctions = [] } = await lake().glue.send(read)
    expect(UserDefinedFunctions.map(({ FunctionName }) => FunctionName)).toEqual([
      expect.stringMatching(/^trino__twice__/),
      expect.stringMatching(/^trino__twice__/),
    ])
    await rows(`DROP FUNCTION ${twice}(bigint)`)
    expect(await trino.refusal(`SELECT ${twice}(4)`)).toMatch(/^(FUNCTION_NOT_FOUND|TYPE_MISMATCH)/)
    await rows(`DROP FUNCTION ${twice}(varchar)`)
    await rows('DROP SCHEMA functions')
  })

  describe('conditions on partition keys', () => {
    beforeAll(() => makeKeyedTable(lake(), `s3://${RAW}/`))

    test.for(CONDITIONS)('$condition', async ({ condition, holds }) => {
      const kept = Array.from({ length: PARTITIONS }, (_, n) => n).filter(holds)
      expect(await rows(`SELECT count(*), coalesce(sum(n), 0) FROM ${KEYED} WHERE ${condition}`)).toEqual([
        [kept.length, kept.reduce((sum, n) => sum + n, 0)],
      ])
    })
  })
})

/** Of each day one object of two events; all objects have the same length. */
function days(count: number): Record<string, Uint8Array> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, day) => {
      const events = [
        { id: day * 10, page: '/a', Mobile: true, tags: ['x', 'y'], user: { name: 'Ada', age: 36 } },
        { id: day * 10 + 1, page: '/b', Mobile: false, tags: [], user: { name: 'Bob', age: 7 } },
      ]
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('')
      return [`events/day=2026-01-0${day + 1}/events.json.gz`, gzipSync(lines)]
    }),
  )
}

function months(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, month) => [
      `items/year=2026/month=0${month + 1}/items.csv`,
      'id,name,price\n1,one,1.5\n2,two,2.5\n',
    ]),
  )
}
