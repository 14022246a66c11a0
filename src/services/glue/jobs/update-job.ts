import type { UpdateJobRequest, UpdateJobResponse } from '../../../wire/model/glue.ts'
import { checkRole } from '../crawlers/crawler-input.ts'
import type { JobOperation } from './job-context.ts'
import { definitionOf } from './job-input.ts'
import { jobNamed } from './job-named.ts'

/**
 * "The previous job definition is completely overwritten by this information" (Glue API reference): what is absent goes
 * back to its default. Runs under way keep what they began with.
 */
export const updateJob: JobOperation<UpdateJobRequest, UpdateJobResponse> = async (
  { JobName, JobUpdate },
  { jobStore, crawlerRoles, clock },
) => {
  await jobNamed(jobStore, JobName)
  const definition = definitionOf(JobUpdate)
  await checkRole(definition.role, crawlerRoles)
  await jobStore.updateJob(JobName, ({ name, tags, createdAtMs }) => ({
    ...definition,
    name,
    tags,
    createdAtMs,
    updatedAtMs: clock.nowMs(),
  }))
  return { JobName }
}
