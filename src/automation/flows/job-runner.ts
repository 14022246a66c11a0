/** Jobs as triggers and workflows use them. */
import { isRefusal } from '../../platform/refusal.ts'
import type { JobRuns } from '../job-runs.ts'
import type { EndState } from './flow-types.ts'
import type { Runner } from './flows.ts'

export function jobRunner(jobs: JobRuns): Runner {
  return {
    newRunId: () => jobs.newRunId(),
    async start(action, runId, by) {
      if (action.kind !== 'job') throw new Error(`${action.name} is no job`)
      const { name: job, arguments: given, timeoutMinutes } = action
      await jobs.start({ job, runId, by, arguments: given, ...(timeoutMinutes !== undefined && { timeoutMinutes }) })
    },
    async stop(name, runId) {
      try {
        await jobs.stop(name, runId)
      } catch (error) {
        // It has ended meanwhile, or was never started.
        if (!isRefusal(error)) throw error
      }
    },
    async find(name, runId) {
      const found = await jobs.find(name, runId)
      if (found === undefined) return undefined
      return ENDED.has(found.state) ? (found.state as EndState) : 'RUNNING'
    },
  }
}

const ENDED: ReadonlySet<string> = new Set<EndState>(['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT'])
