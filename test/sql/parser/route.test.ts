import { expect, test } from 'vitest'
import { route } from '../../../src/sql/parser/index.ts'

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
