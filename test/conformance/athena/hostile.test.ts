/**
 * SQL that wants out: of its tables, of its memory, of its time. Each statement gets Athena's error or a right answer, the
 * next query is answered, and neither a file of the machine was read nor one made.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
/** Not of the lake: nobody may see what is in it. */
const SECRET = 'hidden-from-everybody'
const secretFile = join(directory.path, 'secret.csv')
const madeFile = join(directory.path, 'made.csv')
const ODD_KEY = 'odd/a*[b]{c,d}?\'"%20\\ü.json'

let lake: TestLake
beforeAll(async () => {
  writeFileSync(secretFile, `a,${SECRET}\n`)
  lake = await startLake(join(directory.path, 'lake'), ['--query-memory', '1GB'])
  for (const Bucket of ['lake', 'results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const put = (Key: string, Body: string) => lake.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body }))
  await put(ODD_KEY, '{"id":1}\n')
  await put('odd/ab.json.bak', '{"id":2}\n')
  expect(await answer('CREATE DATABASE d')).toBe('')
  for (const [name, location] of Object.entries({
    odd: 's3://lake/odd/',
    star: 's3://lake/*/',
    dots: 's3://lake/../../',
  }))
    expect(await answer(tableAt(name, location))).toBe('')
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

const tableAt = (name: string, location: string) =>
  `CREATE EXTERNAL TABLE d.${name} (id bigint) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION '${location}'`

async function start(QueryString: string): Promise<string> {
  const ResultConfiguration = { OutputLocation: 's3://results/' }
  const started = await lake.athena.send(new StartQueryExecutionCommand({ QueryString, ResultConfiguration }))
  return started.QueryExecutionId ?? ''
}

async function ended(QueryExecutionId: string): Promise<{ state: string; reason: string }> {
  for (;;) {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    const { State = '', StateChangeReason: reason = '' } = QueryExecution?.Status ?? {}
    if (State !== 'QUEUED' && State !== 'RUNNING') return { state: State, reason }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The rows without their header, cells joined by bars and rows by commas; or what was said instead. */
async function answer(sql: string): Promise<string> {
  let QueryExecutionId: string
  try {
    QueryExecutionId = await start(sql)
  } catch (error) {
    return `REFUSED ${error instanceof Error ? error.message : error}`
  }
  const { state, reason } = await ended(QueryExecutionId)
  if (state !== 'SUCCEEDED') return `${state} ${reason}`
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  const rows = (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map((cell) => cell.VarCharValue).join('|'))
  return rows.slice(1).join(',')
}

const many = (count: number, text: (index: number) => string, separator: string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator)

const HOSTILE: readonly (readonly [what: string, sql: string, answered: RegExp])[] = [
  // The engine's own statements.
  ['COPY to a file', `COPY (SELECT 1) TO '${madeFile}'`, /^REFUSED .*mismatched input 'COPY'/],
  ['ATTACH', `ATTACH '${madeFile}' AS x`, /^REFUSED .*mismatched input 'ATTACH'/],
  ['INSTALL', 'INSTALL httpfs', /^REFUSED .*mismatched input 'INSTALL'/],
  ['LOAD', 'LOAD httpfs', /^REFUSED .*mismatched input 'LOAD'/],
  ['PRAGMA', 'PRAGMA database_list', /^REFUSED .*mismatched input 'PRAGMA'/],
  ['SET', "SET memory_limit = '1TB'", /^(?:REFUSED|FAILED) /],
  ['EXPORT', `EXPORT DATABASE '${madeFile}'`, /^REFUSED .*mismatched input 'EXPORT'/],
  ['a macro', 'CREATE MACRO f() AS 1', /^REFUSED /],
  ['two statements', `SELECT 1; COPY (SELECT 1) TO '${madeFile}'`, /^REFUSED /],
  ['a statement behind a comment', `SELECT 1 -- \n; DROP DATABASE d`, /^REFUSED /],
  // Its functions and tables.
  ['read_csv in FROM', `SELECT * FROM read_csv('${secretFile}')`, /^REFUSED /],
  ['read_csv as a table function', `SELECT * FROM TABLE(read_csv('${secretFile}'))`, /^FAILED NOT_SUPPORTED/],
  ['read_text', `SELECT read_text('${secretFile}')`, /^FAILED FUNCTION_NOT_FOUND/],
  ['getenv', "SELECT getenv('PATH')", /^FAILED FUNCTION_NOT_FOUND/],
  ['current_setting', "SELECT current_setting('threads')", /^FAILED FUNCTION_NOT_FOUND/],
  ['a function of the lake', 'SELECT js_hll_empty()', /^FAILED FUNCTION_NOT_FOUND/],
  ['a macro of the lake', 'SELECT lake_java_number(1)', /^FAILED FUNCTION_NOT_FOUND/],
  ['a file as a table', `SELECT * FROM "${secretFile}"`, /^FAILED TABLE_NOT_FOUND|^FAILED SCHEMA_NOT_FOUND/],
  ["the engine's tables", 'SELECT * FROM duckdb_settings', /^FAILED (?:TABLE|SCHEMA)_NOT_FOUND/],
  ["the engine's catalog", 'SELECT * FROM pg_catalog.pg_tables', /^FAILED SCHEMA_NOT_FOUND/],
  ["the engine's column", 'SELECT lake_file FROM d.odd', /^FAILED COLUMN_NOT_FOUND/],
  // Names and texts.
  ['quotes in an alias', `SELECT 1 AS "a""b'c); DROP TABLE x; --"`, /^1$/],
  ['quotes in a text', `SELECT 'it''s'' || read_text(''x'')'`, /^it's' \|\| read_text\('x'\)$/],
  ['marks of failures in a text', "SELECT '⟦DIVISION_BY_ZERO⟧x⟦⟧'", /^⟦DIVISION_BY_ZERO⟧x⟦⟧$/],
  ['a NUL in a text', "SELECT length(U&'a\\0000b')", /^3$/],
  // Locations.
  ['an object with an odd name is one object', 'SELECT id FROM d.odd ORDER BY id', /^1,2$/],
  ['a star is no pattern', 'SELECT count(*) FROM d.star', /^0$/],
  ['dots do not lead upwards', 'SELECT count(*) FROM d.dots', /^0$/],
  ['a file as a location', tableAt('x', `file://${secretFile}`), /^(?:REFUSED|FAILED) /],
  ['a path as a location', tableAt('x', secretFile), /^(?:REFUSED|FAILED) /],
  // Sizes.
  ['a text of 200,000 characters', `SELECT length('${'x'.repeat(200_000)}')`, /^200000$/],
  ['10,000 brackets', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, /^(?:REFUSED|FAILED) /],
  ['5,000 nested calls', `SELECT ${'abs('.repeat(5_000)}1${')'.repeat(5_000)}`, /^(?:REFUSED|FAILED) /],
  [
    '500 nested subqueries',
    `SELECT * FROM ${'(SELECT * FROM '.repeat(500)}(SELECT 1)${')'.repeat(500)}`,
    /^1$|^(?:REFUSED|FAILED) /,
  ],
  ['a list of 20,000', `SELECT 19999 IN (${many(20_000, String, ', ')})`, /^true$/],
  ['a sum of 5,000', `SELECT ${many(5_000, () => '1', ' + ')}`, /^5000$|^(?:REFUSED|FAILED) /],
  ['an array of a billion', 'SELECT cardinality(sequence(1, 1000000000))', /^FAILED INVALID_FUNCTION_ARGUMENT/],
  ['a text of two billion', "SELECT length(rpad('', 2147483647, 'x'))", /^FAILED /],
  [
    'recursion without end',
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT count(*) FROM t',
    /^FAILED NOT_SUPPORTED/,
  ],
]

test.each(HOSTILE)('%s', async (_what, sql, answered) => {
  const said = await answer(sql)
  expect(said).toMatch(answered)
  expect(said).not.toContain(SECRET)
  expect(await answer('SELECT 1')).toBe('1')
  expect(existsSync(madeFile)).toBe(false)
})

const ROWS = 'UNNEST(sequence(1, 10000))'
const ENDLESS: readonly (readonly [what: string, sql: string])[] = [
  ['a product of a trillion rows', `SELECT sum(x * y % z) FROM ${ROWS} a(x), ${ROWS} b(y), ${ROWS} c(z)`],
  ['a regular expression that tries everything', `SELECT regexp_like('${'a'.repeat(60)}!', '^(a+)+\\1b$')`],
]

test.each(ENDLESS)('%s is stopped within moments and harms no other query', async (_what, sql) => {
  const id = await start(sql)
  for (;;) {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    if (QueryExecution?.Status?.State === 'RUNNING') break
  }
  expect(await answer('SELECT 1')).toBe('1')
  await lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
  expect(await ended(id)).toEqual({ state: 'CANCELLED', reason: 'Query cancelled by user' })
  expect(await answer('SELECT 1')).toBe('1')
})

test('a query that needs more memory than there is fails alone', async () => {
  const bomb = start(
    `SELECT cardinality(array_agg(x + y)) FROM ${ROWS} a(x), ${ROWS} b(y), UNNEST(sequence(1, 2)) c(z)`,
  )
  expect(await answer('SELECT 1')).toBe('1')
  const { state, reason } = await ended(await bomb)
  expect(state).toBe('FAILED')
  expect(reason).toMatch(/^EXCEEDED_LOCAL_MEMORY_LIMIT/)
  expect(await answer('SELECT 1')).toBe('1')
})
