import type { BatchGetJobsRequest, BatchGetJobsResponse } from '../../../wire/model/glue.ts'
import type { JobOperation } from './job-context.ts'
import { fromJob } from './job-shape.ts'

/** In the order asked; names that are no jobs come back as such. */
export const batchGetJobs: JobOperation<BatchGetJobsRequest, BatchGetJobsResponse> = async (
  { JobNames },
  { jobStore },
) => {
  const found = await Promise.all(JobNames.map((name) => jobStore.findJob(name)))
  return {
    Jobs: found.flatMap((job) => (job === undefined ? [] : fromJob(job))),
    JobsNotFound: JobNames.filter((_, index) => found[index] === undefined),
  }
}
