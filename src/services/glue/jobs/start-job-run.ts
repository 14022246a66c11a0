import { checkArguments } from '../../../automation/jobs/script-arguments.ts'
import type { StartJobRunRequest, StartJobRunResponse } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import { refuseMembers } from '../unsupported.ts'
import type { JobOperation } from './job-context.ts'
import { capacityOf, timeoutOf } from './job-input.ts'
import { jobNamed } from './job-named.ts'

/** Answers when the run is recorded. With JobRunId: that run again, its arguments under those given. */
export const startJobRun: JobOperation<StartJobRunRequest, StartJobRunResponse> = async (input, { jobStore, jobs }) => {
  refuseMembers(input, ['SecurityConfiguration', 'WorkerType', 'NumberOfWorkers', 'ExecutionRoleSessionPolicy'])
  if (input.JobRunQueuingEnabled) throw invalidInput('JobRunQueuingEnabled is not offered by lakelet: leave it out.')
  if (input.NotificationProperty?.NotifyDelayAfter !== undefined)
    throw invalidInput('NotificationProperty.NotifyDelayAfter is not offered by lakelet: leave it out.')
  capacityOf(input.MaxCapacity ?? input.AllocatedCapacity)
  checkArguments(input.Arguments ?? {})
  await jobNamed(jobStore, input.JobName)
  const timeoutMinutes = timeoutOf(input.Timeout)
  const JobRunId = await jobs.start({
    job: input.JobName,
    arguments: input.Arguments ?? {},
    ...(timeoutMinutes !== undefined && { timeoutMinutes }),
    ...(input.JobRunId && { previousRunId: input.JobRunId }),
  })
  return { JobRunId }
}
