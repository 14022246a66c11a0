/** The commands as a user types them, against a real lake. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena'
import { GetCrawlerCommand } from '@aws-sdk/client-glue'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI, eventually, startLake, startRefused, type TestLake, temporaryDirectory } from '../support/lake.ts'

const LAKE_FILE = fileURLToPath(new URL('../../examples/first-lake/lake.yaml', import.meta.url))

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

function lakelet(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...lake.environment },
  })
  return { status, stdout, stderr }
}

describe('apply', () => {
  test('makes everything the first time and changes nothing the second', () => {
    const outcomes = () =>
      (JSON.parse(lakelet('apply', LAKE_FILE, '--json').stdout) as { outcome: string }[]).map((step) => step.outcome)
    expect(new Set(outcomes())).toEqual(new Set(['created']))
    expect(new Set(outcomes())).toEqual(new Set(['unchanged']))
  })

  test('a crawler gets the schedule and the recrawl policy of its file, and loses them with it', async () => {
    const file = join(directory.path, 'crawler.yaml')
    const applied = async (more: string) => {
      writeFileSync(
        file,
        `roles: [{name: how-lake, services: [firehose, glue], buckets: [how.raw]}]
crawlers: [{name: nightly, role: how-lake, path: s3://how.raw/events, database: how-kinesis${more}}]`,
      )
      const steps = JSON.parse(lakelet('apply', file, '--json').stdout) as { what: string; outcome: string }[]
      const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: 'nightly' }))
      return {
        outcome: steps.find(({ what }) => what === 'crawler nightly')?.outcome,
        schedule: Crawler?.Schedule?.ScheduleExpression,
        recrawl: Crawler?.RecrawlPolicy?.RecrawlBehavior,
        update: Crawler?.SchemaChangePolicy?.UpdateBehavior,
      }
    }
    const nightly = ", schedule: 'cron(0 3 * * ? *)', recrawl: NEW_FOLDERS_ONLY"
    const scheduled = { schedule: 'cron(0 3 * * ? *)', recrawl: 'CRAWL_NEW_FOLDERS_ONLY', update: 'LOG' }
    const plain = { schedule: undefined, recrawl: 'CRAWL_EVERYTHING', update: 'UPDATE_IN_DATABASE' }
    expect(await applied(nightly)).toEqual({ outcome: 'created', ...scheduled })
    expect(await applied(nightly)).toEqual({ outcome: 'unchanged', ...scheduled })
    expect(await applied('')).toEqual({ outcome: 'updated', ...plain })
    expect(await applied('')).toEqual({ outcome: 'unchanged', ...plain })
  })

  test('a file that is not there is a sentence and status 1, not a stack', () => {
    const { status, stderr } = lakelet('apply', 'nowhere.yaml')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^lakelet: Cannot read the lake file .*nowhere\.yaml/)
    expect(stderr).not.toContain('    at ')
  })
})

describe('query', () => {
  const run = (sql: string, ...more: string[]) => lakelet('query', sql, '--output', 's3://how.results/', ...more)

  test('prints an aligned table with its run time and the data it scanned', () => {
    const { stdout, status } = run("SELECT 1 AS one, 'x' AS letter")
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ one │ letter\n─+┼─+\n {3}1 │ x\n1 row · run time .* · data scanned 0 B\n$/)
  })

  test('--json gives columns with types, and rows with null for NULL', () => {
    const answer = JSON.parse(run('SELECT CAST(NULL AS varchar) AS nothing, 2 AS two', '--json').stdout)
    expect(answer).toMatchObject({
      columns: [
        { name: 'nothing', type: 'varchar' },
        { name: 'two', type: 'integer' },
      ],
      rows: [[null, '2']],
    })
  })

  test.each([
    ['a column nobody knows', 'SELECT nope FROM (VALUES 1) AS t (a)', 'COLUMN_NOT_FOUND'],
    ['nonsense', 'SELEC 1', "mismatched input 'SELEC'"],
    ['a division by zero', 'SELECT 1 / 0', 'DIVISION_BY_ZERO'],
  ])("%s ends with status 1 and Athena's own words", (_name, sql, words) => {
    const { status, stderr } = run(sql)
    expect(status).toBe(1)
    expect(stderr).toContain(words)
  })
})

test('env prints lines that a shell can take', () => {
  const { stdout } = lakelet('env', '--data', lake.directory)
  const { accessKeyId } = JSON.parse(readFileSync(join(lake.directory, 'keys', 'root.json'), 'utf8'))
  expect(stdout).toContain(`export AWS_ENDPOINT_URL=${lake.endpoint}\n`)
  expect(stdout).toContain(`export AWS_ACCESS_KEY_ID=${accessKeyId}\n`)
})

test('doctor finds a healthy lake healthy', () => {
  const { status, stdout } = lakelet('doctor', '--data', lake.directory)
  expect(stdout).not.toContain('✗')
  expect(status).toBe(0)
})

test('simulate counts what was acknowledged', () => {
  const report = JSON.parse(
    lakelet('simulate', '--stream', 'egd-how', '--duration', '1', '--rate', '500', '--batch', '--seed', '1', '--json')
      .stdout,
  )
  expect(report.acknowledged).toBeGreaterThan(100)
  expect(report.acknowledged).toBeLessThanOrEqual(500)
})

test('every command explains itself', () => {
  for (const command of ['demo', 'up', 'apply', 'simulate', 'crawl', 'query', 'env', 'doctor']) {
    const { status, stdout } = lakelet(command, '--help')
    expect(status).toBe(0)
    expect(stdout).toContain(`lakelet ${command}`)
    expect(stdout).toContain('--json')
  }
})

describe('a lake that cannot start says why and what to do', () => {
  test('a second one on the same data directory', async () => {
    const { status, says } = await startRefused(lake.directory, ['--port', '0'])
    expect(status).toBe(1)
    expect(says).toMatch(/Another lakelet is using .*--data/)
  })

  test('a port in use', async () => {
    const other = temporaryDirectory()
    const { status, says } = await startRefused(other.path, ['--port', new URL(lake.endpoint).port])
    other.remove()
    expect(status).toBe(1)
    expect(says).toMatch(/in use.*--port/s)
  })

  test('open authentication on an address others can reach', async () => {
    const { status, says } = await startRefused(join(lake.directory, 'other'), ['--auth', 'open', '--host', '0.0.0.0'])
    expect(status).toBe(1)
    expect(says).toContain('refused on 0.0.0.0')
  })
})

describe('what goes wrong is said in words, with what to do', () => {
  const elsewhere = (variables: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [CLI, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...lake.environment, ...variables },
    })

  test.each([
    ['no lake', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, ['query', 'SELECT 1'], /Nothing answers[\s\S]*lakelet up/],
    ['no address', {}, ['query', 'SELECT 1', '--endpoint', 'foo'], /"foo" is not the address/],
    ['keys of another lake', { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, ['query', 'SELECT 1'], /lakelet env/],
    ['another region', { AWS_REGION: 'eu-west-1' }, ['query', 'SELECT 1'], /Unset AWS_REGION/],
    ['no place for results', {}, ['query', 'SELECT 1'], /--output s3:/],
    ['a stream nobody made', {}, ['simulate', '--stream', 'nope'], /Firehose nope[\s\S]*list-delivery-streams/],
    ['a crawler nobody made', {}, ['crawl', 'nope'], /nope does not exist\naws glue list-crawlers/],
    ['no site file', {}, ['simulate', '--stream', 'egd-how', '--config', 'nope.yml'], /Cannot read .*nope\.yml/],
    ['SQL without quotes', {}, ['query', 'SELECT', '1'], /Does it need quotes\?/],
    ['a file as data directory', {}, ['up', '--port', '0', '--data', CLI], /cannot be the data directory[\s\S]*--data/],
  ])('%s', (_name, variables, args, text) => {
    const { status, stdout, stderr } = elsewhere(variables, ...args)
    expect(status).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(text)
    expect(stderr).not.toMatch(/ {4}at |Warning/)
  })

  test('with --json the error is JSON too', () => {
    const { error } = JSON.parse(elsewhere({}, 'crawl', 'nope', '--json').stdout)
    expect(error).toMatchObject({ code: 'EntityNotFoundException', advice: expect.stringContaining('list-crawlers') })
  })

  test('LAKELET_DATA says where the lake is', () => {
    const env = { PATH: process.env['PATH'], LAKELET_DATA: lake.directory }
    const { stdout } = spawnSync(process.execPath, [CLI, 'env'], { encoding: 'utf8', env })
    expect(stdout).toContain(lake.endpoint)
  })
})

test('--version, -h and help COMMAND answer', () => {
  expect(lakelet('--version').stdout).toMatch(/^lakelet \d+\.\d+\.\d+\n$/)
  expect(lakelet('-h')).toEqual(lakelet('--help'))
  expect(lakelet('help', 'query').stdout).toBe(lakelet('query', '--help').stdout)
})

test('Ctrl-C ends a query with status 130, and the lake no longer works on it', async () => {
  const sql =
    'SELECT count(*) FROM UNNEST(sequence(1,9999)) a(x), UNNEST(sequence(1,9999)) b(y), UNNEST(sequence(1,9999)) c(z) WHERE x*y*z = 7'
  const child = spawn(process.execPath, [CLI, 'query', sql, '--output', 's3://how.results/'], {
    env: { PATH: process.env['PATH'], ...lake.environment },
    stdio: 'ignore',
  })
  const newest = async () => {
    const { QueryExecutionIds: [id = ''] = [] } = await lake.athena.send(new ListQueryExecutionsCommand({}))
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    return QueryExecution?.Query === sql ? QueryExecution.Status?.State : undefined
  }
  await eventually('the query runs', async () => ((await newest()) === 'RUNNING' ? true : undefined))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(await newest()).toBe('CANCELLED')
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s to npm run ends the lake in order', async (signal) => {
  const own = temporaryDirectory()
  const args = ['run', '-s', 'lakelet', '--', 'up', '--port', '0', '--data', own.path, '--json']
  const child = spawn('npm', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  await eventually('the lake is up', async () => (existsSync(join(own.path, 'address.json')) ? true : undefined))
  child.kill(signal)
  expect(await ended).toEqual([0, null])
  expect(existsSync(join(own.path, 'address.json'))).toBe(false)
  own.remove()
})

test('a lake stopped by SIGTERM ends well, and everything is there after it starts again', async () => {
  expect(await lake.stop()).toBe(0)
  lake = await startLake(directory.path)
  const outcomes = JSON.parse(lakelet('apply', LAKE_FILE, '--json').stdout) as { outcome: string }[]
  expect(new Set(outcomes.map((step) => step.outcome))).toEqual(new Set(['unchanged']))
})
