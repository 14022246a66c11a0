/** What running a statement came to, before its result object is written. */
import type { ResultColumn } from './result-column.ts'

export interface Measures {
  readonly bytesScanned: number
  readonly planningMs: number
  readonly engineMs: number
}

export type Outcome = Measures &
  (
    | {
        readonly kind: 'csv'
        readonly columns: readonly ResultColumn[]
        readonly csvPath: string
        readonly rowCount: number
        readonly readsTables: boolean
      }
    /** `hasHeader`: the first line names the column. `updateCount` absent for DDL, EXPLAIN and DESCRIBE. */
    | {
        readonly kind: 'text'
        readonly columns: readonly ResultColumn[]
        readonly lines: readonly string[]
        readonly hasHeader: boolean
        readonly updateCount?: number
      }
  )

const NOTHING_MEASURED: Measures = { bytesScanned: 0, planningMs: 0, engineMs: 0 }

/** DDL that answers nothing. */
export function nothing(): Outcome {
  return { kind: 'text', columns: [], lines: [], hasHeader: false, ...NOTHING_MEASURED }
}

export function textOutcome(
  columns: readonly ResultColumn[],
  lines: readonly string[],
  options: { updateCount?: number; hasHeader?: boolean } = {},
): Outcome {
  return {
    kind: 'text',
    columns,
    lines,
    hasHeader: options.hasHeader ?? false,
    ...(options.updateCount !== undefined && { updateCount: options.updateCount }),
    ...NOTHING_MEASURED,
  }
}
