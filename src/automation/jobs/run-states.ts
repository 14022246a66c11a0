/**
 * STARTING (→ WAITING) → RUNNING → SUCCEEDED, FAILED or TIMEOUT; from each of the first three by a stop to STOPPING and
 * STOPPED. Pure: each step takes a run as the store has it and gives the next one, or refuses.
 */
import { Refusal } from '../../platform/refusal.ts'
import type { JobEndState } from '../job-runs.ts'
import type { JobRefusal } from './job-store.ts'
import { firstId, hasEnded, type Job, type JobRun } from './job-types.ts'

export function begin(
  job: Job,
  given: Pick<JobRun, 'id' | 'arguments' | 'previousRunId' | 'by'> & { readonly timeoutMinutes?: number },
  nowMs: number,
): JobRun {
  return {
    id: given.id,
    job: job.name,
    attempt: 0,
    state: 'STARTING',
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    arguments: given.arguments,
    timeoutMinutes: given.timeoutMinutes ?? job.timeoutMinutes,
    maxCapacity: job.maxCapacity,
    ...(job.glueVersion !== undefined && { glueVersion: job.glueVersion }),
    ...(given.previousRunId !== undefined && { previousRunId: given.previousRunId }),
    ...(given.by !== undefined && { by: given.by }),
  }
}

/** The next attempt of a run that failed. */
export function again(run: JobRun, nowMs: number): JobRun {
  const { endedAtMs: _1, runningSinceMs: _2, errorMessage: _3, ...rest } = run
  const attempt = run.attempt + 1
  return {
    ...rest,
    id: `${firstId(run.id)}_attempt_${attempt}`,
    attempt,
    previousRunId: run.id,
    state: 'STARTING',
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}

/** One that is being stopped stays so. */
export function wait(run: JobRun, nowMs: number): JobRun {
  return run.state === 'STARTING' ? { ...run, state: 'WAITING', updatedAtMs: nowMs } : run
}

export function run(before: JobRun, nowMs: number): JobRun {
  return before.state === 'STOPPING'
    ? before
    : { ...before, state: 'RUNNING', runningSinceMs: nowMs, updatedAtMs: nowMs }
}

/** BatchStopJobRun. */
export function stop(before: JobRun, nowMs: number): JobRun {
  if (hasEnded(before))
    throw new Refusal<JobRefusal>('jobRunEnded', `Job run ${before.id} cannot be stopped: it is ${before.state}.`)
  return { ...before, state: 'STOPPING', updatedAtMs: nowMs }
}

export type RunEnd = { readonly state: JobEndState; readonly errorMessage?: string }

export function end(before: JobRun, { state, errorMessage }: RunEnd, nowMs: number): JobRun {
  return {
    ...before,
    state,
    updatedAtMs: nowMs,
    endedAtMs: nowMs,
    ...(errorMessage !== undefined && { errorMessage }),
  }
}

/** How a run ends that a crash cut off: nobody else will end it. */
export const INTERRUPTED: RunEnd = {
  state: 'FAILED',
  errorMessage: 'lakelet ended while the job was running. Start the run again.',
}
