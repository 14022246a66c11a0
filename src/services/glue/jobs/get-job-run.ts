import type { GetJobRunRequest, GetJobRunResponse } from '../../../wire/model/glue.ts'
import type { JobOperation } from './job-context.ts'
import { runNamed } from './job-named.ts'
import { fromRun } from './job-shape.ts'

export const getJobRun: JobOperation<GetJobRunRequest, GetJobRunResponse> = async (
  { JobName, RunId },
  { jobStore, clock },
) => ({ JobRun: fromRun(await runNamed(jobStore, JobName, RunId), clock.nowMs()) })
