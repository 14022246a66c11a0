/** CREATE TABLE AS, INSERT INTO and UNLOAD through the AWS SDK on a real lake: what is written is read back the same. */
import { gunzipSync } from 'node:zlib'
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { GetPartitionsCommand, GetTableCommand } from '@aws-sdk/client-glue'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noArrow, python, runAgainst, titled } from '../../support/installed.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  for (const Bucket of ['lake', 'results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await run('CREATE DATABASE d')
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

async function run(QueryString: string): Promise<QueryExecution> {
  const { QueryExecutionId } = await lake.athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: 'd' },
      ResultConfiguration: { OutputLocation: 's3://results/' },
    }),
  )
  return eventually('the statement has ended', async () => {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    return ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(String(QueryExecution?.Status?.State))
      ? QueryExecution
      : undefined
  })
}

async function succeeded(sql: string): Promise<QueryExecution> {
  const execution = await run(sql)
  expect(execution.Status?.StateChangeReason).toBeUndefined()
  expect(execution.Status?.State).toBe('SUCCEEDED')
  return execution
}

async function rowsOf(sql: string): Promise<(string | undefined)[][]> {
  const { QueryExecutionId } = await succeeded(sql)
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue))
}

const keysBelow = async (Bucket: string, Prefix: string) =>
  ((await lake.s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map(({ Key = '' }) => Key)

async function textOf(Bucket: string, Key: string): Promise<string> {
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key }))
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
  return (Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

/** A value of every type that Hive has, its edges, and NULL. */
const VALUES = `
  SELECT * FROM (VALUES
    (1, true, TINYINT '-128', SMALLINT '32767', INTEGER '-1', BIGINT '9223372036854775807', REAL '1.5', DOUBLE '-0.1',
     DECIMAL '1234567890123.12', 'a "b", c\\ é 😀', CAST('ab' AS varchar(3)), CAST('x' AS char(3)), X'00ff',
     DATE '1969-12-31', TIMESTAMP '2026-01-02 03:04:05.678', ARRAY[1, NULL], MAP(ARRAY['k', 'l'], ARRAY[1, NULL]),
     CAST(ROW(1, 'x') AS row(a integer, b varchar)), ARRAY[ARRAY['p', 'q'], ARRAY['r']]),
    (2, false, TINYINT '127', SMALLINT '0', INTEGER '0', BIGINT '0', REAL '-3.25', DOUBLE '1e300',
     DECIMAL '-0.01', ' ', CAST('' AS varchar(3)), CAST('' AS char(3)), X'61',
     DATE '2026-02-28', TIMESTAMP '1970-01-01 00:00:00.000', ARRAY[7], MAP(ARRAY['z'], ARRAY[9]),
     CAST(ROW(NULL, 'y') AS row(a integer, b varchar)), ARRAY[ARRAY['s']]),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
  ) AS t (n, bo, ti, sm, i, bi, re, dou, de, s, v, c, bin, da, ts, l, m, r, ll)`

describe.each([
  ['PARQUET', "format = 'PARQUET'"],
  ['PARQUET with zstd', "format = 'PARQUET', write_compression = 'ZSTD', compression_level = 19"],
  ['AVRO', "format = 'AVRO'"],
  ['AVRO with snappy', "format = 'AVRO', write_compression = 'SNAPPY'"],
  ['JSON', "format = 'JSON'"],
  ['TEXTFILE', "format = 'TEXTFILE'"],
])('%s', (name, properties) => {
  const table = name.toLowerCase().replaceAll(' ', '_')

  test('every type comes back as it was', async () => {
    await succeeded(`CREATE TABLE ${table} WITH (${properties}) AS ${VALUES}`)
    const expected = await rowsOf(`${VALUES} ORDER BY n`)
    expect(await rowsOf(`SELECT * FROM ${table} ORDER BY n`)).toEqual(expected)
    await succeeded(`INSERT INTO ${table} SELECT * FROM ${table}`)
    expect(await rowsOf(`SELECT DISTINCT * FROM ${table} ORDER BY n`)).toEqual(expected)
    expect(await rowsOf(`SELECT count(*), count(s) FROM ${table}`)).toEqual([['6', '4']])
  })

  test('partitions have any text for a name', async () => {
    const values = ["'plain'", "'a/b=c'", "'100 %'", "'é😀'", "' '", "'it''s'", 'NULL']
    const source = `SELECT * FROM (VALUES ${values.map((value, index) => `(${index}, ${value})`).join(', ')}) AS t (n, k)`
    await succeeded(`CREATE TABLE ${table}_parts WITH (${properties}, partitioned_by = ARRAY['k']) AS ${source}`)
    expect(await rowsOf(`SELECT n, k FROM ${table}_parts ORDER BY n`)).toEqual(await rowsOf(`${source} ORDER BY n`))
    const { Partitions = [] } = await lake.glue.send(
      new GetPartitionsCommand({ DatabaseName: 'd', TableName: `${table}_parts` }),
    )
    expect(Partitions.map(({ Values }) => Values?.[0]).sort()).toEqual(
      ['plain', 'a/b=c', '100 %', 'é😀', ' ', "it's", '__HIVE_DEFAULT_PARTITION__'].sort(),
    )
    await succeeded(`INSERT INTO ${table}_parts SELECT n, k FROM ${table}_parts WHERE k = 'plain'`)
    expect(await rowsOf(`SELECT k FROM ${table}_parts WHERE n = 0`)).toEqual([['plain'], ['plain']])
  })
})

test('what a statement answers: a number of rows, a list of files, and no rows', async () => {
  const execution = await succeeded('CREATE TABLE told AS SELECT * FROM (VALUES 1, 2, 3) AS t (a)')
  const { QueryExecutionId: id, StatementType, ResultConfiguration, Statistics } = execution
  expect([StatementType, ResultConfiguration?.OutputLocation]).toEqual(['DDL', `s3://results/tables/${id}`])
  const { UpdateCount, ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }))
  expect([UpdateCount, ResultSet?.Rows]).toEqual([3, []])
  expect(ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([{ Name: 'rows', Type: 'bigint' }])
  expect(Statistics?.DataManifestLocation).toBe(`s3://results/tables/${id}-manifest.csv`)
  const files = await keysBelow('results', `tables/${id}/`)
  const manifest = await textOf('results', `tables/${id}-manifest.csv`)
  expect(manifest).toBe(
    files
      .map(
        (key) => `s3://results/${key}
`,
      )
      .join(''),
  )
  expect(await keysBelow('results', `tables/${id}.`)).toEqual([`tables/${id}.metadata`])

  const inserted = await succeeded('INSERT INTO told VALUES 4')
  expect([inserted.StatementType, inserted.SubstatementType]).toEqual(['DML', 'INSERT'])
  expect(inserted.ResultConfiguration?.OutputLocation).toBe(`s3://results/${inserted.QueryExecutionId}`)
  expect(await rowsOf('SELECT count(*), max(a) FROM told')).toEqual([['4', '4']])
})

test('UNLOAD writes text as it is told to', async () => {
  const source = "SELECT * FROM (VALUES (1, 'x', NULL), (2, 'y z', 'q')) AS t (a, b, c)"
  await succeeded(
    `UNLOAD (${source}) TO 's3://lake/unloaded/' WITH (format = 'TEXTFILE', field_delimiter = '|', compression = 'GZIP')`,
  )
  const [key = ''] = await keysBelow('lake', 'unloaded/')
  expect(key).toMatch(/\.gz$/)
  expect(await textOf('lake', key)).toBe('1|x|\\N\n2|y z|q\n')
  await succeeded(`UNLOAD (${source}) TO 's3://lake/lines/' WITH (format = 'JSON', compression = 'NONE')`)
  const [lines = ''] = await keysBelow('lake', 'lines/')
  expect(await textOf('lake', lines)).toBe('{"a":1,"b":"x","c":null}\n{"a":2,"b":"y z","c":"q"}\n')
})

test('text that does not fit into its column fails, and blanks at its end do not matter', async () => {
  await succeeded("CREATE EXTERNAL TABLE short (v varchar(3), c char(2)) STORED AS PARQUET LOCATION 's3://lake/short/'")
  const cut = await run("INSERT INTO short VALUES ('abcd', 'x')")
  expect(cut.Status?.StateChangeReason).toBe(
    'INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from varchar(4) to varchar(3) on INSERT',
  )
  await succeeded("INSERT INTO short VALUES ('abc  ', 'xy ')")
  expect(await rowsOf("SELECT v || '|', c || '|' FROM short")).toEqual([['abc|', 'xy|']])
})

test('a value that has no place in its column fails, and nothing is written', async () => {
  await succeeded("CREATE EXTERNAL TABLE small (a tinyint) STORED AS PARQUET LOCATION 's3://lake/small/'")
  const failed = await run('INSERT INTO small SELECT * FROM (VALUES 1, 1000) AS t (a)')
  expect(failed.Status?.StateChangeReason).toBe('NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 1000')
  expect(await keysBelow('lake', 'small/')).toEqual([])
})

test('more than 100 partitions in one statement are refused, 100 are not', async () => {
  const source = (count: number) => `SELECT x AS a, x AS p FROM UNNEST(sequence(1, ${count})) AS t (x)`
  const many = await run(`CREATE TABLE many WITH (partitioned_by = ARRAY['p']) AS ${source(101)}`)
  expect(many.Status?.StateChangeReason).toBe(
    'HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/buckets',
  )
  expect(await keysBelow('results', `tables/${many.QueryExecutionId}`)).toEqual([])
  await succeeded(`CREATE TABLE many WITH (partitioned_by = ARRAY['p']) AS ${source(100)}`)
  expect(await rowsOf('SELECT count(DISTINCT p), sum(a) FROM many')).toEqual([['100', '5050']])
})

describe('buckets', () => {
  const source = "SELECT * FROM (VALUES (1, 'x', 'p'), (2, 'y', 'p'), (4, 'z', 'p'), (NULL, 'n', 'q')) AS t (a, b, k)"

  test('rows lie in one file for each bucket of each partition, and "$bucket" tells which', async () => {
    await succeeded(
      `CREATE TABLE bucketed WITH (bucketed_by = ARRAY['a'], bucket_count = 3, partitioned_by = ARRAY['k'], external_location = 's3://lake/bucketed/') AS ${source}`,
    )
    expect(await rowsOf('SELECT b, k, "$bucket" FROM bucketed ORDER BY b')).toEqual([
      ['n', 'q', '0'],
      ['x', 'p', '1'],
      ['y', 'p', '2'],
      ['z', 'p', '1'],
    ])
    expect(await rowsOf('SELECT b FROM bucketed WHERE "$bucket" = 1 ORDER BY b')).toEqual([['x'], ['z']])
    const keys = await keysBelow('lake', 'bucketed/')
    expect(keys.map((key) => key.replace(/(?<=\d{6}_0_).*/, '')).sort()).toEqual([
      'bucketed/k=p/000001_0_',
      'bucketed/k=p/000002_0_',
      'bucketed/k=q/000000_0_',
    ])
    const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: 'd', Name: 'bucketed' }))
    expect(Table?.StorageDescriptor).toMatchObject({ NumberOfBuckets: 3, BucketColumns: ['a'] })
    const { Partitions } = await lake.glue.send(new GetPartitionsCommand({ DatabaseName: 'd', TableName: 'bucketed' }))
    expect(Partitions).toHaveLength(2)
  })

  test('other tables have no "$bucket", and nothing is inserted into theirs', async () => {
    await succeeded('CREATE TABLE unbucketed AS SELECT 1 AS a')
    expect((await run('SELECT "$bucket" FROM unbucketed')).Status?.StateChangeReason).toMatch(
      "COLUMN_NOT_FOUND: line 1:8: Column '$bucket' cannot be resolved",
    )
    expect((await run("INSERT INTO bucketed VALUES (1, 'x', 'p')")).Status?.StateChangeReason).toMatch(
      'INSERT INTO a bucketed table is not supported',
    )
  })

  test('more than 100 buckets of partitions in one statement are refused', async () => {
    const wide = `SELECT x AS a, x % 2 AS k FROM UNNEST(sequence(1, 200)) AS t (x)`
    const many = await run(
      `CREATE TABLE many_buckets WITH (bucketed_by = ARRAY['a'], bucket_count = 102, partitioned_by = ARRAY['k']) AS ${wide}`,
    )
    expect(many.Status?.StateChangeReason).toMatch('HIVE_TOO_MANY_OPEN_PARTITIONS')
  })

  test('files that cannot be the buckets fail the query', async () => {
    await succeeded(
      "CREATE EXTERNAL TABLE hurt (a int) CLUSTERED BY (a) INTO 2 BUCKETS ROW FORMAT DELIMITED LOCATION 's3://lake/hurt/'",
    )
    const put = (Key: string) => lake.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: '7' }))
    await put('hurt/only.csv')
    expect((await run('SELECT * FROM hurt')).Status?.StateChangeReason).toBe(
      "HIVE_INVALID_BUCKET_FILES: Hive table 'd.hurt' is corrupt. File 'only.csv' does not match the standard naming pattern, and the number of files in the directory (1) does not match the declared bucket count (2) for partition: <UNPARTITIONED>",
    )
    await put('hurt/also.csv')
    expect(await rowsOf('SELECT "$bucket", "$path" FROM hurt ORDER BY 1')).toEqual([
      ['0', 's3://lake/hurt/also.csv'],
      ['1', 's3://lake/hurt/only.csv'],
    ])
    for (const Key of ['hurt/also.csv', 'hurt/only.csv'])
      await lake.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key }))
    await put('hurt/000002_0')
    expect((await run('SELECT * FROM hurt')).Status?.StateChangeReason).toBe(
      "HIVE_INVALID_BUCKET_FILES: Hive table 'd.hurt' is corrupt. The highest bucket number in the directory (2) exceeds the bucket number range defined by the declared bucket count (2) for partition: <UNPARTITIONED>",
    )
  })
})

test('INSERT into a table of OpenCSVSerde quotes what has to be', async () => {
  await succeeded(`CREATE EXTERNAL TABLE quoted (a string, b string) PARTITIONED BY (n int)
    ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://lake/quoted/'`)
  const values = [
    ['plain', ''],
    ['a "b", c', 'back\\slash'],
    ["it's", '\\"'],
  ]
  const listed = values.map((row) => `(${row.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')}, 7)`)
  await succeeded(`INSERT INTO quoted VALUES ${listed.join(', ')}`)
  expect(await rowsOf('SELECT a, b FROM quoted WHERE n = 7 ORDER BY b')).toEqual(
    values.toSorted(([, a = ''], [, b = '']) => (a < b ? -1 : 1)),
  )
})

test('a prepared INSERT takes its values', async () => {
  await succeeded("CREATE EXTERNAL TABLE given (a int, b string) STORED AS PARQUET LOCATION 's3://lake/given/'")
  await succeeded('PREPARE put FROM INSERT INTO given VALUES (?, ?)')
  expect((await succeeded("EXECUTE put USING 7, 'seven'")).SubstatementType).toBe('INSERT')
  expect(await rowsOf('SELECT * FROM given')).toEqual([['7', 'seven']])
})

test('the new table is a table to everybody else', async () => {
  await succeeded("CREATE TABLE shown WITH (format = 'TEXTFILE', field_delimiter = ',') AS SELECT 1 AS a")
  const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: 'd', Name: 'shown' }))
  expect(Table).toMatchObject({
    TableType: 'EXTERNAL_TABLE',
    StorageDescriptor: { SerdeInfo: { Parameters: { 'field.delim': ',' } } },
  })
  expect(await rowsOf('SELECT "$path" FROM shown')).toHaveLength(1)
})

test.skipIf(noArrow !== undefined)(titled('Parquet files are those that Arrow reads', noArrow), async () => {
  await succeeded(`CREATE TABLE arrow WITH (external_location = 's3://lake/arrow/') AS ${VALUES}`)
  const [key = ''] = await keysBelow('lake', 'arrow/')
  const script = `
import sys
import pyarrow.parquet
from pyarrow.fs import S3FileSystem
import os
endpoint = os.environ["AWS_ENDPOINT_URL"].split("//")[1]
files = S3FileSystem(endpoint_override=endpoint, scheme="http", region="us-east-1")
table = pyarrow.parquet.read_table("lake/" + sys.argv[1], filesystem=files, partitioning=None)
print(table.num_rows, [row["s"] for row in table.to_pylist()], table.schema.field("ts").type, table.schema.field("de").type)
`
  expect((await runAgainst(lake, python, ['-c', script, key])).trim()).toBe(
    `3 ['a "b", c\\\\ é 😀', ' ', None] timestamp[us] decimal128(15, 2)`,
  )
})
