import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SqlFailure } from '../../../src/sql/failure.ts'
import { NESTING_MAX, parseExpression, parseStatement } from '../../../src/sql/parser/index.ts'
import { codePoint } from '../../support/code-point.ts'

/** Athena takes no longer statement. */
const CHARACTERS_MAX = 262_144
/** How often `text` stands in the longest statement there is. */
const timesMax = (text: string) => Math.floor((CHARACTERS_MAX - 'DROP TABLE 1'.length) / text.length)

const TOO_LARGE = 'statement is too large (stack overflow while parsing)'

const NESTED: readonly (readonly [before: string, after: string])[] = [
  ['(', ')'],
  ['- ', ''],
  ['NOT ', ''],
  ['f(', ')'],
  ['x -> ', ''],
  ['ARRAY[', ']'],
  ['CASE WHEN ', ' THEN 1 END'],
  ['(SELECT ', ')'],
  ['CAST(', ' AS int)'],
  ['ROW(', ')'],
  ['a[', ']'],
  ['position(', ', 1)'],
  ['substring(', ', 1)'],
  ['trim(', ')'],
  ['x IN (', ')'],
  ['JSON_ARRAY(', ')'],
  ['EXISTS (SELECT * FROM (SELECT ', '))'],
]

test.each(NESTED)('%s…%s nests deep, and too deep is said so, even in the longest statement', (before, after) => {
  const nested = (levels: number) => `SELECT ${before.repeat(levels)}1${after.repeat(levels)}`
  expect(parseStatement(nested(NESTING_MAX / 5)).kind).toBe('QueryStatement')
  expect(() => parseStatement(nested(NESTING_MAX + 1))).toThrowError(TOO_LARGE)
  expect(() => parseStatement(nested(timesMax(before + after)))).toThrowError(TOO_LARGE)
})

const CHAINS = [' + x', '[1]', '.a', " AT TIME ZONE 'UTC'", ' EXCEPT SELECT x', ' FROM t CROSS JOIN t'.slice(7)]

test.each(CHAINS.slice(0, 5))('operators in a row make no tree that is too high to read: x%s', (link) => {
  expect(parseStatement(`SELECT x${link.repeat(NESTING_MAX - 5)}`).kind).toBe('QueryStatement')
  expect(() => parseStatement(`SELECT x${link.repeat(NESTING_MAX + 5)}`)).toThrowError(TOO_LARGE)
})

test.each([
  ' OR x',
  ' AND x',
  ' OR x = 1',
  ' AND NOT x < 2 * 3',
  ' OR x IN (1) AND y',
  ' || x',
  ' UNION ALL SELECT x',
  ', x',
])('lists may be as long as a statement: x%s', (link) => {
  expect(parseStatement(`SELECT x${link.repeat(timesMax(link))}`).kind).toBe('QueryStatement')
})

test('brackets in front of a query are counted once each, not once for every pair', () => {
  const depth = NESTING_MAX / 4
  const sql = `${'('.repeat(depth)}SELECT 1${') UNION SELECT 2'.repeat(depth)}`
  expect(parseStatement(sql).kind).toBe('QueryStatement')
})

/** What is opened and closed by the same mark stays open after an odd number of them. */
const timesOdd = (text: string) => timesMax(text) - ((timesMax(text) + 1) % 2)

const NEVER_CLOSED = [
  '/*',
  "'",
  '"',
  '`',
  "U&'",
  "X'",
  "DROP TABLE '\\",
  "DROP TABLE t '\\'",
  '{-',
  '->',
  '(SELECT',
  '((',
  'a.',
]

test.each(NEVER_CLOSED)(
  'what is opened as often as a statement has room for and never closed is refused without delay: %s',
  (open) => {
    expect(outcome(() => parseStatement(`SELECT ${open.repeat(timesOdd(open))}`))).toBe('refusal')
    expect(outcome(() => parseStatement(`DROP TABLE ${open.repeat(timesOdd(open))}`))).toBe('refusal')
  },
)

const WORDS =
  `SELECT FROM WHERE GROUP BY ORDER HAVING WINDOW LIMIT OFFSET FETCH FIRST ROWS ONLY WITH TIES UNION INTERSECT
  EXCEPT ALL DISTINCT VALUES TABLE JOIN LEFT CROSS NATURAL ON USING UNNEST LATERAL ORDINALITY TABLESAMPLE MATCH_RECOGNIZE
  PATTERN DEFINE AS a b "c" 'd' 1 1.5 1e3 X'00' U&'x' ? ( ) [ ] , . ; + - * / % || = <> < > -> => : AND OR NOT IN LIKE IS
  NULL BETWEEN EXISTS CASE WHEN THEN ELSE END CAST TRY_CAST ROW ARRAY INTERVAL DAY TO DATE TIMESTAMP AT TIME ZONE OVER
  PARTITION RANGE CURRENT FILTER IGNORE NULLS LISTAGG WITHIN TRIM BOTH POSITION SUBSTRING EXTRACT JSON_VALUE JSON_OBJECT
  KEY VALUE RETURNING FORMAT JSON DEFAULT EMPTY ERROR GROUPING SETS CUBE ROLLUP CREATE EXTERNAL VIEW DATABASE DROP ALTER
  ADD COLUMNS SHOW TABLES DESCRIBE MSCK REPAIR INSERT INTO UNLOAD EXPLAIN PREPARE EXECUTE \`e\` STRUCT ARRAY INT STRING
  COMMENT PARTITIONED STORED LOCATION TBLPROPERTIES SERDE DELIMITED FIELDS TERMINATED /* */ -- ' " \``.split(/\s+/)

const BEGINNINGS = [
  'SELECT',
  'SELECT a FROM',
  'CREATE EXTERNAL TABLE t (',
  'ALTER TABLE t',
  'SHOW',
  'CREATE TABLE t',
  '',
]

test('any soup of words becomes a tree or a refusal, never anything else', () => {
  const soup = fc.tuple(fc.constantFrom(...BEGINNINGS), fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }))
  fc.assert(
    fc.property(soup, ([beginning, words]) => {
      expect(outcome(() => parseStatement([beginning, ...words].join(' ')))).toMatch(/^(tree|refusal)$/)
    }),
    { numRuns: 2_000 },
  )
})

test('any text at all becomes a tree or a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint, maxLength: 60 }), (text) => {
      expect(outcome(() => parseStatement(text))).toMatch(/^(tree|refusal)$/)
      expect(outcome(() => parseExpression(text))).toMatch(/^(tree|refusal)$/)
    }),
    { numRuns: 300 },
  )
})

function outcome(parse: () => unknown): string {
  try {
    parse()
    return 'tree'
  } catch (failure) {
    return failure instanceof SqlFailure ? 'refusal' : String(failure)
  }
}
