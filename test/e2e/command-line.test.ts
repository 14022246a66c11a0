/** The commands as a user types them, against a real lake. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI, startLake, startRefused, type TestLake, temporaryDirectory } from '../support/lake.ts'

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

test('a lake stopped by SIGTERM ends well, and everything is there after it starts again', async () => {
  expect(await lake.stop()).toBe(0)
  lake = await startLake(directory.path)
  const outcomes = JSON.parse(lakelet('apply', LAKE_FILE, '--json').stdout) as { outcome: string }[]
  expect(new Set(outcomes.map((step) => step.outcome))).toEqual(new Set(['unchanged']))
})
