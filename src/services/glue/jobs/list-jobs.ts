import type { ListJobsRequest, ListJobsResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { JobOperation } from './job-context.ts'

const JOBS_PER_PAGE = 100

/** Names only; with Tags those that have all of them. */
export const listJobs: JobOperation<ListJobsRequest, ListJobsResponse> = async (
  { MaxResults = JOBS_PER_PAGE, NextToken, Tags = {} },
  { jobStore },
) => {
  const wanted = Object.entries(Tags)
  const names = (await jobStore.jobs())
    .filter(({ tags }) => wanted.every(([key, value]) => tags[key] === value))
    .map(({ name }) => name)
  const { items, nextToken } = pageOf(names, (name) => name, { token: NextToken, limit: MaxResults })
  return { JobNames: items, ...(nextToken !== undefined && { NextToken: nextToken }) }
}
