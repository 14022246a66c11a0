import { expect, test } from 'vitest'
import { failureOf } from '../../../src/engine/duckdb/failures.ts'
import { DuckDbError } from '../../../src/engine/duckdb/pool.ts'

const locations = new Map([
  ['/local/1.json', 's3://lake/a.json'],
  ['/local/2.json', 's3://lake/b.json'],
])

test.each([
  [
    'Invalid Input Error: Malformed JSON in file "/local/2.json", at byte 8 in line 2: unexpected content after document. ',
    'HIVE_CURSOR_ERROR',
    /^Row is not a valid JSON Object - JSONException: unexpected content after document\. at byte 8 of line 2 of s3:\/\/lake\/b\.json$/,
  ],
  [
    'Invalid Input Error: JSON transform error in file "/local/1.json", in line 3: Failed to cast value',
    'HIVE_BAD_DATA',
    /line 3 of s3:\/\/lake\/a\.json/,
  ],
  ['IO Error: Input is not a GZIP stream: /local/1.json', 'HIVE_CURSOR_ERROR', /s3:\/\/lake\/a\.json/],
  ['Out of Memory Error: could not allocate block', 'EXCEEDED_LOCAL_MEMORY_LIMIT', /memory limit/],
  [
    'Conversion Error: Could not convert string ⟦DIVISION_BY_ZERO⟧Division by zero⟦⟧ to INT32',
    'DIVISION_BY_ZERO',
    /^Division by zero$/,
  ],
])('%s', (text, code, message) => {
  expect(failureOf(new DuckDbError(text), locations)).toMatchObject({ code, message: expect.stringMatching(message) })
})

test('what is nobody’s fault is left to the caller', () => {
  expect(failureOf(new DuckDbError('Binder Error: nonsense'), locations)).toBeUndefined()
  expect(failureOf(new Error('bug'), locations)).toBeUndefined()
})
