/** A JobStore in memory, with all promises of the port: `test/contracts/job-store.ts` runs against it too. */
import {
  type EndedRun,
  type JobRefusal,
  type JobStore,
  RUNS_KEPT_MAX,
  RUNS_KEPT_MS,
} from '../../src/automation/jobs/job-store.ts'
import { hasEnded, type Job, type JobInput, type JobRun } from '../../src/automation/jobs/job-types.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const copy = <Value>(value: Value): Value => structuredClone(value)

export class MemoryJobStore implements JobStore {
  readonly #clock: Clock
  readonly #jobs = new Map<string, Job>()
  /** Of each job, oldest first. */
  readonly #runs = new Map<string, JobRun[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async createJob(input: JobInput): Promise<Job> {
    if (this.#jobs.has(input.name)) throw refuse('jobExists', `Job with name: ${input.name} already submitted.`)
    const nowMs = this.#clock.nowMs()
    this.#jobs.set(input.name, copy({ ...input, createdAtMs: nowMs, updatedAtMs: nowMs }))
    return copy(this.#job(input.name))
  }

  async findJob(name: string): Promise<Job | undefined> {
    return copy(this.#jobs.get(name))
  }

  async jobs(): Promise<readonly Job[]> {
    return copy([...this.#jobs.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
  }

  async updateJob(name: string, change: (current: Job) => Job): Promise<Job> {
    this.#jobs.set(name, copy(change(copy(this.#job(name)))))
    return copy(this.#job(name))
  }

  async deleteJob(name: string): Promise<void> {
    if (this.#unended(name) > 0)
      throw refuse('jobHasRuns', `Job ${name} has runs that have not ended: stop them first.`)
    this.#jobs.delete(name)
    this.#runs.delete(name)
  }

  async addRun(job: string, make: (job: Job, unended: number) => JobRun): Promise<JobRun> {
    return this.#insert(make(copy(this.#job(job)), this.#unended(job)))
  }

  async findRun(job: string, id: string): Promise<JobRun | undefined> {
    return copy(this.#runs.get(job)?.find((run) => run.id === id))
  }

  async runs(job: string, { before, limit }: { before?: string; limit: number }): Promise<readonly JobRun[]> {
    const newestFirst = [...(this.#runs.get(job) ?? [])].reverse()
    const start = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1
    return copy(newestFirst.slice(start, start + limit))
  }

  async unendedRuns(): Promise<readonly JobRun[]> {
    return copy([...this.#runs.values()].flat().filter((run) => !hasEnded(run)))
  }

  async updateRun(job: string, id: string, change: (current: JobRun) => JobRun): Promise<JobRun> {
    const runs = this.#runs.get(job) ?? []
    const index = runs.findIndex((run) => run.id === id)
    const current = runs[index]
    if (current === undefined) throw refuse('jobRunNotFound', `Job Run ${id} of job ${job} not found.`)
    runs[index] = copy(change(copy(current)))
    return copy(runs[index])
  }

  async endRun(
    job: string,
    id: string,
    change: (current: JobRun) => JobRun,
    again: (ended: JobRun, job: Job) => JobRun | undefined = () => undefined,
  ): Promise<EndedRun> {
    const ended = await this.updateRun(job, id, change)
    const next = again(ended, copy(this.#job(job)))
    return { ended, again: next && this.#insert(next) }
  }

  #insert(run: JobRun): JobRun {
    const oldestMs = this.#clock.nowMs() - RUNS_KEPT_MS
    const runs = [...(this.#runs.get(run.job) ?? []), copy(run)]
    const kept = runs.filter(
      (one, index) => !hasEnded(one) || (one.startedAtMs >= oldestMs && index >= runs.length - RUNS_KEPT_MAX),
    )
    this.#runs.set(run.job, kept)
    return copy(run)
  }

  #job(name: string): Job {
    const job = this.#jobs.get(name)
    if (job === undefined) throw refuse('jobNotFound', `Failed to get the job ${name}: there is no such job.`)
    return job
  }

  #unended(name: string): number {
    return (this.#runs.get(name) ?? []).filter((run) => !hasEnded(run)).length
  }
}

function refuse(code: JobRefusal, message: string): Refusal<JobRefusal> {
  return new Refusal(code, message)
}
