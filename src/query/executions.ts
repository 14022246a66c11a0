/**
 * Starts, runs, stops and remembers query executions.
 *
 * Promises
 *  - a start that was answered is durable: after a crash its execution is there, FAILED with the reason;
 *  - the same client token gives the same execution, whatever became of it;
 *  - SUCCEEDED means that the result object is in its bucket;
 *  - at most RUNNING_MAX run at once and WAITING_MAX wait; more are refused.
 */
import { rm } from 'node:fs/promises'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { TaskScope } from '../platform/tasks.ts'
import { SqlFailure } from '../sql/failure.ts'
import type { DataAccess, WriteEncryption } from './data-access.ts'
import { encryptedResults } from './encrypted-results.ts'
import {
  type Execution,
  type ExecutionResult,
  isFinished,
  NO_STATISTICS,
  type ResultEncryption,
  type StartRequest,
} from './execution.ts'
import type { ExecutionStore } from './execution-store.ts'
import { type FailureReport, reportFailure } from './failure.ts'
import { guardedCatalog, type QueryCatalog } from './guarded-catalog.ts'
import { guardedObjects, type QueryObjects } from './guarded-objects.ts'
import { guardedStatements, type QueryStatements } from './guarded-statements.ts'
import type { Outcome } from './outcome.ts'
import { executionParameter } from './parameters.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import { refuse } from './refusal.ts'
import { putCsv, putMetadata, putText } from './result-files.ts'
import { DEFAULT_SCHEMA, type RunParts, runStatement } from './run-statement.ts'
import { CutoffReached } from './select.ts'
import { type CheckedStart, checkStart } from './start.ts'
import { resultLocation } from './statement-kind.ts'
import { LAKE_CATALOG } from './tables.ts'
import type { Workgroups } from './workgroups.ts'
import { commitWrite, finishWrites, manifestLocation, removeStaged } from './writes/commit.ts'
import type { WriteJournal } from './writes/write-journal.ts'

const RUNNING_MAX = 8
const WAITING_MAX = 200

export interface ExecutionParts extends RunParts {
  readonly objects: ObjectStore
  readonly journal: WriteJournal
  readonly prepared: PreparedStatements
  readonly store: ExecutionStore
  readonly workgroups: Workgroups
  readonly ids: Ids
  readonly log: Log
}

interface Waiting {
  readonly execution: Execution
  readonly start: CheckedStart
  readonly reach: Reach
}

/** The lake as far as the caller may reach it. */
interface Reach {
  readonly catalog: QueryCatalog
  readonly objects: QueryObjects
  readonly prepared: QueryStatements
}

export class Executions {
  readonly #parts: ExecutionParts
  readonly #tasks: TaskScope
  readonly #waiting: Waiting[] = []
  readonly #running = new Map<string, AbortController>()
  #isClosed = false

  constructor(parts: ExecutionParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
  }

  /** What a crash or a stop left unfinished has failed, unless all that it has written is there. */
  async recover(): Promise<void> {
    const { store, clock, log, journal } = this.#parts
    const nowMs = clock.nowMs()
    const writes = journal.all()
    const written = await finishWrites(
      writes.filter(({ execution }) => !isFinished(store.find(execution.id)?.state ?? 'FAILED')),
      this.#parts,
    )
    for (const execution of written) await store.finish(execution)
    for (const { execution } of writes) await journal.remove(execution.id)
    if (written.length > 0) log.warn('UnfinishedWritesEnded', { count: written.length })
    const count = await store.recover((open) => ended(open, nowMs, 'FAILED', INTERRUPTED), nowMs)
    if (count > 0) log.warn('UnfinishedQueriesFailed', { count })
  }

  /** The execution's id, once it is durable. */
  async start(request: StartRequest): Promise<string> {
    const { store, workgroups, catalog, clock, ids, prepared } = this.#parts
    const start = await checkStart(request, { workgroups, prepared, catalog, ids })
    const known = store.findByToken(start.token)
    if (known !== undefined) return agreeing(known, request).id
    if (this.#waiting.length >= WAITING_MAX)
      throw refuse('tooManyQueries', 'You have exceeded the limit for the number of queries you can run concurrently.')

    const id = ids.uuid()
    const execution = await store.add(newExecution(id, request, start, clock.nowMs()))
    if (execution.id !== id) return agreeing(execution, request).id
    this.#waiting.push({ execution, start, reach: this.#reachOf(request.access, start) })
    this.#startWaiting()
    return id
  }

  find(id: string): Execution | undefined {
    return this.#parts.store.find(id)
  }

  withId(id: string): Execution {
    const found = this.find(id)
    if (found === undefined) throw refuse('executionNotFound', `QueryExecution ${id} was not found`)
    return found
  }

  /** Nothing happens to one that has ended. */
  async stop(id: string): Promise<void> {
    const execution = this.withId(id)
    if (isFinished(execution.state)) return
    const index = this.#waiting.findIndex((waiting) => waiting.execution.id === id)
    if (index >= 0) {
      this.#waiting.splice(index, 1)
      await this.#parts.store.finish(ended(execution, this.#parts.clock.nowMs(), 'CANCELLED', CANCELLED_BY_USER))
      return
    }
    this.#running.get(id)?.abort(new Error(CANCELLED_BY_USER.reason))
  }

  /** Ends what runs; it is FAILED when the lake is started again. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#waiting.length = 0
    await this.#tasks.close()
  }

  #startWaiting(): void {
    while (!this.#isClosed && this.#running.size < RUNNING_MAX) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      const { id } = next.execution
      const stop = new AbortController()
      this.#running.set(id, stop)
      this.#tasks.spawn(`query ${id}`, async (closing) => {
        try {
          await this.#runToEnd(next, AbortSignal.any([stop.signal, closing]))
        } finally {
          this.#running.delete(id)
          this.#startWaiting()
        }
      })
    }
  }

  #reachOf(access: DataAccess | undefined, { encryption }: CheckedStart): Reach {
    const { catalog, prepared } = this.#parts
    const wanted = encryption && ENCRYPTIONS[encryption.option]
    const objects = encryptedResults(this.#parts.objects, wanted)
    if (access === undefined) return { catalog, objects, prepared }
    const { preparedStatements } = access
    return {
      catalog: access.catalog === undefined ? catalog : guardedCatalog(catalog, access.catalog),
      objects: guardedObjects(objects, access, wanted),
      prepared: preparedStatements === undefined ? prepared : guardedStatements(prepared, preparedStatements),
    }
  }

  async #runToEnd({ execution, start, reach }: Waiting, signal: AbortSignal): Promise<void> {
    const { store, clock, log, journal } = this.#parts
    const startedAtMs = clock.nowMs()
    const running: Execution = {
      ...execution,
      state: 'RUNNING',
      startedAtMs,
      statistics: { ...NO_STATISTICS, queueMs: startedAtMs - execution.submittedAtMs },
    }
    store.note(running)
    try {
      await store.finish(await this.#run(running, { start, reach }, signal))
      if (WRITES.has(execution.substatementType)) await journal.remove(execution.id)
    } catch (error) {
      // The lake is stopping: the execution stays open and is ended at the next start.
      if (this.#isClosed) return
      const stopped = signal.aborted || error instanceof CutoffReached
      const report = signal.aborted ? CANCELLED_BY_USER : reportFailure(error)
      if (report.failure?.category === 1) log.error('QueryFailed', { id: execution.id, error })
      if (!stopped && start.kind.isHive) await this.#putReason(running, report.reason, reach)
      await store.finish(ended(running, clock.nowMs(), stopped ? 'CANCELLED' : 'FAILED', report))
    }
  }

  async #run(
    running: Execution,
    { start, reach }: Pick<Waiting, 'start' | 'reach'>,
    signal: AbortSignal,
  ): Promise<Execution> {
    const { clock } = this.#parts
    if (start.statement instanceof SqlFailure) throw start.statement
    const { bytesScannedCutoff, isEnforced, outputLocation } = start.workgroup.settings
    const outcome = await runStatement(
      {
        id: running.id,
        statement: start.statement,
        workgroup: running.workgroup,
        session: {
          catalog: running.catalog ?? LAKE_CATALOG,
          schema: (running.database ?? DEFAULT_SCHEMA).toLowerCase(),
        },
        parameters: start.parameters.map(executionParameter),
        callerArn: running.callerArn,
        submittedAtMs: running.submittedAtMs,
        outputLocation: running.outputLocation,
        isLocationEnforced: isEnforced && outputLocation !== undefined,
        ...(bytesScannedCutoff !== undefined && { bytesScannedCutoff }),
      },
      { ...this.#parts, ...reach },
      signal,
    )
    const answeredAtMs = clock.nowMs()
    if (outcome.kind === 'write') return this.#commit(running, outcome, { answeredAtMs, reach }, signal)
    const result = await putResult(reach.objects, running, outcome)
    return succeeded(running, outcome, { answeredAtMs, completedAtMs: clock.nowMs(), result })
  }

  async #commit(
    running: Execution,
    outcome: Extract<Outcome, { kind: 'write' }>,
    { answeredAtMs, reach }: { readonly answeredAtMs: number; readonly reach: Reach },
    signal: AbortSignal,
  ): Promise<Execution> {
    const { clock, journal, log, objects, catalog } = this.#parts
    const { columns, rowCount: updateCount } = outcome
    const result: ExecutionResult = { columns, rowCount: 0, resultBytes: 0, updateCount, form: { kind: 'none' } }
    const manifest = manifestLocation(running, outcome)
    const ended = () => {
      const done = succeeded(running, outcome, { answeredAtMs, completedAtMs: clock.nowMs(), result })
      return manifest === undefined ? done : { ...done, statistics: { ...done.statistics, manifestLocation: manifest } }
    }
    try {
      // From here on it is too late to stop it.
      signal.throwIfAborted()
      await commitWrite(ended(), outcome, { ...reach, undo: { objects, catalog }, journal, log })
      return ended()
    } finally {
      await removeStaged(outcome)
    }
  }

  /** A failed statement of the Hive side leaves its reason where the result would be. */
  async #putReason(running: Execution, reason: string, { objects }: Reach): Promise<void> {
    const target = { executionId: running.id, location: running.outputLocation }
    try {
      await putText(objects, target, [reason])
    } catch (error) {
      this.#parts.log.warn('FailureReasonNotWritten', { id: running.id, error })
    }
  }
}

function succeeded(
  running: Execution,
  outcome: Outcome,
  at: { readonly answeredAtMs: number; readonly completedAtMs: number; readonly result: ExecutionResult },
): Execution {
  const { answeredAtMs, completedAtMs, result } = at
  return {
    ...running,
    state: 'SUCCEEDED',
    completedAtMs,
    result,
    statistics: {
      bytesScanned: outcome.bytesScanned,
      queueMs: running.statistics.queueMs,
      planningMs: outcome.planningMs,
      engineMs: outcome.engineMs || answeredAtMs - (running.startedAtMs ?? answeredAtMs),
      servingMs: completedAtMs - answeredAtMs,
      totalMs: completedAtMs - running.submittedAtMs,
    },
  }
}

/** Their journal entries outlive them by a moment. */
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'CREATE_TABLE_AS_SELECT', 'UNLOAD'])

async function putResult(
  objects: QueryObjects,
  running: Execution,
  outcome: Exclude<Outcome, { kind: 'write' }>,
): Promise<ExecutionResult> {
  const target = { executionId: running.id, location: running.outputLocation }
  const { columns } = outcome
  if (outcome.kind === 'csv') {
    try {
      const [resultBytes] = await Promise.all([
        putCsv(objects, target, outcome.csvPath, outcome.readsTables),
        putMetadata(objects, target, columns, 0),
      ])
      return { columns, rowCount: outcome.rowCount, resultBytes, updateCount: 0, form: { kind: 'csv' } }
    } finally {
      await rm(outcome.csvPath, { force: true })
    }
  }
  const { lines, hasHeader, updateCount } = outcome
  const resultBytes = await putText(objects, target, lines)
  if (columns.length > 0) await putMetadata(objects, target, columns, updateCount)
  return {
    columns,
    rowCount: lines.length - (hasHeader ? 1 : 0),
    resultBytes,
    ...(updateCount !== undefined && { updateCount }),
    form: { kind: 'text', hasHeader },
  }
}

/** What S3 calls it. */
const ENCRYPTIONS = { SSE_S3: 'AES256' } as const satisfies Record<ResultEncryption['option'], WriteEncryption>

type EndReport = Pick<FailureReport, 'reason'> & Partial<FailureReport>

const CANCELLED_BY_USER: EndReport = { reason: 'Query cancelled by user' }

const INTERRUPTED_TEXT = 'The lake stopped while this query was running. Start the query again.'
const INTERRUPTED: EndReport = {
  reason: INTERRUPTED_TEXT,
  failure: { category: 1, type: 100, retryable: true, message: INTERRUPTED_TEXT },
}

function ended(
  execution: Execution,
  nowMs: number,
  state: 'FAILED' | 'CANCELLED',
  { reason, failure }: EndReport,
): Execution {
  return {
    ...execution,
    state,
    completedAtMs: nowMs,
    reason,
    ...(failure !== undefined && state === 'FAILED' && { failure }),
    statistics: { ...execution.statistics, totalMs: nowMs - execution.submittedAtMs },
  }
}

function newExecution(id: string, request: StartRequest, start: CheckedStart, nowMs: number): Execution {
  const { sql, database, catalog, outputLocation, parameters, reuse, expectedBucketOwner, callerArn } = request
  return {
    id,
    sql,
    clientRequestToken: start.token,
    statementType: start.kind.type,
    substatementType: start.kind.subtype,
    ...(catalog !== undefined && { catalog: catalog.toLowerCase() }),
    ...(database !== undefined && { database }),
    ...(outputLocation !== undefined && { requestedLocation: outputLocation }),
    ...(catalog !== undefined && { requestedCatalog: catalog }),
    workgroup: start.workgroup.name,
    outputLocation: resultLocation(start.outputFolder, id, start.kind),
    ...(start.encryption !== undefined && { encryption: start.encryption }),
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
    ...(parameters !== undefined && parameters.length > 0 && { parameters }),
    ...(reuse !== undefined && { reuse }),
    callerArn,
    state: 'QUEUED',
    submittedAtMs: nowMs,
    statistics: NO_STATISTICS,
  }
}

/** One token, one question: workgroup and parameters may differ, the rest may not. */
function agreeing(known: Execution, request: StartRequest): Execution {
  const agrees =
    known.sql === request.sql &&
    known.requestedCatalog === request.catalog &&
    known.database === request.database &&
    known.requestedLocation === request.outputLocation
  if (!agrees) throw refuse('idempotentParameterMismatch', 'Idempotent parameters do not match')
  return known
}
