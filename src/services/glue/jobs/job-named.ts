/** The job or run that an operation needs. */
import type { JobStore } from '../../../automation/jobs/job-store.ts'
import type { Job, JobRun } from '../../../automation/jobs/job-types.ts'
import { entityNotFound } from '../errors.ts'

/** Found, or refused in Glue's words. */
export async function jobNamed(store: JobStore, name: string): Promise<Job> {
  const job = await store.findJob(name)
  if (job === undefined) throw entityNotFound(`Job ${name} is not found.`)
  return job
}

export async function runNamed(store: JobStore, job: string, id: string): Promise<JobRun> {
  const run = await store.findRun(job, id)
  if (run === undefined) throw entityNotFound(`Job Run ${id} of job ${job} not found.`)
  return run
}
