/**
 * Queries are asked with narrow decimals (`Decimals`) first: nearly all money fits, and 128 bits would cost a sum three
 * times as much. Where DuckDB says that something did not fit, the same query is asked again with wide ones.
 */
import type { Decimals } from './print/context.ts'
import { FAILURE_START, type SqlText } from './print/text.ts'
import { hidesFailures } from './sampled.ts'

export async function withNarrowDecimals<Answer>(
  print: (decimals: Decimals) => SqlText,
  run: (sql: SqlText) => Promise<Answer>,
): Promise<Answer> {
  const narrow = print('narrow')
  // Within TRY it could not be seen that something did not fit.
  if (hidesFailures(narrow)) return run(print('wide'))
  try {
    return await run(narrow)
  } catch (error) {
    if (!isOfNarrowDecimals(error)) throw error
    return run(print('wide'))
  }
}

/** Of DuckDB's arithmetic or of its types; the language's own failures are marked. */
function isOfNarrowDecimals(error: unknown): boolean {
  if (!(error instanceof Error) || error.message.includes(FAILURE_START)) return false
  return /DECIMAL\(|^Binder Error/.test(error.message)
}
