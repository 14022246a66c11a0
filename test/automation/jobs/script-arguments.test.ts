import { expect, test } from 'vitest'
import { checkArguments, extraFiles, scriptArguments } from '../../../src/automation/jobs/script-arguments.ts'

const job = { name: 'refine', defaultArguments: {}, nonOverridableArguments: {} }
const run = { id: 'jr_1', arguments: {} }
const ALWAYS = ['--JOB_NAME', 'refine', '--JOB_RUN_ID', 'jr_1']

test("a run's arguments go over the job's defaults, and nothing over those that nobody may change", () => {
  const defaultArguments = { '--a': 'default', '--b': 'default', '--c': 'default' }
  const nonOverridableArguments = { '--c': 'fixed' }
  const given = { ...run, arguments: { '--b': 'run', '--c': 'run' } }
  expect(scriptArguments({ ...job, defaultArguments, nonOverridableArguments }, given)).toEqual([
    ...['--a', 'default', '--b', 'run', '--c', 'fixed'],
    ...ALWAYS,
  ])
})

test('names of job and run are the true ones, whatever is given', () => {
  const given = { ...run, arguments: { '--JOB_NAME': 'another', '--x': '' } }
  expect(scriptArguments(job, given)).toEqual(['--x', '', ...ALWAYS])
})

test("a workflow's run is named to its jobs", () => {
  const by = { trigger: 'crawled', workflow: { name: 'nightly', runId: 'wr_1' } }
  expect(scriptArguments(job, { ...run, by })).toEqual([
    ...ALWAYS,
    ...['--WORKFLOW_NAME', 'nightly', '--WORKFLOW_RUN_ID', 'wr_1'],
  ])
  expect(scriptArguments(job, { ...run, by: { trigger: 'alone' } })).toEqual(ALWAYS)
})

test('what is for Glue itself does not reach the script', () => {
  const defaultArguments = {
    '--extra-py-files': 's3://b/a.py',
    '--job-language': 'python',
    '--enable-metrics': 'true',
    '--TempDir': 's3://b/temporary/',
  }
  expect(scriptArguments({ ...job, defaultArguments }, run)).toEqual(['--TempDir', 's3://b/temporary/', ...ALWAYS])
})

test.each([
  ['', []],
  ['s3://b/a.py', ['s3://b/a.py']],
  [' s3://b/a.py , s3://b/b.whl,', ['s3://b/a.py', 's3://b/b.whl']],
])('libraries of %j', (text, found) => {
  expect(extraFiles({ ...job, defaultArguments: { '--extra-py-files': text } }, run)).toEqual(found)
})

test.each(['--additional-python-modules', '--extra-files'])('%s, which is not done, is refused by name', (name) => {
  expect(() => checkArguments({ [name]: 'x' })).toThrow(`${name} is not offered by lakelet`)
  expect(() => checkArguments({ '--constructor': 'x' })).not.toThrow()
})
