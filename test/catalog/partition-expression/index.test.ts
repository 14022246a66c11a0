import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePartitionExpression } from '../../../src/catalog/partition-expression/index.ts'
import { Refusal } from '../../../src/platform/refusal.ts'

const keys = [
  { name: 'landing-date', type: 'string' },
  { name: 'year', type: 'string' },
  { name: 'n', type: 'int' },
  { name: 'price', type: 'decimal(10,2)' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'ratio', type: 'float' },
]
const partition = ['2026-01-15', '2026', '7', '12.50', '2026-01-15', '2026-01-15 10:00:00.5', '1.5']

const judgements: readonly (readonly [string, boolean])[] = [
  ['', true],
  ['   ', true],
  [`"landing-date" = '2026-01-15'`, true],
  [`\`landing-date\` >= '2026-01-16'`, false],
  [`((landing-date = '2026-01-15')) AND (n = 7)`, true],
  [`Landing-Date IN ('2026-01-16')`, false],
  [`year = 2026`, true],
  [`YEAR = '2026'`, true],
  [`year > '3'`, false],
  [`year > 100`, true],
  [`n = 7`, true],
  [`n = '07'`, true],
  [`n > 10`, false],
  [`n < 10`, true],
  [`n != 7`, false],
  [`n <> 8`, true],
  [`n BETWEEN 5 AND 7`, true],
  [`n not between 5 and 7`, false],
  [`n IN (1, 2, '7')`, true],
  [`n NOT IN (1, 2)`, true],
  [`price = 12.5`, true],
  [`price > 12.49 AND price < 12.51`, true],
  [`day = '2026-01-15'`, true],
  [`day < '2026-02-01'`, true],
  [`at = '2026-01-15 10:00:00.500'`, true],
  [`at > '2026-01-15 10:00:00'`, true],
  [`year LIKE '20%'`, true],
  [`year LIKE '2_2'`, false],
  [`year NOT LIKE '19%'`, true],
  [`year = '1999' OR n = 7 AND price > 1`, true],
  [`(year = '1999' OR n = 7) AND price > 100`, false],
  [`NOT (year = '1999')`, true],
  [`((n)) = (7)`, true],
  [`(n = 7)`, true],
  [`n IS NULL`, false],
  [`n IS NOT NULL`, true],
]

/** A blank expression keeps every partition. */
function keeps(expression: string, values: readonly string[], of: typeof keys = keys): boolean {
  return parsePartitionExpression(expression, of)?.matches(values) ?? true
}

test.each(judgements)('%s', (expression, isKept) => {
  expect(keeps(expression, partition)).toBe(isKept)
})

const refusals: readonly (readonly [string, string])[] = [
  [`nope = 1`, 'Invalid partition expression!'],
  [`n = 'x'`, "'x' is not an integer"],
  [`n IN (1, 'two')`, "'two' is not an integer"],
  [`price = 'x'`, "'x' is not a decimal"],
  [`day = '2026-02-30'`, "'2026-02-30' is not a date"],
  [`at = '2026-01-15'`, "'2026-01-15' is not a timestamp"],
  [`n LIKE '1%'`, "Integral data type doesn't support operation 'LIKE'"],
  [`price LIKE '1%'`, "Decimal data type doesn't support operation 'LIKE'"],
  [`day LIKE '1%'`, "Date data type doesn't support operation 'LIKE'"],
  [`at LIKE '1%'`, "Timestamp data type doesn't support operation 'LIKE'"],
  [`ratio = 1.5`, "Unknown type : 'float'"],
  [`taking-date = '2026-01-15'`, "Unsupported expression 'taking-date = '2026-01-15''"],
  [`n-1 = 6`, "Unsupported expression 'n-1 = 6'"],
  [`year`, "Unsupported expression 'year'"],
  [`year = `, "Unsupported expression 'year = '"],
  [`year = '2026`, "Unsupported expression 'year = '2026'"],
  [`year = 2026 AND`, "Unsupported expression 'year = 2026 AND'"],
  [`substr(year, 1) = 2`, "Unsupported expression 'substr(year, 1) = 2'"],
  [`n + 1 = 8`, "Unsupported expression 'n + 1 = 8'"],
]

test.each(refusals)('%s is refused in AWS’s words', (expression, message) => {
  expect(() => parsePartitionExpression(expression, keys)).toThrow(new Refusal('invalidPartitionExpression', message))
})

test('a stored value that does not fit the type of its key is told apart from a wrong expression', () => {
  const outcome = () => keeps('n > 1', ['2026-01-15', '2026', 'seven', '1', '2026-01-15', '', ''])
  expect(outcome).toThrow(
    expect.objectContaining({ code: 'partitionValueMismatch', message: "'seven' is not an integer" }),
  )
})

test('the partition of NULL matches IS NULL and no comparison, negated or not', () => {
  const ofNull = ['x', 'y', '__HIVE_DEFAULT_PARTITION__', '1', '2026-01-15', '', '']
  const isKept = (expression: string) => keeps(expression, ofNull)
  expect([isKept('n IS NULL'), isKept('n = 1'), isKept('NOT n = 1'), isKept("n = 1 OR year = 'y'")]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('any text is judged or refused, never a crash', () => {
  const pieces = fc.constantFrom(
    'n',
    'year',
    '=',
    '<',
    '(',
    ')',
    'AND',
    'OR',
    'NOT',
    'IN',
    "'a'",
    '1',
    ',',
    'LIKE',
    'IS',
    'NULL',
    'BETWEEN',
    '"',
    "'",
    '-',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 12 }).map((words) => words.join(' ')),
      ),
      (text) => {
        try {
          expect(typeof keeps(text, partition)).toBe('boolean')
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('integers compare as integers for every pair', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
      (a, b) => {
        expect(keeps(`n < '${b}'`, [String(a)], [{ name: 'n', type: 'bigint' }])).toBe(a < b)
      },
    ),
  )
})
