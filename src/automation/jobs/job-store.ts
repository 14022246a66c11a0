/**
 * The JobStore port: jobs and their runs. Every change is atomic and durable when it resolves; what is handed in runs
 * inside the transaction, so that two starts cannot both take a job's last place.
 */
import type { Job, JobInput, JobRun } from './job-types.ts'

/** As long as AWS keeps them, and so many of a job. */
export const RUNS_KEPT_MS = 90 * 24 * 3_600_000
export const RUNS_KEPT_MAX = 1000

export type JobRefusal =
  | 'jobNotFound'
  | 'jobExists'
  | 'jobHasRuns'
  | 'jobRunNotFound'
  | 'jobRunEnded'
  | 'tooManyJobRuns'
  | 'tooManyWaitingRuns'
  | 'jobsOff'

/** A run that has ended, and its next attempt if there is to be one. */
export interface EndedRun {
  readonly ended: JobRun
  readonly again: JobRun | undefined
}

export interface JobStore {
  /** Refuses jobExists. */
  createJob(input: JobInput): Promise<Job>
  findJob(name: string): Promise<Job | undefined>
  /** Sorted by name. */
  jobs(): Promise<readonly Job[]>
  /** Refuses jobNotFound, and what `change` throws. */
  updateJob(name: string, change: (current: Job) => Job): Promise<Job>
  /** Its history goes with it. Of a job that is not there: nothing. Refuses jobHasRuns while runs have not ended. */
  deleteJob(name: string): Promise<void>

  /** `make` sees the job and how many of its runs have not ended, and may refuse. Refuses jobNotFound. */
  addRun(job: string, make: (job: Job, unended: number) => JobRun): Promise<JobRun>
  findRun(job: string, id: string): Promise<JobRun | undefined>
  /** Newest first: those added before `before`, if given, at most `limit`. Of a job that is not there: none. */
  runs(job: string, page: { readonly before?: string; readonly limit: number }): Promise<readonly JobRun[]>
  /** Of all jobs, oldest first. */
  unendedRuns(): Promise<readonly JobRun[]>
  /** Refuses jobRunNotFound, and what `change` throws. */
  updateRun(job: string, id: string, change: (current: JobRun) => JobRun): Promise<JobRun>

  /** As `updateRun`, and adds what `again` makes of it: the place of a run that is tried again is never free. */
  endRun(
    job: string,
    id: string,
    change: (current: JobRun) => JobRun,
    again?: (ended: JobRun, job: Job) => JobRun | undefined,
  ): Promise<EndedRun>
}
