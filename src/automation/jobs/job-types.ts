/** Jobs and their runs, as the lake keeps them. Times are milliseconds since the epoch, UTC. */
import type { JobRunState, StartedBy } from '../job-runs.ts'

export type { JobRunState, StartedBy } from '../job-runs.ts'

/** `--name` → value. */
export type Arguments = Readonly<Record<string, string>>

export interface JobInput {
  readonly name: string
  readonly description?: string
  /** A name or an ARN. */
  readonly role: string
  /** `s3://bucket/key` */
  readonly scriptLocation: string
  readonly pythonVersion: string
  readonly glueVersion?: string
  readonly defaultArguments: Arguments
  readonly nonOverridableArguments: Arguments
  /** How often a run that failed is tried again. */
  readonly maxRetries: number
  readonly timeoutMinutes: number
  readonly maxConcurrentRuns: number
  /** In DPUs: kept and read back, nothing here is sized by it. */
  readonly maxCapacity: number
  readonly jobMode: 'SCRIPT' | 'VISUAL' | 'NOTEBOOK'
  readonly tags: Readonly<Record<string, string>>
}

export interface Job extends JobInput {
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface JobRun {
  /** `jr_…`; of a further attempt `jr_…_attempt_<n>`. */
  readonly id: string
  readonly job: string
  /** 0 the first time. */
  readonly attempt: number
  /** The attempt before, or the run that this one was asked to do again. */
  readonly previousRunId?: string
  readonly state: JobRunState
  readonly startedAtMs: number
  readonly updatedAtMs: number
  readonly endedAtMs?: number
  /** When its script began. */
  readonly runningSinceMs?: number
  readonly errorMessage?: string
  /** What was given for this run alone. */
  readonly arguments: Arguments
  readonly timeoutMinutes: number
  readonly maxCapacity: number
  readonly glueVersion?: string
  readonly by?: StartedBy
}

const ENDED: ReadonlySet<JobRunState> = new Set(['STOPPED', 'SUCCEEDED', 'FAILED', 'TIMEOUT'])

export function hasEnded(run: Pick<JobRun, 'state'>): boolean {
  return ENDED.has(run.state)
}

/** The id that `start` gave: further attempts put a number behind it. */
export function firstId(runId: string): string {
  return runId.replace(/_attempt_\d+$/, '')
}
