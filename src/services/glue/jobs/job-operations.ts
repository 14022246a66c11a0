/** The part of Glue's operation table that is about jobs and their runs. */
import type { Operation } from '../../operation.ts'
import { batchGetJobs } from './batch-get-jobs.ts'
import { batchStopJobRun } from './batch-stop-job-run.ts'
import { createJob } from './create-job.ts'
import { deleteJob } from './delete-job.ts'
import { getJob } from './get-job.ts'
import { getJobRun } from './get-job-run.ts'
import { getJobRuns } from './get-job-runs.ts'
import { getJobs } from './get-jobs.ts'
import type { JobContext } from './job-context.ts'
import { listJobs } from './list-jobs.ts'
import { startJobRun } from './start-job-run.ts'
import { updateJob } from './update-job.ts'

export const jobOperations = {
  CreateJob: createJob,
  GetJob: getJob,
  GetJobs: getJobs,
  BatchGetJobs: batchGetJobs,
  ListJobs: listJobs,
  UpdateJob: updateJob,
  DeleteJob: deleteJob,
  StartJobRun: startJobRun,
  GetJobRun: getJobRun,
  GetJobRuns: getJobRuns,
  BatchStopJobRun: batchStopJobRun,
} satisfies Record<string, Operation<never, unknown, JobContext>>
