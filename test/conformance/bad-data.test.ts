/**
 * SQL that makes no sense, and tables over data that is damaged. Each failure has Athena's code and, where an object
 * is to blame, its name; afterwards the lake answers the next query.
 */
import { deflateSync, gzipSync } from 'node:zlib'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runSql } from '../support/athena.ts'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'how.raw'
const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  for (const name of [Bucket, 'how.results']) await lake.s3.send(new CreateBucketCommand({ Bucket: name }))
  await sql('CREATE DATABASE bad')
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})
afterEach(async () => {
  expect((await fetch(`${lake.endpoint}/_lakelet/health`)).status).toBe(200)
  expect((await sql('SELECT 1')).rows).toEqual([['1']])
})

const sql = (text: string) => runSql(lake, text, { database: 'bad' })

describe('SQL', () => {
  test.each([
    ['nothing but a comment', '-- nothing', 'mismatched input'],
    ['a semicolon', ';', 'mismatched input'],
    ['prose', 'give me the events please', "mismatched input 'give'"],
    ['a misspelt word', 'SELEC 1', "mismatched input 'SELEC'"],
    ['a string without end', "SELECT 'abc", 'line 1:8'],
    ['a quote without end', 'SELECT "abc', 'line 1:8'],
    ['a comment without end', 'SELECT 1 /* and', 'line 1:'],
    ['a character that is none of SQL’s', 'SELECT § FROM t', 'line 1:8'],
    ['a NUL', 'SELECT \u0000', 'line 1:8'],
    ['two statements', 'SELECT 1; SELECT 2', 'Only one sql statement is allowed'],
    ['parentheses without end', `SELECT ${'('.repeat(20_000)}1`, ''],
    ['a sum without end', `SELECT 1${'+1'.repeat(50_000)}`, ''],
    [
      'an unknown table',
      'SELECT * FROM nowhere',
      "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.bad.nowhere' does not exist",
    ],
    ['an unknown database', 'SELECT * FROM nobase.t', "SCHEMA_NOT_FOUND: line 1:15: Schema 'nobase' does not exist"],
    ['an unknown catalog', 'SELECT * FROM nocat.a.t', 'CATALOG_NOT_FOUND'],
    ['an unknown function', 'SELECT nofun(1)', "FUNCTION_NOT_FOUND: line 1:8: Function 'nofun' not registered"],
    ['DuckDB’s own function', "SELECT read_text('/etc/passwd')", 'FUNCTION_NOT_FOUND'],
    ['DuckDB’s own table', "SELECT * FROM read_csv('/etc/passwd')", ''],
    ['a file for a table', `SELECT * FROM "/etc/passwd"`, 'TABLE_NOT_FOUND'],
    ['DuckDB’s own statement', "ATTACH '/tmp/x.db'", "mismatched input 'ATTACH'"],
    ['a setting', 'SET SESSION a = 1', ''],
    [
      'types that do not fit',
      "SELECT 1 + 'a'",
      "TYPE_MISMATCH: line 1:10: '+' cannot be applied to integer, varchar(1)",
    ],
    ['a division by zero', 'SELECT 1 / 0', 'DIVISION_BY_ZERO'],
    ['a cast that cannot be', "SELECT CAST('a' AS integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT"],
    ['a number too big', 'SELECT 9223372036854775808', ''],
    [
      'a recursion without end',
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
      '',
    ],
    ['a drop of what is not there', 'DROP TABLE nowhere', 'FAILED: SemanticException [Error 10001]: Table not found'],
    ['Hive nonsense', 'ALTER TABLE x FROBNICATE', 'line 1:15: no viable alternative'],
    ['a table without a place', 'CREATE EXTERNAL TABLE x (a int)', 'No location was specified for table'],
    ['a table at no place', "CREATE EXTERNAL TABLE x (a int) LOCATION 'ftp://x/'", 'FAILED'],
    ['a table that is not external', "CREATE TABLE x (a int) LOCATION 's3://how.raw/x/'", 'Only external tables'],
    ['what is not offered', "CREATE TABLE x WITH (format = 'ORC') AS SELECT 1 AS a", 'NOT_SUPPORTED'],
    ['a delete', 'DELETE FROM x', ''],
  ])('%s fails with a reason', async (_what, text, words) => {
    const { reason } = await sql(text)
    expect(reason).toBeDefined()
    expect(reason).toContain(words)
    expect(reason).not.toMatch(/duckdb|Binder Error|Parser Error|InternalFailure|GENERIC_INTERNAL_ERROR|\n {4}at /i)
  })

  test('results cannot go where no bucket is', async () => {
    const { reason } = await runSql(lake, 'SELECT 1', { output: 's3://no-such-bucket-here/' })
    expect(reason).toContain('The S3 location provided to save your query results is invalid')
  })
})

const JSON_TABLE = (name: string, properties = '') =>
  `CREATE EXTERNAL TABLE ${name} (id int, page string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' ${properties} LOCATION 's3://${Bucket}/${name}/'`
const PARQUET_TABLE = (name: string) =>
  `CREATE EXTERNAL TABLE ${name} (id int, page string) STORED AS PARQUET LOCATION 's3://${Bucket}/${name}/'`
const CSV_TABLE = (name: string) =>
  `CREATE EXTERNAL TABLE ${name} (id int, page string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://${Bucket}/${name}/'`

const lines = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `{"id":${first + index},"page":"/home/${(index * 7919) % 1000}"}\n`).join(
    '',
  )
const good = gzipSync(lines(0, 1000))
const flipped = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

async function put(Key: string, Body: string | Buffer): Promise<void> {
  await lake.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
}

describe('a table over damaged objects names the object that is to blame', () => {
  test.each<[string, (name: string) => string, string, string | Buffer]>([
    ['gzip_short', JSON_TABLE, 'bad.gz', good.subarray(0, good.length - 400)],
    ['gzip_flipped', JSON_TABLE, 'bad.gz', flipped(good, 700)],
    ['gzip_none', JSON_TABLE, 'bad.gz', lines(0, 10)],
    ['gzip_zlib', JSON_TABLE, 'bad.gz', deflateSync(lines(0, 10))],
    ['gzip_tail', JSON_TABLE, 'bad.gz', Buffer.concat([good, Buffer.from('garbage that is no gzip')])],
    ['json_half', JSON_TABLE, 'bad.json', `${lines(0, 3)}{"id":4,"pa`],
    ['json_prose', JSON_TABLE, 'bad.json', `${lines(0, 3)}{this is no JSON}\n${lines(4, 3)}`],
    ['json_list', JSON_TABLE, 'bad.json', `[${lines(0, 1).trim()}]\n`],
    ['json_in_gzip', JSON_TABLE, 'bad.gz', gzipSync(`${lines(0, 3)}{"id":}\n`)],
    ['parquet_short', PARQUET_TABLE, 'bad.parquet', 'PAR1'],
    ['parquet_none', PARQUET_TABLE, 'bad.parquet', lines(0, 100)],
    [
      'parquet_empty_footer',
      PARQUET_TABLE,
      'bad.parquet',
      Buffer.from('PAR1\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000PAR1'),
    ],
    ['csv_no_gzip', CSV_TABLE, 'bad.gz', '1,/home\n'],
    ['csv_gzip_short', CSV_TABLE, 'bad.gz', gzipSync('1,/home\n'.repeat(100_000)).subarray(0, 200)],
  ])('%s', async (name, table, file, bytes) => {
    expect((await sql(table(name))).reason).toBeUndefined()
    if (table === JSON_TABLE) await put(`${name}/a-good.gz`, good)
    if (table === CSV_TABLE) await put(`${name}/a-good.gz`, gzipSync('1,/home\n'))
    await put(`${name}/${file}`, bytes)
    const { reason, execution } = await sql(`SELECT count(*), max(id), min(page) FROM ${name}`)
    expect(reason).toMatch(/^HIVE_(CURSOR_ERROR|BAD_DATA|CANNOT_OPEN_SPLIT)/)
    expect(reason).toContain(`s3://${Bucket}/${name}/${file}`)
    expect(reason).not.toMatch(/duckdb|read_json|read_csv|\/tmp\/|\/dev\/shm|\n {4}at /i)
    expect(execution.Status?.AthenaError?.ErrorCategory).toBe(2)
  })

  test('with ignore.malformed.json the lines that are whole are answered', async () => {
    await sql(JSON_TABLE('tolerant', "WITH SERDEPROPERTIES ('ignore.malformed.json'='true')"))
    await put('tolerant/a.json', `${lines(0, 3)}this is no JSON\n${lines(3, 3)}{"id":6,"pa`)
    const { rows, reason } = await sql('SELECT id FROM tolerant WHERE id IS NOT NULL ORDER BY id')
    expect(reason).toBeUndefined()
    expect(rows.map(([id]) => id)).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  test('a damaged object that the partition filter leaves out harms nobody', async () => {
    await sql(
      `CREATE EXTERNAL TABLE days (id int, page string) PARTITIONED BY (day string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://${Bucket}/days/'`,
    )
    await put('days/day=1/a.gz', good)
    await put('days/day=2/a.gz', good.subarray(0, 100))
    await sql('MSCK REPAIR TABLE days')
    expect((await sql("SELECT count(*) FROM days WHERE day = '1'")).rows).toEqual([['1000']])
    expect((await sql('SELECT count(*) FROM days')).reason).toContain(`s3://${Bucket}/days/day=2/a.gz`)
  })

  test('empty objects, folder marks and hidden names are no damage', async () => {
    await sql(JSON_TABLE('quiet'))
    for (const key of ['', 'empty.json', 'empty.gz', '_temporary/x.json', '.hidden', '_SUCCESS']) {
      await put(`quiet/${key}`, key.includes('x.json') || key === '.hidden' ? 'garbage' : '')
    }
    await put('quiet/empty-gzip.gz', gzipSync(''))
    await put('quiet/a.gz', good)
    expect((await sql('SELECT count(*) FROM quiet')).rows).toEqual([['1000']])
  })

  test('CSV lines with too few or too many cells are rows; a cell that does not fit its type fails as in Athena', async () => {
    await sql(CSV_TABLE('ragged'))
    await put('ragged/a.csv', '1,/home,extra\n2\n')
    const { rows, reason } = await sql('SELECT id, page FROM ragged')
    expect(reason).toBeUndefined()
    expect(rows).toEqual([
      ['1', '/home'],
      ['2', undefined],
    ])
    await put('ragged/b.csv', 'x,/cart\n')
    expect((await sql('SELECT id FROM ragged')).reason).toBe(
      'HIVE_BAD_DATA: Error parsing field value \'x\' for field 0: For input string: "x"',
    )
  })

  test('a location where nothing is has no rows', async () => {
    await sql(JSON_TABLE('nothing_there'))
    expect((await sql('SELECT count(*) FROM nothing_there')).rows).toEqual([['0']])
  })
})
