/** What triggers and workflows need of jobs: to start and stop runs, and to be told how each ended. */

export type JobEndState = 'STOPPED' | 'SUCCEEDED' | 'FAILED' | 'TIMEOUT'
export type JobRunState = 'STARTING' | 'WAITING' | 'RUNNING' | 'STOPPING' | JobEndState

/** Why a run was started other than by hand. */
export interface StartedBy {
  readonly trigger: string
  readonly workflow?: { readonly name: string; readonly runId: string }
}

export interface JobRunRequest {
  readonly job: string
  /** Over the job's default arguments. */
  readonly arguments?: Readonly<Record<string, string>>
  readonly timeoutMinutes?: number
  readonly by?: StartedBy
  /** From `newRunId`, for who must know it before the run is recorded. */
  readonly runId?: string
}

/** How a run stands, or ended. */
export interface JobRunOutcome {
  readonly job: string
  /** What `start` gave, also when further attempts had ids of their own. */
  readonly runId: string
  readonly state: JobRunState
  readonly by?: StartedBy
  readonly startedAtMs: number
  readonly endedAtMs?: number
  readonly errorMessage?: string
}

export interface JobRuns {
  newRunId(): string
  /** Resolves to the run's id when the run is recorded. Refuses: jobNotFound, tooManyJobRuns, jobsOff. */
  start(request: JobRunRequest): Promise<string>
  /** Resolves when the run has been told. Refuses: jobRunNotFound, jobRunEnded. */
  stop(job: string, runId: string): Promise<void>
  /** Its last attempt. */
  find(job: string, runId: string): Promise<JobRunOutcome | undefined>
}

/** Must not throw. */
export interface JobRunObserver {
  /** Of a run that is tried again only its last attempt; also of runs that a crash cut off, when the lake starts again. */
  ended(outcome: JobRunOutcome & { readonly state: JobEndState }): void
}
