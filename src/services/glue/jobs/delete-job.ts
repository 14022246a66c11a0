import type { DeleteJobRequest, DeleteJobResponse } from '../../../wire/model/glue.ts'
import type { JobOperation } from './job-context.ts'

/** "If the job definition is not found, no exception is thrown" (Glue API reference). One that runs is refused. */
export const deleteJob: JobOperation<DeleteJobRequest, DeleteJobResponse> = async ({ JobName }, { jobStore }) => {
  await jobStore.deleteJob(JobName)
  return { JobName }
}
