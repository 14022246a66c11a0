import { expect, test } from 'vitest'
import { withNarrowDecimals } from '../../../src/engine/duckdb/narrow-decimals.ts'

const OVERFLOW = 'Out of Range Error: Overflow in multiplication of DECIMAL(18) (1 * 2)'

/** What was run, and what came of it. */
async function asked(text: string, failure: string | undefined) {
  const run: string[] = []
  const answer = await withNarrowDecimals(
    (decimals) => `${decimals} ${text}`,
    async (sql) => {
      run.push(sql)
      if (failure !== undefined && sql.startsWith('narrow')) throw new Error(failure)
      return 'answer'
    },
  ).catch((error: Error) => error.message)
  return { run, answer }
}

test('what fits is asked once', async () => {
  expect(await asked('a * b', undefined)).toEqual({ run: ['narrow a * b'], answer: 'answer' })
})

test('what does not fit is asked again in wide decimals', async () => {
  expect(await asked('a * b', OVERFLOW)).toEqual({ run: ['narrow a * b', 'wide a * b'], answer: 'answer' })
})

test('within TRY nothing could be seen to fail, so decimals are wide', async () => {
  expect(await asked('TRY(a * b)', OVERFLOW)).toEqual({ run: ['wide TRY(a * b)'], answer: 'answer' })
})

test.each([
  'Out of Range Error: Overflow in multiplication of INT64 (1 * 2)!',
  "Conversion Error: Could not convert string '⟦INVALID_CAST_ARGUMENT⟧Cannot cast INTEGER '300' to DECIMAL(2, 0)⟦⟧' to INT32",
  'INTERRUPT Error: Interrupted!',
])('a failure of the query itself is its answer: %s', async (failure) => {
  expect(await asked('a * b', failure)).toEqual({ run: ['narrow a * b'], answer: failure })
})
