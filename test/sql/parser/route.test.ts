import { expect, test } from 'vitest'
import { parseStatement, route, statementType } from '../../../src/sql/parser/index.ts'

const HIVE = [
  'create external table t (a int)',
  'CREATE TABLE t (a int) STORED AS PARQUET',
  "CREATE TABLE t (a int) ROW FORMAT DELIMITED NULL DEFINED AS ''",
  'CREATE DATABASE d',
  'CREATE SCHEMA d',
  'DROP TABLE t',
  'DROP SCHEMA d',
  "ALTER TABLE t SET LOCATION 's3://b/'",
  'MSCK REPAIR TABLE t',
  'SHOW TABLES',
  'SHOW CREATE TABLE t',
  'DESC t',
  '-- why\n/* and */ DESCRIBE t',
]
const TRINO = [
  'SELECT 1',
  '(SELECT 1)',
  'WITH a AS (SELECT 1) TABLE a',
  'CREATE TABLE t AS SELECT 1',
  "CREATE TABLE t WITH (format = 'ORC') AS (SELECT 1)",
  'CREATE VIEW v AS SELECT 1',
  'CREATE OR REPLACE VIEW v AS SELECT 1',
  'DROP VIEW v',
  'SHOW CREATE VIEW v',
  'SHOW FUNCTIONS',
  'EXPLAIN SELECT 1',
  'INSERT INTO t SELECT 1',
  '',
]

test.each(HIVE)("%s is read by Hive's grammar", (sql) => {
  expect(route(sql)).toBe('hive')
})

test.each(TRINO)("%s is read by Trino's grammar", (sql) => {
  expect(route(sql)).toBe('trino')
})

const TYPES: readonly (readonly [sql: string, type: string, substatement: string])[] = [
  ['VALUES 1', 'DML', 'SELECT'],
  ['EXPLAIN ANALYZE SELECT 1', 'DML', 'EXPLAIN'],
  ['INSERT INTO t SELECT 1', 'DML', 'INSERT'],
  ["UNLOAD (SELECT 1) TO 's3://b/' WITH (format = 'JSON')", 'DML', 'UNLOAD'],
  ['CREATE TABLE t AS SELECT 1', 'DDL', 'CREATE_TABLE_AS_SELECT'],
  ["CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/'", 'DDL', 'CREATE_TABLE'],
  ['DROP DATABASE d', 'DDL', 'DROP_DATABASE'],
  ["ALTER TABLE t ADD PARTITION (a='1')", 'DDL', 'ALTER_TABLE_ADD_PARTITION'],
  ['MSCK REPAIR TABLE t', 'DDL', 'MSCK_REPAIR'],
  ['SHOW PARTITIONS t', 'UTILITY', 'SHOW_PARTITIONS'],
  ['SHOW CREATE VIEW v', 'UTILITY', 'SHOW_CREATE_VIEW'],
  ['DESCRIBE t', 'UTILITY', 'DESCRIBE_TABLE'],
]

test.each(TYPES)('%s is reported as %s %s', (sql, type, substatement) => {
  expect(statementType(parseStatement(sql))).toEqual({ statementType: type, substatementType: substatement })
})
