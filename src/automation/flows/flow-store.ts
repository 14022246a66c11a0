/**
 * The FlowStore port: triggers, workflows, their runs, and the steps of lone triggers that have not ended. What `change`
 * does is atomic and durable when it resolves; a change that throws leaves nothing.
 */
import type { LoneStep, Trigger, Workflow, WorkflowRun } from './flow-types.ts'

/** As long as AWS keeps job runs, and so many of a workflow. */
export const RUNS_KEPT_MS = 90 * 24 * 3_600_000
export const RUNS_KEPT_MAX = 1000

export type FlowRefusal =
  | 'triggerNotFound'
  | 'triggerState'
  | 'workflowNotFound'
  | 'workflowRunNotFound'
  | 'workflowRunState'
  | 'noStartTrigger'
  | 'tooManyWorkflowRuns'
  | 'tooManyOpenRuns'

export interface FlowReader {
  trigger(name: string): Trigger | undefined
  /** Sorted by name. */
  triggers(): readonly Trigger[]
  workflow(name: string): Workflow | undefined
  /** Sorted by name. */
  workflows(): readonly Workflow[]
  run(workflow: string, id: string): WorkflowRun | undefined
  /** Newest first: those begun before `before`, if given, at most `limit`. */
  runs(workflow: string, page: { readonly before?: string; readonly limit: number }): readonly WorkflowRun[]
  /** Of all workflows, oldest first. */
  openRuns(): readonly WorkflowRun[]
  loneSteps(): readonly LoneStep[]
}

/** Adds what is not there, else replaces it. */
export interface FlowWriter extends FlowReader {
  putTrigger(trigger: Trigger): void
  deleteTrigger(name: string): void
  putWorkflow(workflow: Workflow): void
  /** With its runs. */
  deleteWorkflow(name: string): void
  /** Runs too old or too many go. */
  putRun(run: WorkflowRun): void
  putLoneStep(step: LoneStep): void
  deleteLoneStep(runId: string): void
}

export interface FlowStore extends FlowReader {
  change<Result>(work: (writer: FlowWriter) => Result): Promise<Result>
}
