import { isRefusal } from '../../../platform/refusal.ts'
import type { BatchStopJobRunError, BatchStopJobRunRequest, BatchStopJobRunResponse } from '../../../wire/model/glue.ts'
import { toGlueError } from '../errors.ts'
import type { JobOperation } from './job-context.ts'
import { jobNamed } from './job-named.ts'

/** Each run on its own: one that cannot be stopped does not save its neighbours. */
export const batchStopJobRun: JobOperation<BatchStopJobRunRequest, BatchStopJobRunResponse> = async (
  { JobName, JobRunIds },
  { jobStore, jobs },
) => {
  await jobNamed(jobStore, JobName)
  const errors: BatchStopJobRunError[] = []
  const stopped: string[] = []
  for (const id of JobRunIds) {
    try {
      await jobs.stop(JobName, id)
      stopped.push(id)
    } catch (error) {
      const known = isRefusal(error) ? toGlueError(error) : undefined
      if (known === undefined) throw error
      errors.push({ JobName, JobRunId: id, ErrorDetail: { ErrorCode: known.code, ErrorMessage: known.message } })
    }
  }
  return { SuccessfulSubmissions: stopped.map((JobRunId) => ({ JobName, JobRunId })), Errors: errors }
}
