import { describe, expect, test } from 'vitest'
import { analyseExpression } from '../../../src/sql/analyser/index.ts'
import { parseExpression } from '../../../src/sql/parser/index.ts'
import { casesIn } from './case-files.ts'
import { analysed, lake, outputText, refusal } from './lake.ts'
import { brokenRules } from './tree-rules.ts'
import { expressionText, treeText } from './tree-text.ts'

describe('a query becomes the tree that says what it means', () => {
  test.each(casesIn('trees.txt'))('$name', ({ sql, expected }) => {
    const query = analysed(sql)
    expect(treeText(query)).toBe(expected)
    expect(brokenRules(query)).toEqual([])
  })
})

describe('columns come out with the types that Trino gives them', () => {
  test.each(casesIn('output-types.txt'))('$sql', ({ sql, expected }) => {
    const query = analysed(sql)
    expect(outputText(query)).toBe(expected)
    expect(brokenRules(query)).toEqual([])
  })
})

describe('what makes no sense is refused with code, place and words', () => {
  test.each(casesIn('refusals.txt'))('$sql', ({ sql, expected }) => {
    expect(refusal(sql)).toBe(expected)
  })
})

test('the same query gives the same tree every time', () => {
  const sql = 'SELECT page, count(*) FROM events GROUP BY page ORDER BY 2'
  expect(analysed(sql)).toEqual(analysed(sql))
})

test.each([
  ['SELECT 1', true],
  ['SELECT page FROM events', true],
  ['SELECT now()', false],
  ['SELECT random()', false],
  ['SELECT * FROM users ORDER BY uuid()', false],
  ['SELECT * FROM users TABLESAMPLE BERNOULLI (10)', false],
  ['SELECT CURRENT_DATE', false],
])('%s: may its result be reused? %s', (sql, deterministic) => {
  expect(analysed(sql).deterministic).toBe(deterministic)
})

test('question marks take their values in order, typed as written', () => {
  const parameters = ["'2024'", '5', "DATE '2024-01-01'"].map(parseExpression)
  const query = analysed('SELECT ? AS y, ? AS n, ? AS d LIMIT 7', lake({ parameters }))
  expect(outputText(query)).toBe('y varchar(4), n integer, d date')
})

test('a limit may be a parameter', () => {
  const query = analysed('SELECT page FROM events LIMIT ?', lake({ parameters: [parseExpression('7')] }))
  expect(treeText(query).split('\n')[0]).toBe('limit 7')
})

test('an unqualified table needs a schema', () => {
  expect(refusal('SELECT * FROM events', lake({ schema: undefined }))).toBe(
    'SCHEMA_NOT_FOUND: line 1:15: Schema must be specified when session schema is not set',
  )
  expect(outputText(analysed('SELECT user_id FROM web.users', lake({ schema: undefined })))).toBe('user_id integer')
})

test('a view reads tables in the schema it was made in, whatever the session uses', () => {
  const elsewhere = lake({ schema: 'other', hasSchema: () => true })
  expect(outputText(analysed('SELECT * FROM web.home_events', elsewhere))).toBe(
    'event_id varchar, user_id bigint, year varchar',
  )
})

test('constants are analysed alone, and see no columns', () => {
  expect(expressionText(analyseExpression(parseExpression("1 + BIGINT '2'"), lake()))).toBe('(1::bigint + 2:bigint)')
  expect(() => analyseExpression(parseExpression('page'), lake())).toThrow("Column 'page' cannot be resolved")
})

const DEEP: Readonly<Record<string, (depth: number) => string>> = {
  sums: (depth) => `SELECT ${Array(depth).fill('1').join(' + ')}`,
  calls: (depth) => `SELECT ${'abs('.repeat(depth)}1${')'.repeat(depth)}`,
  cases: (depth) => `SELECT ${'CASE WHEN true THEN '.repeat(depth)}1${' END'.repeat(depth)}`,
  subqueries: (depth) => `SELECT * FROM ${'(SELECT * FROM '.repeat(depth)}users${')'.repeat(depth)}`,
  unions: (depth) => Array(depth).fill('SELECT 1').join(' UNION ALL SELECT 2 UNION '),
  groups: (depth) => {
    const long = Array(depth).fill('page').join(' || ')
    return `SELECT max(${long}), ${long} FROM events GROUP BY ${long}`
  },
}

test.each(Object.entries(DEEP))('deep %s are analysed or refused, never a stack overflow', (_name, statement) => {
  for (const depth of [50, 120, 450, 5000]) {
    try {
      expect(brokenRules(analysed(statement(depth)))).toEqual([])
    } catch (failure) {
      expect(failure).toMatchObject({ name: 'SqlFailure' })
    }
  }
})
