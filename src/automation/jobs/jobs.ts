/**
 * The jobs of a lake, running. State lives in the store; here is what this process is doing: the scripts that run, and
 * who waits for a turn.
 *
 * Bounds: a job's MaxConcurrentRuns; in the lake AT_WORK_MAX scripts at once, UNENDED_MAX runs with those that wait.
 */
import type { Clock, Timer } from '../../platform/clock.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import { TaskScope } from '../../platform/tasks.ts'
import { Turns } from '../../platform/turns.ts'
import type { JobRunObserver, JobRunOutcome, JobRunRequest, JobRuns } from '../job-runs.ts'
import { type JobLog, type RunOutput, runOutput } from './job-log.ts'
import type { EndedRun, JobRefusal, JobStore } from './job-store.ts'
import { firstId, type Job, type JobRun } from './job-types.ts'
import * as states from './run-states.ts'
import { extraFiles, scriptArguments } from './script-arguments.ts'
import type { RoleKeys, Script, ScriptRunner } from './script-runner.ts'

export const AT_WORK_MAX = 8
export const UNENDED_MAX = 1000
/** The end of a run that cannot be recorded (a disk that is full) is tried again after this. */
export const RECORD_AGAIN_MS = 10_000
const MINUTE_MS = 60_000
/** Keys outlive the script a little, so that it can tidy up when its time is over. */
const KEYS_EXTRA_MINUTES = 15

/** What a job's role may do, asked for by the lake on behalf of a run. */
export interface JobRoles {
  /** Temporary keys. Refuses (any code) a role that is not there or does not trust Glue. */
  keysOf(role: string, sessionName: string, seconds: number): Promise<RoleKeys>
  /** The object at `s3://bucket/key`, read with the rights of these keys. Refuses (any code) with a sentence. */
  read(location: string, keys: RoleKeys): Promise<Uint8Array>
}

export interface JobsParts {
  readonly store: JobStore
  readonly roles: JobRoles
  readonly runner: ScriptRunner
  readonly jobLog: JobLog
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly observer?: JobRunObserver
  /** Why this lake runs no jobs. undefined: it does. */
  readonly offBecause?: string | undefined
}

/** Ends runs that a crash cut off, then is ready. */
export async function openJobs(parts: JobsParts): Promise<Jobs> {
  const { store, clock, log, jobLog, observer } = parts
  for (const { job, id } of await store.unendedRuns()) {
    const { ended } = await store.endRun(job, id, (run) => states.end(run, states.INTERRUPTED, clock.nowMs()))
    runOutput(jobLog, id).say(states.INTERRUPTED.errorMessage ?? '')
    log.warn('JobRunRecovered', { job, run: id })
    observer?.ended({ ...outcomeOf(ended), state: states.INTERRUPTED.state })
  }
  return new Jobs(parts)
}

export class Jobs implements JobRuns {
  readonly #parts: JobsParts
  readonly #tasks: TaskScope
  readonly #turns = new Turns(AT_WORK_MAX)
  #atWork = 0
  /** By the first id of a run. */
  readonly #running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>()

  constructor(parts: JobsParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
  }

  newRunId(): string {
    return `jr_${this.#parts.ids.hex(64)}`
  }

  /** `previousRunId`: the run of the same job to do again, with its arguments under those given. */
  async start(request: JobRunRequest & { readonly previousRunId?: string }): Promise<string> {
    const { store, clock, offBecause } = this.#parts
    if (offBecause !== undefined) throw refuse('jobsOff', offBecause)
    this.#tasks.signal.throwIfAborted()
    const { job: name, previousRunId, runId: id = this.newRunId() } = request
    const previous = previousRunId === undefined ? undefined : await this.#runNamed(name, previousRunId)
    const run = await store.addRun(name, (job, unended) => {
      if (unended >= job.maxConcurrentRuns)
        throw refuse(
          'tooManyJobRuns',
          `Concurrent runs exceeded for ${name}: ${unended} of ${job.maxConcurrentRuns} run.`,
        )
      if (this.#running.size >= UNENDED_MAX)
        throw refuse('tooManyWaitingRuns', `${UNENDED_MAX} job runs have not ended yet: wait until some have.`)
      const given = { ...previous?.arguments, ...request.arguments }
      return states.begin(job, { ...request, id, arguments: given }, clock.nowMs())
    })
    const abort = new AbortController()
    this.#tasks.spawn(`job ${name}`, (shutdown) => {
      const ended = this.#attempts(run, AbortSignal.any([shutdown, abort.signal])).finally(() =>
        this.#running.delete(run.id),
      )
      this.#running.set(run.id, { abort, ended })
      return ended
    })
    return run.id
  }

  async stop(job: string, runId: string): Promise<void> {
    const { store, clock } = this.#parts
    const { id } = (await this.#lastAttempt(job, runId)) ?? { id: runId }
    await store.updateRun(job, id, (run) => states.stop(run, clock.nowMs()))
    this.#running.get(firstId(runId))?.abort.abort(new Stopped('The job run was stopped.'))
  }

  async find(job: string, runId: string): Promise<JobRunOutcome | undefined> {
    const run = await this.#lastAttempt(job, runId)
    return run && outcomeOf(run)
  }

  /** Resolves when the run and all its attempts have ended, if it runs here. */
  async whenEnded(runId: string): Promise<void> {
    await this.#running.get(firstId(runId))?.ended.catch(() => undefined) // The task scope reports its failure.
  }

  /** Stops what runs and waits until the store says so. */
  close(): Promise<void> {
    return this.#tasks.close()
  }

  async #runNamed(job: string, id: string): Promise<JobRun> {
    const run = await this.#parts.store.findRun(job, id)
    if (run === undefined) throw refuse('jobRunNotFound', `Job Run ${id} of job ${job} not found.`)
    return run
  }

  /** Of a run by any id of its attempts. */
  async #lastAttempt(job: string, runId: string): Promise<JobRun | undefined> {
    const { store } = this.#parts
    let run = await store.findRun(job, runId)
    for (;;) {
      const next = run && (await store.findRun(job, `${firstId(run.id)}_attempt_${run.attempt + 1}`))
      if (next === undefined) return run
      run = next
    }
  }

  async #attempts(first: JobRun, signal: AbortSignal): Promise<void> {
    const { store, clock, jobLog, log, observer } = this.#parts
    for (let next: JobRun | undefined = first; next !== undefined; ) {
      const { job, id }: JobRun = next
      const output = runOutput(jobLog, id)
      const outcome = await this.#outcome(job, id, output, signal)
      if (outcome.errorMessage !== undefined) output.say(`${outcome.state}: ${outcome.errorMessage}`)
      await output.close()
      log.info('JobRunEnded', { job, run: id, ...outcome })
      const end = (run: JobRun) => states.end(run, outcome, clock.nowMs())
      const isFinal = outcome.state !== 'FAILED' || signal.aborted
      const { ended, again }: EndedRun = await this.#recorded(() =>
        store.endRun(job, id, end, (run, { maxRetries }) =>
          isFinal || run.attempt >= maxRetries ? undefined : states.again(run, clock.nowMs()),
        ),
      )
      if (again === undefined) observer?.ended({ ...outcomeOf(ended), state: outcome.state })
      next = again
    }
  }

  async #outcome(job: string, id: string, output: RunOutput, signal: AbortSignal): Promise<states.RunEnd> {
    const { store, clock, log } = this.#parts
    try {
      if (this.#atWork >= AT_WORK_MAX) await store.updateRun(job, id, (run) => states.wait(run, clock.nowMs()))
      return await this.#turns.take(signal, async () => {
        this.#atWork++
        return this.#work(job, id, output, signal).finally(() => this.#atWork--)
      })
    } catch (error) {
      if (signal.aborted) return stoppedBy(signal)
      if (isRefusal(error)) return { state: 'FAILED', errorMessage: error.message }
      log.error('JobRunFailed', { job, run: id, error })
      const message = error instanceof Error ? error.message : String(error)
      return { state: 'FAILED', errorMessage: `Internal error: ${message}` }
    }
  }

  async #work(jobName: string, id: string, output: RunOutput, signal: AbortSignal): Promise<states.RunEnd> {
    const { store, runner, clock } = this.#parts
    const job = await store.findJob(jobName)
    if (job === undefined) throw refuse('jobNotFound', `Job ${jobName} is gone.`)
    const run = await this.#runNamed(jobName, id)
    const script = await this.#script(job, run)
    signal.throwIfAborted()
    const running = await runner.start(script, output)
    const wasTimedOut = await this.#watch(running, run, signal, () =>
      store.updateRun(jobName, id, (current) => states.run(current, clock.nowMs())),
    )
    const { status } = await running.ended
    if (signal.aborted) return stoppedBy(signal)
    if (wasTimedOut)
      return { state: 'TIMEOUT', errorMessage: `Job run ended after its timeout of ${run.timeoutMinutes} minutes.` }
    if (status === 0) return { state: 'SUCCEEDED' }
    return { state: 'FAILED', errorMessage: output.exception ?? `Command failed with exit code ${status}` }
  }

  /** Until the script has ended: stops it when its time is over (true), when the signal says so, or when `record` fails. */
  async #watch(
    running: { readonly ended: Promise<unknown>; stop(): void },
    { timeoutMinutes }: JobRun,
    signal: AbortSignal,
    record: () => Promise<unknown>,
  ): Promise<boolean> {
    let wasTimedOut = false
    const stop = () => running.stop()
    const timer: Timer = this.#parts.clock.after(timeoutMinutes * MINUTE_MS, () => {
      wasTimedOut = true
      stop()
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      await record()
      await running.ended
    } catch (error) {
      // It must not go on without anybody who knows of it.
      stop()
      await running.ended
      throw error
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', stop)
    }
    return wasTimedOut
  }

  async #script(job: Job, run: JobRun): Promise<Script> {
    const { roles } = this.#parts
    const seconds = (run.timeoutMinutes + KEYS_EXTRA_MINUTES) * 60
    const keys = await roles.keysOf(job.role, 'GlueJobRunnerSession', seconds)
    const body = await roles.read(job.scriptLocation, keys)
    const libraries = []
    for (const location of extraFiles(job, run))
      libraries.push({ name: lastPart(location), body: await roles.read(location, keys) })
    return {
      runId: run.id,
      name: lastPart(job.scriptLocation),
      body,
      arguments: scriptArguments(job, run),
      libraries,
      keys,
    }
  }

  /** Nobody else ends the run: without its record it would count for ever. */
  async #recorded<Result>(record: () => Promise<Result>): Promise<Result> {
    const { clock, log } = this.#parts
    for (;;) {
      try {
        return await record()
      } catch (error) {
        if (this.#tasks.signal.aborted) throw error
        log.error('JobRunNotRecorded', { error, againInMs: RECORD_AGAIN_MS })
        await clock.sleep(RECORD_AGAIN_MS, this.#tasks.signal)
      }
    }
  }
}

class Stopped extends Error {}

function stoppedBy(signal: AbortSignal): states.RunEnd {
  if (signal.reason instanceof Stopped) return { state: 'STOPPED' }
  return { state: 'STOPPED', errorMessage: 'lakelet was shut down while the job was running.' }
}

function outcomeOf(run: JobRun): JobRunOutcome {
  const { job, state, startedAtMs, endedAtMs, errorMessage, by } = run
  return {
    job,
    runId: firstId(run.id),
    state,
    startedAtMs,
    ...(endedAtMs !== undefined && { endedAtMs }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(by !== undefined && { by }),
  }
}

function lastPart(location: string): string {
  return location.slice(location.lastIndexOf('/') + 1)
}

function refuse(code: JobRefusal, message: string): Refusal<JobRefusal> {
  return new Refusal(code, message)
}
