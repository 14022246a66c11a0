/** Runs a query: load its tables, analyse it, find its files, let the engine answer. */

import { join } from 'node:path'
import { type Engine, EngineFailure, type EngineQuery, SCAN_LIMIT } from '../engine/engine.ts'
import type { Clock } from '../platform/clock.ts'
import { analyse } from '../sql/analyser/index.ts'
import type { Expression, Query } from '../sql/tree.ts'
import type { TypedQuery } from '../sql/typed-tree.ts'
import { ReportedFailure } from './failure.ts'
import type { QueryCatalog } from './guarded-catalog.ts'
import type { QueryObjects } from './guarded-objects.ts'
import type { Outcome } from './outcome.ts'
import { partitionFilter } from './partition-filter.ts'
import { type ResultColumn, resultColumn } from './result-column.ts'
import { scansOf } from './scans.ts'
import { openSources, type WantedScan } from './sources.ts'
import { type LoadedTables, loadTables, type Session } from './tables.ts'

export interface SelectParts {
  readonly catalog: QueryCatalog
  readonly objects: QueryObjects
  readonly engine: Engine
  readonly clock: Clock
  readonly stagingDirectory: string
}

export interface SelectRequest {
  readonly id: string
  readonly query: Query
  readonly session: Session
  readonly parameters: readonly Expression[]
  readonly user: string
  readonly submittedAtMs: number
  /** A query that reads more is cancelled. */
  readonly bytesScannedCutoff?: number
}

export async function select(request: SelectRequest, parts: SelectParts, signal: AbortSignal): Promise<Outcome> {
  const csvPath = join(parts.stagingDirectory, `${request.id}.csv`)
  return withSources(request, parts, signal, async (engineQuery, lookupMs) => {
    const answer = await parts.engine.execute({ ...engineQuery, csvPath }, signal)
    checkCutoff(request, answer.bytesScanned)
    return {
      kind: 'csv',
      columns: columnsOf(engineQuery.query),
      csvPath,
      rowCount: answer.rowCount,
      readsTables: engineQuery.sources.size > 0,
      isRepeatable: engineQuery.query.deterministic,
      bytesScanned: answer.bytesScanned,
      planningMs: lookupMs + answer.planningMs,
      // Planning is part of the engine's time, as Athena counts it.
      engineMs: lookupMs + answer.planningMs + answer.executionMs,
    }
  })
}

/** `shape` makes of the analysed query what is run. */
export async function withSources<Result>(
  request: SelectRequest,
  parts: SelectParts,
  signal: AbortSignal,
  work: (query: EngineQuery, lookupMs: number) => Promise<Result>,
  shape: (query: TypedQuery) => TypedQuery = (query) => query,
): Promise<Result> {
  const startedAtMs = parts.clock.nowMs()
  parts.engine.warmUp?.()
  const tables = await loadTables(parts.catalog, request.query, request.session, request.parameters)
  const query = shape(analyse(request.query, tables.context))
  const opened = await openSources(
    wantedScans(query, tables, request.submittedAtMs),
    parts.catalog,
    parts.objects,
    signal,
  )
  try {
    const { session, user, id, submittedAtMs } = request
    const engineQuery: EngineQuery = {
      id,
      query,
      sources: opened.sources,
      session: { nowMs: submittedAtMs, user, catalog: session.catalog, schema: session.schema },
      csvPath: '',
      ...(request.bytesScannedCutoff !== undefined && { bytesScannedMax: request.bytesScannedCutoff }),
    }
    return await work(engineQuery, parts.clock.nowMs() - startedAtMs)
  } catch (error) {
    throw error instanceof EngineFailure && error.code === SCAN_LIMIT ? new CutoffReached() : error
  } finally {
    opened.release()
  }
}

function wantedScans(query: TypedQuery, tables: LoadedTables, nowMs: number): WantedScan[] {
  return scansOf(query.relation).map((scan) => {
    const table = tables.table(scan.database, scan.table)
    if (table === undefined) throw new Error(`The analyser scans ${scan.database}.${scan.table}, which was not loaded.`)
    const columns = new Set(scan.fields.flatMap(({ source, column }) => (source === 'data' ? [column] : [])))
    return { scanId: scan.scanId, table, filter: partitionFilter(scan, table, nowMs), columns, nowMs }
  })
}

export function columnsOf(query: TypedQuery): readonly ResultColumn[] {
  return query.output.map((field) => resultColumn(field.name, field.type))
}

const RESOURCE_LIMIT_TYPE = 8

/** Found after the fact: the answer is thrown away. */
export function checkCutoff(request: SelectRequest, bytesScanned: number): void {
  const { bytesScannedCutoff } = request
  if (bytesScannedCutoff === undefined || bytesScanned <= bytesScannedCutoff) return
  throw new CutoffReached()
}

/** Ends an execution as CANCELLED, as Athena does. */
export class CutoffReached extends ReportedFailure {
  constructor() {
    super('Query exhausted resources at this scale factor: Bytes scanned limit was exceeded', {
      category: 2,
      type: RESOURCE_LIMIT_TYPE,
    })
  }
}
