/** The producers of `examples/`, run as their READMEs say: each prints what its README promises, and SQL counts every event once. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noBoto3, runAgainst, titled } from '../support/installed.ts'
import { CLI, eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))

const directory = temporaryDirectory()
let lake: TestLake
let expected = 0

beforeAll(async () => {
  lake = await startLake(directory.path)
  const file = readFileSync(join(EXAMPLES, 'first-lake', 'lake.yaml'), 'utf8')
  expect(file).toContain('seconds: 60')
  const quick = join(directory.path, 'lake.yaml')
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

function promised(example: string): string {
  const [, text = ''] = /# prints: (.*)/.exec(readFileSync(join(EXAMPLES, example, 'README.md'), 'utf8')) ?? []
  expect(text).not.toBe('')
  return text
}

/** Crawls and counts until all that was acknowledged is there; more than that never is. */
async function countIs(events: number): Promise<void> {
  const sql = 'SELECT count(*), count(DISTINCT event_id) FROM events'
  await eventually(`${events} events in the lake`, async () => {
    const { tables } = JSON.parse(lakelet('crawl', 'how-kinesis', '--json'))
    if (tables.length === 0) return undefined
    const { rows } = JSON.parse(lakelet('query', sql, '--database', 'how-kinesis', '--workgroup', 'how', '--json'))
    const [counted, distinct] = (rows[0] as string[]).map(Number)
    expect(distinct).toBe(counted)
    expect(counted).toBeLessThanOrEqual(events)
    return counted === events ? true : undefined
  })
}

test('js-producer: the AWS SDK sends a batch', async () => {
  const output = await runAgainst(lake, process.execPath, [join(EXAMPLES, 'js-producer', 'producer.mjs')])
  expect(output.trim()).toBe(promised('js-producer'))
  expected += 8
  await countIs(expected)
})

test.skipIf(noBoto3 !== undefined)(titled('boto3-producer: boto3 sends one call an event', noBoto3), async () => {
  const output = await runAgainst(lake, 'python3', [join(EXAMPLES, 'boto3-producer', 'producer.py')])
  expect(output.trim()).toBe(promised('boto3-producer'))
  expected += 8
  await countIs(expected)
})
