/** boto3 and the AWS CLI, where they are installed, against a lake that verifies signatures. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noAwsCli, noBoto3, runAgainst } from '../../support/installed.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

test('boto3: every claim about metrics and logs holds', async ({ skip }) => {
  if (noBoto3 !== undefined) skip(noBoto3)
  const path = fileURLToPath(new URL('./boto3-session.py', import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake, 'python3', [path])) as { held: number }
  expect(held).toBe(23)
})

test('the AWS CLI: a metric is put and read, a log is written, searched and followed', async ({ skip }) => {
  if (noAwsCli !== undefined) skip(noAwsCli)
  const aws = async (...args: string[]) => (await runAgainst(lake, 'aws', [...args, '--output', 'json'])).trim()
  const metric = ['--namespace', 'Cli', '--metric-name', 'Jobs', '--dimensions']
  await aws('cloudwatch', 'put-metric-data', ...metric, 'Queue=a', '--value', '7', '--unit', 'Count')
  const listed = JSON.parse(await aws('cloudwatch', 'list-metrics', '--namespace', 'Cli')) as { Metrics: object[] }
  expect(listed.Metrics).toEqual([
    { Namespace: 'Cli', MetricName: 'Jobs', Dimensions: [{ Name: 'Queue', Value: 'a' }] },
  ])
  const span = ['--start-time', minutesFromNow(-10), '--end-time', minutesFromNow(2), '--period', '60']
  const statistics = await aws(
    'cloudwatch',
    'get-metric-statistics',
    ...metric,
    'Name=Queue,Value=a',
    ...span,
    '--statistics',
    'Sum',
  )
  expect(JSON.parse(statistics)).toMatchObject({ Label: 'Jobs', Datapoints: [{ Sum: 7, Unit: 'Count' }] })

  const group = ['--log-group-name', '/cli/app']
  await aws('logs', 'create-log-group', ...group)
  await aws('logs', 'create-log-stream', ...group, '--log-stream-name', 's')
  const event = JSON.stringify([{ timestamp: Date.now(), message: 'ERROR from the CLI' }])
  await aws('logs', 'put-log-events', ...group, '--log-stream-name', 's', '--log-events', event)
  const found = JSON.parse(await aws('logs', 'filter-log-events', ...group, '--filter-pattern', 'ERROR')) as {
    events: { message: string }[]
  }
  expect(found.events.map(({ message }) => message)).toEqual(['ERROR from the CLI'])
})

function minutesFromNow(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString()
}
