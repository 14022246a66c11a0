/**
 * Kills a real lake while a script and a workflow are at work. The script ends with the lake, its run has failed when the
 * lake is back, and the workflow goes on from there.
 */
import {
  CreateCrawlerCommand,
  CreateJobCommand,
  CreateTriggerCommand,
  CreateWorkflowCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GetWorkflowRunCommand,
  StartJobRunCommand,
  StartWorkflowRunCommand,
} from '@aws-sdk/client-glue'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { noPython, titled } from '../support/installed.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'lake.raw'
const ROUNDS = 5

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path, ['--auth', 'open'])
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

async function killed(): Promise<void> {
  await lake.kill()
  lake = await startLake(directory.path, ['--auth', 'open'])
}

async function makeJob(Name: string, script: string): Promise<void> {
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: `scripts/${Name}.py`, Body: script }))
  const Command = { Name: 'pythonshell', ScriptLocation: `s3://${Bucket}/scripts/${Name}.py` }
  await lake.glue.send(new CreateJobCommand({ Name, Role: 'r', Command, ExecutionProperty: { MaxConcurrentRuns: 9 } }))
}

describe.skipIf(noPython !== undefined)(titled('a lake that is killed', noPython), () => {
  test('takes its scripts with it, and says so of their runs', async () => {
    await makeJob('sleeps', SLEEPS)
    const { JobRunId: RunId } = await lake.glue.send(new StartJobRunCommand({ JobName: 'sleeps' }))
    const pid = await eventually('the script is at work', async () => {
      const answer = await fetch(`${lake.endpoint}/${Bucket}/pid`)
      return answer.ok ? Number(await answer.text()) : undefined
    })
    expect(isThere(pid)).toBe(true)
    await killed()
    const { JobRun } = await lake.glue.send(new GetJobRunCommand({ JobName: 'sleeps', RunId }))
    expect(JobRun).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: 'lakelet ended while the job was running. Start the run again.',
    })
    await eventually('the script is gone', async () => (isThere(pid) ? undefined : true))
  })

  test('goes on with its workflows: each action was started once, and every run ends', async () => {
    await makeJob('quick', 'print(1)')
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'events/a.json', Body: '{"a":1}\n' }))
    const Targets = { S3Targets: [{ Path: `s3://${Bucket}/events/` }] }
    await lake.glue.send(new CreateCrawlerCommand({ Name: 'raw', Role: 'r', DatabaseName: 'raw', Targets }))
    await lake.glue.send(new CreateWorkflowCommand({ Name: 'nightly' }))
    const inWorkflow = { WorkflowName: 'nightly' }
    const Actions = [{ CrawlerName: 'raw' }, { JobName: 'quick' }]
    await lake.glue.send(new CreateTriggerCommand({ ...inWorkflow, Name: 'start', Type: 'ON_DEMAND', Actions }))
    for (const State of ['SUCCEEDED', 'FAILED'] as const) {
      const Conditions = [{ LogicalOperator: 'EQUALS' as const, JobName: 'quick', State }]
      await lake.glue.send(
        new CreateTriggerCommand({
          ...inWorkflow,
          Name: `quick ${State}`,
          Type: 'CONDITIONAL',
          StartOnCreation: true,
          Predicate: { Conditions },
          Actions: [{ JobName: 'quick' }],
        }),
      )
    }
    const random = seededRandom(4)
    for (let round = 0; round < ROUNDS; round++) {
      const { RunId } = await lake.glue.send(new StartWorkflowRunCommand({ Name: 'nightly' }))
      await new Promise((resolve) => setTimeout(resolve, random.unit() * 400))
      await killed()
      const run = await eventually('the run has ended', async () => {
        const { Run } = await lake.glue.send(new GetWorkflowRunCommand({ Name: 'nightly', RunId }))
        return Run?.Status === 'COMPLETED' ? Run : undefined
      })
      const { TotalActions: _, RunningActions, ...counts } = run.Statistics ?? {}
      expect(RunningActions).toBe(0)
      // The crawler, the job, and the job again by one of the two triggers, and by both when it failed after it succeeded.
      const done = Object.values(counts).reduce((sum: number, count) => sum + (count ?? 0), 0)
      expect([3, 4]).toContain(done)
    }
    const { JobRuns = [] } = await lake.glue.send(new GetJobRunsCommand({ JobName: 'quick' }))
    expect(JobRuns.filter(({ CompletedOn }) => CompletedOn === undefined)).toEqual([])
    expect(new Set(JobRuns.map(({ Id }) => Id)).size).toBe(JobRuns.length)
  })
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Says who it is, with nothing but what Python brings along (an open lake asks for no signature), and has no end. */
const SLEEPS = `
import os, time, urllib.request
url = os.environ["AWS_ENDPOINT_URL"] + "/lake.raw/pid"
urllib.request.urlopen(urllib.request.Request(url, data=str(os.getpid()).encode(), method="PUT"))
time.sleep(600)
`
