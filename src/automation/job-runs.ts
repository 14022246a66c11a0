/** What triggers and workflows need of jobs: to start and stop runs, and to be told how each ended. */

export type JobRunState =
  | 'STARTING'
  | 'RUNNING'
  | 'STOPPING'
  | 'STOPPED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMEOUT'
  | 'ERROR'
  | 'WAITING'

/** Why a run was started other than by hand. */
export interface StartedBy {
  readonly trigger?: string
  readonly workflow?: { readonly name: string; readonly runId: string }
}

export interface JobRunRequest {
  readonly job: string
  /** Over the job's default arguments. */
  readonly arguments?: Readonly<Record<string, string>>
  readonly timeoutMinutes?: number
  readonly by?: StartedBy
}

export interface JobRunOutcome {
  readonly job: string
  readonly runId: string
  /** One of the last states; of a run that will be tried again, only its last attempt is told. */
  readonly state: JobRunState
  readonly by?: StartedBy
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly errorMessage?: string
}

export interface JobRuns {
  /** Resolves to the run's id when the run is recorded. Refuses: jobNotFound, tooManyJobRuns. */
  start(request: JobRunRequest): Promise<string>
  /** Resolves when the run has been told. Refuses: jobRunNotFound, jobRunEnded. */
  stop(job: string, runId: string): Promise<void>
  find(job: string, runId: string): Promise<JobRunOutcome | undefined>
}

export interface JobRunObserver {
  /** Also of runs that a crash cut off, when they are found at start. */
  ended(outcome: JobRunOutcome): void
}
