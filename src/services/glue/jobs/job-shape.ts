/** Jobs and runs as Glue gives them. */
import { LOG_GROUP } from '../../../automation/jobs/job-log.ts'
import type { Job, JobRun } from '../../../automation/jobs/job-types.ts'
import type { Job as WireJob, JobRun as WireJobRun } from '../../../wire/model/glue.ts'

export function fromJob(job: Job): WireJob {
  return {
    Name: job.name,
    ...(job.description !== undefined && { Description: job.description }),
    JobMode: job.jobMode,
    JobRunQueuingEnabled: false,
    Role: job.role,
    CreatedOn: new Date(job.createdAtMs),
    LastModifiedOn: new Date(job.updatedAtMs),
    ExecutionProperty: { MaxConcurrentRuns: job.maxConcurrentRuns },
    Command: { Name: 'pythonshell', ScriptLocation: job.scriptLocation, PythonVersion: job.pythonVersion },
    DefaultArguments: job.defaultArguments,
    ...(Object.keys(job.nonOverridableArguments).length > 0 && {
      NonOverridableArguments: job.nonOverridableArguments,
    }),
    MaxRetries: job.maxRetries,
    AllocatedCapacity: Math.floor(job.maxCapacity),
    Timeout: job.timeoutMinutes,
    MaxCapacity: job.maxCapacity,
    ...(job.glueVersion !== undefined && { GlueVersion: job.glueVersion }),
  }
}

/** ExecutionTime: whole seconds that the script took, of one that runs so far. */
export function fromRun(run: JobRun, nowMs: number): WireJobRun {
  const executedMs = run.runningSinceMs === undefined ? 0 : (run.endedAtMs ?? nowMs) - run.runningSinceMs
  return {
    Id: run.id,
    Attempt: run.attempt,
    ...(run.previousRunId !== undefined && { PreviousRunId: run.previousRunId }),
    ...(run.by !== undefined && { TriggerName: run.by.trigger }),
    JobName: run.job,
    JobRunQueuingEnabled: false,
    StartedOn: new Date(run.startedAtMs),
    LastModifiedOn: new Date(run.updatedAtMs),
    ...(run.endedAtMs !== undefined && { CompletedOn: new Date(run.endedAtMs) }),
    JobRunState: run.state,
    ...(Object.keys(run.arguments).length > 0 && { Arguments: run.arguments }),
    ...(run.errorMessage !== undefined && { ErrorMessage: run.errorMessage }),
    PredecessorRuns: [],
    AllocatedCapacity: Math.floor(run.maxCapacity),
    ExecutionTime: Math.floor(executedMs / 1000),
    Timeout: run.timeoutMinutes,
    MaxCapacity: run.maxCapacity,
    LogGroupName: LOG_GROUP,
    ...(run.glueVersion !== undefined && { GlueVersion: run.glueVersion }),
  }
}
