/** `examples/nightly-refine` as its README says: the workflow crawls, then its job refines what landed. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  GetJobRunsCommand,
  GetWorkflowRunCommand,
  StartWorkflowRunCommand,
  UpdateTriggerCommand,
} from '@aws-sdk/client-glue'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noBoto3, runAgainst, titled } from '../support/installed.ts'
import { CLI, eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  const quick = join(directory.path, 'lake.yaml')
  const file = readFileSync(join(EXAMPLES, 'first-lake', 'lake.yaml'), 'utf8')
  writeFileSync(quick, file.replace('seconds: 60', 'seconds: 0'))
  lakelet('apply', quick)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

function lakelet(...args: string[]): string {
  const env = { PATH: process.env['PATH'], ...lake.environment }
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`lakelet ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`)
  return stdout
}

function counts(table: string): readonly string[] {
  const sql = `SELECT count(*), count(DISTINCT event_id) FROM ${table}`
  const answer = lakelet('query', sql, '--database', 'how-kinesis', '--workgroup', 'how', '--json')
  return (JSON.parse(answer) as { rows: [readonly string[]] }).rows[0]
}

async function night(): Promise<object | undefined> {
  const { RunId } = await lake.glue.send(new StartWorkflowRunCommand({ Name: 'nightly-refine' }))
  return eventually('the night is over', async () => {
    const { Run } = await lake.glue.send(new GetWorkflowRunCommand({ Name: 'nightly-refine', RunId }))
    return Run?.Status === 'COMPLETED' ? Run.Statistics : undefined
  })
}

test.skipIf(noBoto3 !== undefined)(
  titled('each page view is counted once, however often its day is refined', noBoto3),
  async () => {
    const output = await runAgainst(lake, 'python3', [join(EXAMPLES, 'nightly-refine', 'create.py')])
    const [, promised] =
      /# prints: (.*)/.exec(readFileSync(join(EXAMPLES, 'nightly-refine', 'README.md'), 'utf8')) ?? []
    expect(output.trim()).toBe(promised)
    const simulated = lakelet(
      'simulate',
      '--stream',
      'egd-how',
      '--batch',
      '--rate',
      '300',
      '--duration',
      '1',
      '--json',
    )
    const { acknowledged } = JSON.parse(simulated) as { acknowledged: number }
    // By itself the job refines the day before.
    const day = new Date().toISOString().slice(0, 10)
    const Actions = [{ JobName: 'refine-page-views', Arguments: { '--DAY': day } }]
    await lake.glue.send(new UpdateTriggerCommand({ Name: 'nightly-refine-crawled', TriggerUpdate: { Actions } }))

    await eventually('all has landed', async () => {
      lakelet('crawl', 'how-kinesis')
      return counts('events')[0] === String(acknowledged) ? true : undefined
    })
    for (let count = 0; count < 2; count++) {
      const statistics = await night()
      const { JobRuns = [] } = await lake.glue.send(new GetJobRunsCommand({ JobName: 'refine-page-views' }))
      expect(JobRuns.flatMap(({ ErrorMessage }) => ErrorMessage ?? [])).toEqual([])
      expect(statistics).toMatchObject({ TotalActions: 2, SucceededActions: 2 })
    }
    expect(counts('page_views')).toEqual([String(acknowledged), String(acknowledged)])
  },
)
