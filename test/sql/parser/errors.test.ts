import { expect, test } from 'vitest'
import { failureText, SqlFailure } from '../../../src/sql/failure.ts'
import { HiveParseException, parseExpression, parseQuery, parseStatement } from '../../../src/sql/parser/index.ts'

function refusal(parse: () => unknown): SqlFailure {
  try {
    parse()
  } catch (failure) {
    if (failure instanceof SqlFailure) return failure
    throw failure
  }
  throw new Error('was not refused')
}

const STATEMENT =
  "'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', " +
  "'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', " +
  "'SET', 'SHOW', 'START', 'TRUNCATE', 'UNLOAD', 'UPDATE', 'USE', <query>"
const OPERATORS = "'%', '*', '+', ',', '-', '.', '/', 'AND', "
const AFTER_TABLE =
  "',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', 'INTERSECT', 'JOIN', 'LEFT', " +
  "'LIMIT', 'MATCH_RECOGNIZE', 'NATURAL', 'OFFSET', 'ORDER', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', " +
  '<EOF>, <identifier>'
const RELATION = "'(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>"

const TRINO: readonly (readonly [sql: string, reason: string])[] = [
  ['SELEC 1', `line 1:1: mismatched input 'SELEC'. Expecting: ${STATEMENT}`],
  ['', `line 1:1: mismatched input '<EOF>'. Expecting: ${STATEMENT}`],
  ['  \n @x', `line 2:2: mismatched input '@'. Expecting: ${STATEMENT}`],
  ['SELECT', "line 1:7: mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"],
  ['SELECT a,\nFROM t', "line 2:1: mismatched input 'FROM'. Expecting: '*', <expression>"],
  ['SELECT a FROM ', `line 1:15: mismatched input '<EOF>'. Expecting: ${RELATION}`],
  ["SELECT a FROM 'x'", `line 1:15: mismatched input ''x''. Expecting: ${RELATION}`],
  ["SELECT a FROM 'x", `line 1:15: mismatched input '''. Expecting: ${RELATION}`],
  ['SELECT a FROM (', `line 1:16: mismatched input '<EOF>'. Expecting: ${RELATION}, <query>`],
  ['SELECT a FROM web-logs', `line 1:18: mismatched input '-'. Expecting: ${AFTER_TABLE}`],
  ['SELECT a FROM t WHERE', "line 1:22: mismatched input '<EOF>'. Expecting: <expression>"],
  ['SELECT a FROM t WHERE b = ', "line 1:27: mismatched input '<EOF>'. Expecting: 'ALL', 'ANY', 'SOME', <expression>"],
  ['SELECT a FROM t LIMIT 1 WHERE b', "line 1:25: mismatched input 'WHERE'. Expecting: <EOF>"],
  ['SELECT a FROM t ORDER BY a LIMIT x', "line 1:34: mismatched input 'x'. Expecting: '?', 'ALL', <integer>"],
  [
    'SELECT a FROM t ORDER BY a GROUP BY b',
    `line 1:28: mismatched input 'GROUP'. Expecting: ${OPERATORS}'ASC', 'AT', 'DESC', 'FETCH', 'LIMIT', 'NULLS', 'OFFSET', 'OR', '[', '||', <EOF>, <predicate>`,
  ],
  ['SELECT count(*) FILTER (a)', "line 1:25: mismatched input 'a'. Expecting: 'WHERE'"],
  [
    'SELECT count(, a)',
    "line 1:14: mismatched input ','. Expecting: ')', '*', 'ALL', 'DISTINCT', 'ORDER', <expression>",
  ],
  ['SELECT CAST(a AS)', "line 1:17: mismatched input ')'. Expecting: <type>"],
  ['SELECT CAST(a AS char())', "line 1:23: mismatched input ')'. Expecting: <integer>, <type>"],
  ['SELECT sum(a) OVER (ROWS UNBOUNDED)', "line 1:35: mismatched input ')'. Expecting: 'FOLLOWING', 'PRECEDING'"],
  ['SELECT a FROM t TABLESAMPLE BERNOULLI 10', "line 1:39: mismatched input '10'. Expecting: '('"],
  ['SELECT EXISTS (a)', "line 1:16: mismatched input 'a'. Expecting: <query>"],
  ['SELECT lag(a) IGNORE NULLS FROM t', "line 1:28: mismatched input 'FROM'. Expecting: 'OVER'"],
  ['SELECT a FROM t JOIN s', `line 1:23: mismatched input '<EOF>'. Expecting: ${joinExpectations()}`],
  ['SELECT `a` FROM t', 'line 1:8: backquoted identifiers are not supported; use double quotes to quote identifiers'],
  [
    'SELECT a FROM 2024_logs',
    'line 1:15: identifiers must not start with a digit; surround the identifier with double quotes',
  ],
  ['SELECT a AS "" FROM t', 'line 1:13: Zero-length delimited identifier not allowed'],
  ['SELECT 9223372036854775808', 'line 1:8: Invalid numeric literal: 9223372036854775808'],
  ["SELECT X'0g'", 'line 1:8: Binary literal can only contain hexadecimal digits'],
  ["SELECT X'0'", 'line 1:8: Binary literal must contain an even number of digits'],
  ["SELECT U&'\\00'", 'line 1:8: Incomplete escape sequence: \\00'],
  ["SELECT U&'\\zzzz'", 'line 1:8: Invalid hexadecimal digit: z'],
  ["SELECT INTERVAL '1' DAY TO YEAR", 'line 1:8: Invalid interval qualifier: DAY TO YEAR'],
  ['SELECT EXTRACT(fortnight FROM a)', 'line 1:8: Invalid EXTRACT field: fortnight'],
  ['SELECT if(a)', "line 1:8: Invalid number of arguments for 'if' function"],
  ['SELECT coalesce(a)', "line 1:8: The 'coalesce' function must have at least two arguments"],
  ['SELECT try(a) OVER ()', "line 1:8: OVER clause not valid for 'try' function"],
  [
    'CREATE',
    "line 1:7: mismatched input '<EOF>'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'",
  ],
  [
    'DROP x',
    "line 1:6: mismatched input 'x'. Expecting: 'CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'",
  ],
  ['INSERT t SELECT 1', "line 1:8: mismatched input 't'. Expecting: 'INTO'"],
  ['UNLOAD SELECT 1', "line 1:8: mismatched input 'SELECT'. Expecting: '('"],
]

function joinExpectations(): string {
  return AFTER_TABLE.replace("',', ", '')
    .replace("'EXCEPT', 'FETCH', ", '')
    .replace("'GROUP', 'HAVING', ", '')
    .replace("'INTERSECT', ", '')
    .replace("'LIMIT', ", '')
    .replace("'OFFSET', 'ORDER', ", "'ON', ")
    .replace("'UNION', 'WHERE', 'WINDOW', <EOF>", "'USING'")
}

test.each(TRINO)('%j is refused with its place and what could have stood there', (sql, reason) => {
  expect(failureText(refusal(() => parseStatement(sql)))).toBe(`SYNTAX_ERROR: ${reason}`)
})

const HIVE: readonly (readonly [sql: string, reason: string])[] = [
  ['DROP TABLE "t"', 'line 1:12: no viable alternative at input \'DROP TABLE "t"\''],
  ['DESCRIBE "d".t', 'line 1:10: no viable alternative at input \'DESCRIBE "d"\''],
  ["SHOW CREATE TABLE 't'", "line 1:19: no viable alternative at input 'SHOW CREATE TABLE 't''"],
  [
    'CREATE EXTERNAL TABLE t (a integer)',
    "line 1:28: no viable alternative at input 'CREATE EXTERNAL TABLE t (a integer'",
  ],
  ['CREATE EXTERNAL TABLE t (date date)', "line 1:26: no viable alternative at input 'CREATE EXTERNAL TABLE t (date'"],
  ['CREATE EXTERNAL TABLE _t (a int)', "line 1:23: no viable alternative at input 'CREATE EXTERNAL TABLE _'"],
  [
    'CREATE EXTERNAL TABLE t (a array<int)',
    "line 1:37: no viable alternative at input 'CREATE EXTERNAL TABLE t (a array<int)'",
  ],
  ['ALTER TABLE t FROB', "line 1:15: no viable alternative at input 'ALTER TABLE t FROB'"],
  ['MSCK REPAIR TABLE t now', "line 1:21: mismatched input 'now' expecting <EOF>"],
]

test.each(HIVE)('%j is refused in the manner of DDL', (sql, reason) => {
  expect(failureText(refusal(() => parseStatement(sql)))).toBe(`SYNTAX_ERROR: ${reason}`)
})

test('a block comment inside DDL gets past the front and fails in Hive', () => {
  const failure = refusal(() => parseStatement('DROP TABLE /* old */ t'))
  expect(failure).toBeInstanceOf(HiveParseException)
  expect(failure.message).toBe("FAILED: ParseException line 1:11 cannot recognize input near '/' '*' 'old'")
})

test.each(['SELECT 1; SELECT 2', 'DROP TABLE a; DROP TABLE b'])('%j is two statements, and one is allowed', (sql) => {
  expect(refusal(() => parseStatement(sql)).message).toBe(`Only one sql statement is allowed. Got: ${sql}`)
})

test.each([
  'SET SESSION a = 1',
  'CALL p()',
  'GRANT SELECT ON t TO u',
  'SHOW CATALOGS',
  'START TRANSACTION',
  'USE d',
  'CREATE ROLE r',
  'EXPLAIN DROP TABLE t',
])('%j is known and not run', (sql) => {
  const failure = refusal(() => parseStatement(sql))
  expect([failure.code, failure.message]).toEqual(['NOT_SUPPORTED', 'Queries of this type are not supported'])
})

test.each([
  ['CREATE OR REPLACE TABLE t AS SELECT 1', 'CREATE OR REPLACE TABLE is not supported'],
  ['CREATE TABLE t LIKE s', 'CREATE TABLE LIKE is not supported'],
  ["USING EXTERNAL FUNCTION f(x int) RETURNS int LAMBDA 'f' SELECT f(1)", 'USING EXTERNAL FUNCTION is not supported'],
  [
    'CREATE TABLE t (a int) PARTITIONED BY (bucket(4, a))',
    'partitioning by columns without a type or by transforms (Iceberg) is not supported',
  ],
  ['ALTER TABLE t RENAME TO s', 'ALTER TABLE RENAME is not supported'],
  ['CREATE MATERIALIZED VIEW v AS SELECT 1', 'CREATE MATERIALIZED VIEW is not supported'],
])('%j is refused by name', (sql, message) => {
  const failure = refusal(() => parseStatement(sql))
  expect([failure.code, failure.message]).toEqual(['NOT_SUPPORTED', message])
})

test('an expression alone ends where it ends', () => {
  expect(refusal(() => parseExpression('1 + 2 x')).message).toBe(
    "mismatched input 'x'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>",
  )
  expect(refusal(() => parseExpression('')).message).toBe("mismatched input '<EOF>'. Expecting: <expression>")
})

test('a view keeps a query, not a statement', () => {
  expect(refusal(() => parseQuery('DROP TABLE t')).message).toBe("mismatched input 'DROP'. Expecting: <query>")
})
