import { expect, test } from 'vitest'
import { languageFailure } from '../../../src/engine/duckdb/failure-text.ts'

const CASES: readonly (readonly [string, string, string])[] = [
  [
    "Conversion Error: Could not convert string '⟦DIVISION_BY_ZERO⟧Division by zero⟦⟧' to INT32\n\nLINE 1: …",
    'DIVISION_BY_ZERO',
    'Division by zero',
  ],
  ['Invalid Input Error: ⟦INVALID_FUNCTION_ARGUMENT⟧Empty key⟦⟧', 'INVALID_FUNCTION_ARGUMENT', 'Empty key'],
  [
    'Out of Range Error: Overflow in addition of INT64 (1 + 2)!',
    'NUMERIC_VALUE_OUT_OF_RANGE',
    'bigint addition overflow: 1 + 2',
  ],
  [
    'Out of Range Error: Overflow in addition of DECIMAL(38) (1 + 2);',
    'NUMERIC_VALUE_OUT_OF_RANGE',
    'Decimal overflow',
  ],
  [
    'Invalid Input Error: More than one row returned by a subquery used as an expression',
    'SUBQUERY_MULTIPLE_ROWS',
    'Scalar sub-query has returned multiple rows',
  ],
]

test.each(CASES)('%s', (text, code, message) => {
  expect(languageFailure(text)).toMatchObject({ code, message })
})

test('what is no failure of an expression is left to others', () => {
  expect(languageFailure('IO Error: No files found')).toBeUndefined()
})
