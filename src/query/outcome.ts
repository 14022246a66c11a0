/** What running a statement came to, before its result object is written. */
import type { PartitionInput, TableInput } from '../catalog/types.ts'
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
        readonly isRepeatable: boolean
      }
    /** `hasHeader`: the first line names the column. `updateCount` absent for DDL, EXPLAIN and DESCRIBE. */
    | {
        readonly kind: 'text'
        readonly columns: readonly ResultColumn[]
        readonly lines: readonly string[]
        readonly hasHeader: boolean
        readonly updateCount?: number
      }
    | ({ readonly kind: 'write'; readonly columns: readonly ResultColumn[]; readonly rowCount: number } & Written)
  )

/** Files that are to become objects, and what the catalog is to know of them: all of it, or nothing. */
export interface Written {
  readonly files: readonly WrittenObject[]
  /** Holds the files; whoever has stored them, or not, removes it. */
  readonly directory: string | undefined
  readonly table?: { readonly database: string; readonly input: TableInput }
  readonly partitions?: {
    readonly database: string
    readonly table: string
    readonly inputs: readonly PartitionInput[]
  }
}

export interface WrittenObject {
  readonly path: string
  readonly sizeBytes: number
  readonly bucket: string
  readonly key: string
}

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
