/** The part of Glue's operation table that is about triggers, workflows and their runs. */
import type { Operation } from '../../operation.ts'
import { batchGetTriggers } from './batch-get-triggers.ts'
import { batchGetWorkflows } from './batch-get-workflows.ts'
import { createTrigger } from './create-trigger.ts'
import { createWorkflow } from './create-workflow.ts'
import { deleteTrigger } from './delete-trigger.ts'
import { deleteWorkflow } from './delete-workflow.ts'
import type { FlowContext } from './flow-context.ts'
import { getTrigger } from './get-trigger.ts'
import { getTriggers } from './get-triggers.ts'
import { getWorkflow } from './get-workflow.ts'
import { getWorkflowRun } from './get-workflow-run.ts'
import { getWorkflowRunProperties } from './get-workflow-run-properties.ts'
import { getWorkflowRuns } from './get-workflow-runs.ts'
import { listTriggers } from './list-triggers.ts'
import { listWorkflows } from './list-workflows.ts'
import { putWorkflowRunProperties } from './put-workflow-run-properties.ts'
import { resumeWorkflowRun } from './resume-workflow-run.ts'
import { startTrigger } from './start-trigger.ts'
import { startWorkflowRun } from './start-workflow-run.ts'
import { stopTrigger } from './stop-trigger.ts'
import { stopWorkflowRun } from './stop-workflow-run.ts'
import { updateTrigger } from './update-trigger.ts'
import { updateWorkflow } from './update-workflow.ts'

export const flowOperations = {
  CreateTrigger: createTrigger,
  GetTrigger: getTrigger,
  GetTriggers: getTriggers,
  BatchGetTriggers: batchGetTriggers,
  ListTriggers: listTriggers,
  UpdateTrigger: updateTrigger,
  DeleteTrigger: deleteTrigger,
  StartTrigger: startTrigger,
  StopTrigger: stopTrigger,
  CreateWorkflow: createWorkflow,
  GetWorkflow: getWorkflow,
  BatchGetWorkflows: batchGetWorkflows,
  ListWorkflows: listWorkflows,
  UpdateWorkflow: updateWorkflow,
  DeleteWorkflow: deleteWorkflow,
  StartWorkflowRun: startWorkflowRun,
  StopWorkflowRun: stopWorkflowRun,
  ResumeWorkflowRun: resumeWorkflowRun,
  GetWorkflowRun: getWorkflowRun,
  GetWorkflowRuns: getWorkflowRuns,
  GetWorkflowRunProperties: getWorkflowRunProperties,
  PutWorkflowRunProperties: putWorkflowRunProperties,
} satisfies Record<string, Operation<never, unknown, FlowContext>>
