import type { JobInput } from '../../../automation/jobs/job-types.ts'
import type { CreateJobRequest, CreateJobResponse } from '../../../wire/model/glue.ts'
import { checkRole } from '../crawlers/crawler-input.ts'
import { checkTags } from '../tags.ts'
import type { JobOperation } from './job-context.ts'
import { definitionOf } from './job-input.ts'

/** The script need not be there yet: each run reads it anew. */
export const createJob: JobOperation<CreateJobRequest, CreateJobResponse> = async (
  { Name, Tags = {}, ...definition },
  { jobStore, crawlerRoles },
) => {
  checkTags(Tags)
  const job: JobInput = { ...definitionOf(definition), name: Name, tags: Tags }
  await checkRole(job.role, crawlerRoles)
  await jobStore.createJob(job)
  return { Name }
}
