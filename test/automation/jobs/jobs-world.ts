/** Jobs over a memory store and scripts that end when a test says so. */
import type { JobRunOutcome } from '../../../src/automation/job-runs.ts'
import type { JobInput } from '../../../src/automation/jobs/job-types.ts'
import { type Jobs, type JobsParts, openJobs } from '../../../src/automation/jobs/jobs.ts'
import type { Script, ScriptOutput, ScriptRunner } from '../../../src/automation/jobs/script-runner.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import { Refusal } from '../../../src/platform/refusal.ts'
import { jobInput } from '../../contracts/job-store.ts'
import { FakeClock, settle } from '../../support/fake-clock.ts'
import { MemoryJobStore } from '../../support/memory-job-store.ts'

export interface FakeScript {
  readonly script: Script
  readonly output: ScriptOutput
  readonly isStopped: boolean
  end(status: number): Promise<void>
}

/** Scripts end by `end`; one that is stopped ends at once, unless it does not mind. */
export class FakeRunner implements ScriptRunner {
  readonly scripts: FakeScript[] = []
  mindsStop = true
  refusal: Refusal | undefined

  async start(script: Script, output: ScriptOutput) {
    if (this.refusal !== undefined) throw this.refusal
    let isStopped = false
    let resolve: (end: { status: number }) => void = () => undefined
    const ended = new Promise<{ status: number }>((settled) => {
      resolve = settled
    })
    this.scripts.push({
      script,
      output,
      get isStopped() {
        return isStopped
      },
      async end(status) {
        resolve({ status })
        await settle()
      },
    })
    return {
      ended,
      stop: () => {
        isStopped = true
        if (this.mindsStop) resolve({ status: 143 })
      },
    }
  }

  get last(): FakeScript {
    const last = this.scripts.at(-1)
    if (last === undefined) throw new Error('no script was started')
    return last
  }
}

export interface JobsWorld {
  readonly clock: FakeClock
  readonly store: MemoryJobStore
  readonly runner: FakeRunner
  /** Objects by location. */
  readonly objects: Map<string, string>
  readonly outcomes: JobRunOutcome[]
  readonly lines: { readonly group: string; readonly stream: string; readonly message: string }[]
  readonly parts: JobsParts
  jobs: Jobs
  /** The process is killed and another one opens the lake. */
  crash(): Promise<void>
  states(): Promise<string[]>
}

export async function jobsWorld(job: Partial<JobInput> = {}, parts: Partial<JobsParts> = {}): Promise<JobsWorld> {
  const clock = new FakeClock()
  const store = new MemoryJobStore(clock)
  const runner = new FakeRunner()
  const objects = new Map([[jobInput.scriptLocation, 'print(1)']])
  const outcomes: JobRunOutcome[] = []
  const lines: JobsWorld['lines'] = []
  const all: JobsParts = {
    store,
    runner,
    clock,
    ids: new Ids(seededRandom(5)),
    log: silentLog,
    roles: {
      keysOf: async (role, sessionName, seconds) => ({
        accessKeyId: `key of ${role}`,
        secretAccessKey: sessionName,
        token: `for ${seconds} s`,
      }),
      async read(location) {
        const body = objects.get(location)
        if (body === undefined) throw new Refusal('cannotRun', `${location} cannot be read: there is no such object.`)
        return Buffer.from(body)
      },
    },
    jobLog: {
      append: (group, stream, message) => void lines.push({ group, stream, message }),
      flush: async () => undefined,
    },
    observer: { ended: (outcome) => void outcomes.push(outcome) },
    ...parts,
  }
  await store.createJob({ ...jobInput, ...job })
  const world: JobsWorld = {
    clock,
    store,
    runner,
    objects,
    outcomes,
    lines,
    parts: all,
    jobs: await openJobs(all),
    async crash() {
      world.jobs = await openJobs(all)
    },
    states: async () => (await store.runs(jobInput.name, { limit: 10 })).map(({ state }) => state).reverse(),
  }
  return world
}
