import { expect, test } from 'vitest'
import { resultLocation, statementKind } from '../../src/query/statement-kind.ts'
import { parseStatement } from '../../src/sql/parser/index.ts'

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
  expect(statementKind(parseStatement(sql))).toMatchObject({ type, subtype: substatement })
})

test.each([
  ['SELECT 1', 's3://b/out/id.csv'],
  ['EXPLAIN SELECT 1', 's3://b/out/id.txt'],
  ['SHOW TABLES', 's3://b/out/id.txt'],
  ['SHOW FUNCTIONS', 's3://b/out/id.csv'],
  ['CREATE TABLE t AS SELECT 1', 's3://b/out/tables/id'],
])('the result of %s is %s, whether or not the folder was given with its slash', (sql, location) => {
  for (const folder of ['s3://b/out', 's3://b/out/']) {
    expect(resultLocation(folder, 'id', statementKind(parseStatement(sql)))).toBe(location)
  }
})
