import type { GetJobsRequest, GetJobsResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { JobOperation } from './job-context.ts'
import { fromJob } from './job-shape.ts'

const JOBS_PER_PAGE = 100

export const getJobs: JobOperation<GetJobsRequest, GetJobsResponse> = async (
  { MaxResults = JOBS_PER_PAGE, NextToken },
  { jobStore },
) => {
  const { items, nextToken } = pageOf(await jobStore.jobs(), ({ name }) => name, {
    token: NextToken,
    limit: MaxResults,
  })
  return { Jobs: items.map(fromJob), ...(nextToken !== undefined && { NextToken: nextToken }) }
}
