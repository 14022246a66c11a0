/**
 * How many lines a grok pattern matches, within a bound of time: a pattern that somebody wrote can take for ever on a
 * line that somebody else wrote. The runtime can stop an expression only from within `vm`; the expression runs there,
 * a batch of lines at a time.
 */
import { createContext, Script } from 'node:vm'
import type { Grok } from './compile.ts'

/** A longer line is taken not to match. Time grows with the square of the length for many harmless patterns. */
export const LINE_LENGTH_MAX = 16_384
/** For all lines of a file and one pattern. */
export const MATCH_MS_MAX = 500

export interface GrokMatch {
  readonly matched: number
  /** Lines longer than LINE_LENGTH_MAX, which do not match. */
  readonly tooLong: number
  /** The pattern was stopped, or was too large to run: nothing is known of the lines. */
  readonly isStopped: boolean
}

const guarded: { job: () => void } = { job: () => undefined }
const context = createContext(guarded)
const script = new Script('job()')

/** `missesMax`: gives up when more lines do not match; then `matched` is 0. */
export function matchLines({ expression }: Grok, lines: readonly string[], missesMax = lines.length): GrokMatch {
  let matched = 0
  let tooLong = 0
  let missed = 0
  const isDone = runGuarded(() => {
    for (const line of lines) {
      if (line.length > LINE_LENGTH_MAX) tooLong += 1
      if (line.length <= LINE_LENGTH_MAX && expression.test(line)) matched += 1
      else if (++missed > missesMax) return
    }
  })
  if (!isDone || missed > missesMax) return { matched: 0, tooLong, isStopped: !isDone }
  return { matched, tooLong, isStopped: false }
}

/** Whether it came to its end. */
function runGuarded(job: () => void): boolean {
  guarded.job = job
  try {
    script.runInContext(context, { timeout: MATCH_MS_MAX })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    // An expression is put together when it is first used, and may turn out to be too large, or to need too much stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return false
    throw error
  } finally {
    guarded.job = () => undefined
  }
}
