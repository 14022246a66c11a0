/** Runs a query into files below the staging directory. Nothing of it can be seen yet. */
import { join } from 'node:path'
import type { EngineWritten, WriteFormat } from '../../engine/engine.ts'
import type { TypedQuery } from '../../sql/typed-tree.ts'
import { bigint } from '../../sql/types.ts'
import type { Buckets } from '../buckets.ts'
import type { Outcome } from '../outcome.ts'
import { resultColumn } from '../result-column.ts'
import { checkCutoff, type SelectParts, type SelectRequest, withSources } from '../select.ts'

/** Athena's limit of one statement (D8). */
export const PARTITIONS_MAX = 100

export interface StageOptions {
  readonly format: WriteFormat
  /** So many of the query's last columns are partition keys. */
  readonly partitionColumns: number
  readonly buckets?: Buckets | undefined
  /** Makes of the analysed query what is written. */
  readonly shape: (query: TypedQuery) => TypedQuery
}

export interface Staged {
  readonly written: EngineWritten
  readonly directory: string
  readonly lookupMs: number
}

export function stage(
  request: SelectRequest,
  parts: SelectParts,
  { format, partitionColumns, buckets, shape }: StageOptions,
  signal: AbortSignal,
): Promise<Staged> {
  const directory = join(parts.stagingDirectory, `${request.id}.files`)
  return withSources(
    request,
    parts,
    signal,
    async ({ csvPath: _, ...query }, lookupMs) => {
      const limits = { format, partitionColumns, partitionsMax: PARTITIONS_MAX, directory, ...(buckets && { buckets }) }
      const written = await parts.engine.write({ ...query, ...limits }, signal)
      checkCutoff(request, written.bytesScanned)
      return { written, directory, lookupMs }
    },
    shape,
  )
}

/** What every write answers: how many rows. */
export const ROWS_COLUMN = resultColumn('rows', bigint)

export function writeOutcome(
  { written, directory, lookupMs }: Staged,
  rest: Pick<Extract<Outcome, { kind: 'write' }>, 'files' | 'table' | 'partitions'>,
): Outcome {
  return {
    kind: 'write',
    columns: [ROWS_COLUMN],
    rowCount: written.rowCount,
    directory,
    bytesScanned: written.bytesScanned,
    planningMs: lookupMs + written.planningMs,
    engineMs: lookupMs + written.planningMs + written.executionMs,
    ...rest,
  }
}
