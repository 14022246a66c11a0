import type { GetJobRunsRequest, GetJobRunsResponse } from '../../../wire/model/glue.ts'
import { decodeToken, encodeToken } from '../page.ts'
import type { JobOperation } from './job-context.ts'
import { jobNamed, runNamed } from './job-named.ts'
import { fromRun } from './job-shape.ts'

const RUNS_PER_PAGE = 100

/** Newest first. A token names the last run given. */
export const getJobRuns: JobOperation<GetJobRunsRequest, GetJobRunsResponse> = async (
  { JobName, MaxResults = RUNS_PER_PAGE, NextToken },
  { jobStore, clock },
) => {
  await jobNamed(jobStore, JobName)
  const before = NextToken ? decodeToken(NextToken)[0] : undefined
  if (before !== undefined) await runNamed(jobStore, JobName, before)
  const found = await jobStore.runs(JobName, { limit: MaxResults + 1, ...(before !== undefined && { before }) })
  const page = found.slice(0, MaxResults)
  const last = page.at(-1)
  return {
    JobRuns: page.map((run) => fromRun(run, clock.nowMs())),
    ...(last !== undefined && found.length > page.length && { NextToken: encodeToken([last.id]) }),
  }
}
