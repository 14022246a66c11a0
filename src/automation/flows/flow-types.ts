/**
 * Triggers, workflows and their runs, as the lake keeps them. Times are milliseconds since the epoch, UTC.
 *
 * A *step* is one action of a trigger that has fired: it holds the id of the run it stands for before that run is
 * started, so that after a crash nobody has to guess whether it was.
 */
import type { StartedBy } from '../job-runs.ts'

export type Action =
  | {
      readonly kind: 'job'
      readonly name: string
      readonly arguments: Readonly<Record<string, string>>
      readonly timeoutMinutes?: number
    }
  | { readonly kind: 'crawler'; readonly name: string }

/** That a run of the job or crawler ends in this state. */
export interface Condition {
  readonly kind: 'job' | 'crawler'
  readonly name: string
  readonly state: EndState
}

export type EndState = 'SUCCEEDED' | 'STOPPED' | 'FAILED' | 'TIMEOUT' | 'CANCELLED'

export interface Predicate {
  readonly logical: 'AND' | 'ANY'
  readonly conditions: readonly Condition[]
}

export interface TriggerInput {
  readonly name: string
  /** Absent: it stands for itself. */
  readonly workflow?: string
  readonly type: 'ON_DEMAND' | 'SCHEDULED' | 'CONDITIONAL'
  readonly description?: string
  /** `cron(…)`, of a scheduled one. */
  readonly schedule?: string
  readonly actions: readonly Action[]
  /** Of a conditional one. */
  readonly predicate?: Predicate
  readonly tags: Readonly<Record<string, string>>
}

export interface Trigger extends TriggerInput {
  readonly state: 'CREATED' | 'ACTIVATED' | 'DEACTIVATED'
  /** Which of its conditions have come true since it fired last; of one outside workflows. */
  readonly met: readonly number[]
}

export interface WorkflowInput {
  readonly name: string
  readonly description?: string
  readonly defaultRunProperties: Readonly<Record<string, string>>
  /** Absent: no bound but the lake's. */
  readonly maxConcurrentRuns?: number
  readonly tags: Readonly<Record<string, string>>
}

export interface Workflow extends WorkflowInput {
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface Step {
  /** Of the job run or crawl. */
  readonly runId: string
  readonly trigger: string
  readonly action: Action
  readonly state: 'RUNNING' | EndState | 'ERRORED'
  /** Why it could not be started. */
  readonly errorMessage?: string
}

/** A step of a trigger outside workflows, until it has ended. */
export interface LoneStep extends Step {
  readonly by: StartedBy
}

export interface WorkflowRun {
  /** `wr_` and 64 hexadecimal digits. */
  readonly id: string
  readonly workflow: string
  /** The run that this one resumes. */
  readonly previousRunId?: string
  readonly properties: Readonly<Record<string, string>>
  readonly status: 'RUNNING' | 'STOPPING' | 'STOPPED' | 'COMPLETED'
  readonly startedAtMs: number
  readonly endedAtMs?: number
  /** As they were when the run began: what is changed meanwhile is for the next one. */
  readonly triggers: readonly Trigger[]
  /** Names of those that have: each fires once a run. */
  readonly fired: readonly string[]
  readonly steps: readonly Step[]
}

export function isOpen({ status }: Pick<WorkflowRun, 'status'>): boolean {
  return status === 'RUNNING' || status === 'STOPPING'
}
