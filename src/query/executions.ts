import type { KmsEncryption } from '../objects/encryption.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal } from '../platform/refusal.ts'
import { TaskScope } from '../platform/tasks.ts'
import { SqlFailure } from '../sql/failure.ts'
import type { DataAccess, WriteEncryption } from './data-access.ts'
import type { DataCatalogs } from './data-catalogs.ts'
import { encryptedResults } from './encrypted-results.ts'
import {
  type Execution,
  type ExecutionResult,
  isFinished,
  NO_STATISTICS,
  type ResultEncryption,
  type StartRequest,
} from './execution.ts'
import { CANCELLED_BY_USER, ended, INTERRUPTED, newExecution, reused, succeeded } from './execution-states.ts'
import type { ExecutionStore } from './execution-store.ts'
import { reportFailure } from './failure.ts'
import { guardedCatalog, type QueryCatalog } from './guarded-catalog.ts'
import { guardedObjects, type QueryObjects } from './guarded-objects.ts'
import { guardedStatements, type QueryStatements } from './guarded-statements.ts'
import type { Outcome } from './outcome.ts'
import { executionParameter } from './parameters.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import { QueryQueue } from './queue.ts'
import { invalidInput, refuse } from './refusal.ts'
import { putResult, storeResult, textObject } from './result-files.ts'
import { reusableResult } from './reuse.ts'
import { DEFAULT_SCHEMA, type RunParts, runStatement } from './run-statement.ts'
import { CutoffReached } from './select.ts'
import { type CheckedStart, checkStart } from './start.ts'
import { LAKE_CATALOG } from './tables.ts'
import type { Workgroups } from './workgroups.ts'
import { commitWrite, finishWrites, manifestLocation, removeStaged } from './writes/commit.ts'
import type { WriteJournal } from './writes/write-journal.ts'

export interface ExecutionParts extends RunParts {
  readonly objects: ObjectStore
  readonly journal: WriteJournal
  readonly prepared: PreparedStatements
  readonly store: ExecutionStore
  readonly workgroups: Workgroups
  readonly dataCatalogs: DataCatalogs
  readonly ids: Ids
  readonly log: Log
  readonly keyNamed: KeyNamed
}

/** A customer's key by its id or arn, as objects are written under it; refuses what is none. */
export type KeyNamed = (name: string) => Promise<KmsEncryption>

interface Waiting {
  readonly execution: Execution
  readonly start: CheckedStart
  readonly reach: Reach
  readonly access: DataAccess | undefined
}

/** Under way. `isEnding`: its result can be seen, so it is too late to stop it. */
interface Running {
  readonly stop: AbortController
  isEnding: boolean
  readonly ended: Promise<void>
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
  readonly #queue = new QueryQueue<Waiting>()
  readonly #running = new Map<string, Running>()
  /** Stopped between their becoming durable and their place in the queue. */
  readonly #stoppedEarly = new Set<string>()
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
    const encryption = start.encryption && (await this.#writeEncryption(start.encryption))
    const known = store.findByToken(start.token)
    if (known !== undefined) return agreeing(known, request).id
    if (!this.#queue.promise())
      throw refuse('tooManyQueries', 'You have exceeded the limit for the number of queries you can run concurrently.')
    const id = ids.uuid()
    let execution: Execution
    try {
      execution = await store.add(newExecution(id, request, start, clock.nowMs()))
    } catch (error) {
      this.#queue.giveBack()
      throw error
    }
    if (execution.id !== id) {
      this.#queue.giveBack()
      return agreeing(execution, request).id
    }
    if (this.#stoppedEarly.delete(id)) {
      this.#queue.giveBack()
      await this.#cancel(execution)
      return id
    }
    const { access } = request
    this.#queue.join({ execution, start, reach: this.#reachOf(access, encryption), access })
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
    if (this.#queue.remove(id) !== undefined) return this.#cancel(execution)
    const running = this.#running.get(id)
    if (running === undefined) {
      this.#stoppedEarly.add(id)
      return
    }
    if (running.isEnding) return running.ended
    running.stop.abort(new Error(CANCELLED_BY_USER.reason))
  }

  #cancel(execution: Execution): Promise<void> {
    return this.#parts.store.finish(ended(execution, this.#parts.clock.nowMs(), 'CANCELLED', CANCELLED_BY_USER))
  }

  /** Ends what runs; it is FAILED when the lake is started again. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#queue.clear()
    await this.#tasks.close()
  }

  #startWaiting(): void {
    while (!this.#isClosed) {
      const next = this.#queue.next()
      if (next === undefined) return
      const { id } = next.execution
      let hasEnded: () => void = () => undefined
      const running: Running = {
        stop: new AbortController(),
        isEnding: false,
        ended: new Promise((resolve) => {
          hasEnded = resolve
        }),
      }
      this.#running.set(id, running)
      this.#tasks.spawn(`query ${id}`, async (closing) => {
        try {
          await this.#runToEnd(next, running, AbortSignal.any([running.stop.signal, closing]))
        } finally {
          this.#running.delete(id)
          this.#queue.ended(id)
          hasEnded()
          this.#startWaiting()
        }
      })
    }
  }

  /** Refuses with the words of the keys what names no key. */
  async #writeEncryption(encryption: ResultEncryption): Promise<WriteEncryption> {
    if (encryption.option === 'SSE_S3') return 'AES256'
    try {
      return await this.#parts.keyNamed(encryption.kmsKey)
    } catch (error) {
      throw isRefusal(error) ? invalidInput(error.message) : error
    }
  }

  #reachOf(access: DataAccess | undefined, wanted: WriteEncryption | undefined): Reach {
    const { catalog, prepared } = this.#parts
    const objects = encryptedResults(this.#parts.objects, wanted)
    if (access === undefined) return { catalog, objects, prepared }
    const { preparedStatements } = access
    return {
      catalog: access.catalog === undefined ? catalog : guardedCatalog(catalog, access.catalog),
      objects: guardedObjects(objects, access, wanted),
      prepared: preparedStatements === undefined ? prepared : guardedStatements(prepared, preparedStatements),
    }
  }

  async #runToEnd(waiting: Waiting, under: Running, signal: AbortSignal): Promise<void> {
    const { execution, start, reach } = waiting
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
      await store.finish(await this.#run(running, waiting, under, signal))
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
    { start, reach, access }: Waiting,
    under: Running,
    signal: AbortSignal,
  ): Promise<Execution> {
    const { clock } = this.#parts
    if (start.statement instanceof SqlFailure) throw start.statement
    const earlier = await reusableResult(running, access, clock.nowMs(), this.#parts)
    if (earlier !== undefined) return reused(running, earlier, clock.nowMs())
    const { bytesScannedCutoff, isEnforced, outputLocation } = start.workgroup.settings
    const outcome = await runStatement(
      {
        id: running.id,
        statement: start.statement,
        workgroup: running.workgroup,
        session: {
          catalog: running.catalog ?? LAKE_CATALOG,
          catalogs: this.#parts.dataCatalogs.aliases(),
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
    if (outcome.kind === 'write') return this.#commit(running, outcome, { answeredAtMs, reach, under }, signal)
    // What a statement of the catalog has done is done, and its answer follows.
    if (outcome.kind === 'text') under.isEnding = true
    const { result, versions } = await storeResult(reach.objects, running, outcome)
    if (signal.aborted && !under.isEnding) {
      for (const { bucket, key, versionId } of versions) await this.#parts.objects.delete({ bucket, key, versionId })
      throw signal.reason
    }
    under.isEnding = true
    return succeeded(running, outcome, { answeredAtMs, completedAtMs: clock.nowMs(), result })
  }

  async #commit(
    running: Execution,
    outcome: Extract<Outcome, { kind: 'write' }>,
    { answeredAtMs, reach, under }: { readonly answeredAtMs: number; readonly reach: Reach; readonly under: Running },
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
      signal.throwIfAborted()
      under.isEnding = true
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
      await putResult(objects, [textObject(target, [reason])])
    } catch (error) {
      this.#parts.log.warn('FailureReasonNotWritten', { id: running.id, error })
    }
  }
}

/** Their journal entries outlive them by a moment. */
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'CREATE_TABLE_AS_SELECT', 'UNLOAD'])

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
