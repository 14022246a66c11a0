import type { GetJobRequest, GetJobResponse } from '../../../wire/model/glue.ts'
import type { JobOperation } from './job-context.ts'
import { jobNamed } from './job-named.ts'
import { fromJob } from './job-shape.ts'

export const getJob: JobOperation<GetJobRequest, GetJobResponse> = async ({ JobName }, { jobStore }) => ({
  Job: fromJob(await jobNamed(jobStore, JobName)),
})
