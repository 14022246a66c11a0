/** Jobs and their runs in SQLite, a row each. */
import type { Clock } from '../../../platform/clock.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { MetadataDatabase } from '../../../platform/sqlite.ts'
import { type EndedRun, type JobRefusal, type JobStore, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../job-store.ts'
import { hasEnded, type Job, type JobInput, type JobRun } from '../job-types.ts'
import { JOB_COMPONENT, JOB_MIGRATIONS } from './job-schema.ts'

interface Body {
  readonly body: string
}

function prepareStatements(database: MetadataDatabase) {
  const one = (sql: string) => database.prepare<Body>(sql)
  return {
    jobNamed: one('SELECT body FROM job WHERE name = ?'),
    jobs: one('SELECT body FROM job ORDER BY name'),
    insertJob: one('INSERT INTO job VALUES (?, ?)'),
    updateJob: one('UPDATE job SET body = ? WHERE name = ?'),
    deleteJob: one('DELETE FROM job WHERE name = ?'),
    runNamed: one('SELECT body FROM job_run WHERE job = ? AND id = ?'),
    runs: one('SELECT body FROM job_run WHERE job = ? ORDER BY sequence DESC LIMIT ?'),
    runsBefore: one(`
      SELECT body FROM job_run
      WHERE job = ?1 AND sequence < (SELECT sequence FROM job_run WHERE job = ?1 AND id = ?2)
      ORDER BY sequence DESC LIMIT ?3
    `),
    unended: one('SELECT body FROM job_run WHERE has_ended = 0 ORDER BY sequence'),
    countUnended: database.prepare<{ count: number }>(
      'SELECT count(*) AS count FROM job_run WHERE job = ? AND has_ended = 0',
    ),
    insertRun: one('INSERT INTO job_run (job, id, started_at_ms, has_ended, body) VALUES (?, ?, ?, ?, ?)'),
    updateRun: one('UPDATE job_run SET has_ended = ?, body = ? WHERE job = ? AND id = ?'),
    deleteRuns: one('DELETE FROM job_run WHERE job = ?'),
    deleteOldRuns: one(`
      DELETE FROM job_run WHERE job = ?1 AND has_ended = 1 AND (started_at_ms < ?2 OR sequence <= (
        SELECT sequence FROM job_run WHERE job = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ${RUNS_KEPT_MAX}))
    `),
  }
}

export class EmbeddedJobStore implements JobStore {
  readonly #database: MetadataDatabase
  readonly #clock: Clock
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#database.migrate(JOB_COMPONENT, JOB_MIGRATIONS)
    this.#sql = prepareStatements(this.#database)
  }

  createJob(input: JobInput): Promise<Job> {
    return this.#database.write(() => {
      if (this.#sql.jobNamed.get(input.name) !== undefined)
        throw refuse('jobExists', `Job with name: ${input.name} already submitted.`)
      const nowMs = this.#clock.nowMs()
      const job: Job = { ...input, createdAtMs: nowMs, updatedAtMs: nowMs }
      this.#sql.insertJob.run(job.name, JSON.stringify(job))
      return job
    })
  }

  async findJob(name: string): Promise<Job | undefined> {
    const row = this.#sql.jobNamed.get(name)
    return row && toJob(row)
  }

  async jobs(): Promise<readonly Job[]> {
    return this.#sql.jobs.all().map(toJob)
  }

  updateJob(name: string, change: (current: Job) => Job): Promise<Job> {
    return this.#database.write(() => {
      const updated = change(this.#jobNamed(name))
      this.#sql.updateJob.run(JSON.stringify(updated), name)
      return updated
    })
  }

  deleteJob(name: string): Promise<void> {
    return this.#database.write(() => {
      if (this.#countUnended(name) > 0)
        throw refuse('jobHasRuns', `Job ${name} has runs that have not ended: stop them first.`)
      this.#sql.deleteRuns.run(name)
      this.#sql.deleteJob.run(name)
    })
  }

  addRun(name: string, make: (job: Job, unended: number) => JobRun): Promise<JobRun> {
    return this.#database.write(() => this.#insertRun(make(this.#jobNamed(name), this.#countUnended(name))))
  }

  async findRun(job: string, id: string): Promise<JobRun | undefined> {
    const row = this.#sql.runNamed.get(job, id)
    return row && toRun(row)
  }

  async runs(job: string, { before, limit }: { before?: string; limit: number }): Promise<readonly JobRun[]> {
    const rows = before === undefined ? this.#sql.runs.all(job, limit) : this.#sql.runsBefore.all(job, before, limit)
    return rows.map(toRun)
  }

  async unendedRuns(): Promise<readonly JobRun[]> {
    return this.#sql.unended.all().map(toRun)
  }

  updateRun(job: string, id: string, change: (current: JobRun) => JobRun): Promise<JobRun> {
    return this.#database.write(() => this.#updateRun(job, id, change))
  }

  endRun(
    job: string,
    id: string,
    change: (current: JobRun) => JobRun,
    again: (ended: JobRun, job: Job) => JobRun | undefined = () => undefined,
  ): Promise<EndedRun> {
    return this.#database.write(() => {
      const ended = this.#updateRun(job, id, change)
      const next = again(ended, this.#jobNamed(job))
      return { ended, again: next && this.#insertRun(next) }
    })
  }

  #insertRun(run: JobRun): JobRun {
    this.#sql.insertRun.run(run.job, run.id, run.startedAtMs, Number(hasEnded(run)), JSON.stringify(run))
    this.#sql.deleteOldRuns.run(run.job, this.#clock.nowMs() - RUNS_KEPT_MS)
    return run
  }

  #updateRun(job: string, id: string, change: (current: JobRun) => JobRun): JobRun {
    const row = this.#sql.runNamed.get(job, id)
    if (row === undefined) throw refuse('jobRunNotFound', `Job Run ${id} of job ${job} not found.`)
    const updated = change(toRun(row))
    this.#sql.updateRun.run(Number(hasEnded(updated)), JSON.stringify(updated), job, id)
    return updated
  }

  #jobNamed(name: string): Job {
    const row = this.#sql.jobNamed.get(name)
    if (row === undefined) throw refuse('jobNotFound', `Failed to get the job ${name}: there is no such job.`)
    return toJob(row)
  }

  #countUnended(name: string): number {
    return this.#sql.countUnended.get(name)?.count ?? 0
  }
}

function refuse(code: JobRefusal, message: string): Refusal<JobRefusal> {
  return new Refusal(code, message)
}

function toJob({ body }: Body): Job {
  return JSON.parse(body) as Job
}

function toRun({ body }: Body): JobRun {
  return JSON.parse(body) as JobRun
}
