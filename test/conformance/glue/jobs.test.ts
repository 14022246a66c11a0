/** Glue jobs run the machine's Python on a real lake that verifies signatures and decides by policies. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobRunCommand,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBoto3, noPython, titled } from '../../support/installed.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const Bucket = 'how.raw'

const directory = temporaryDirectory()
let lake: TestLake
let logs: CloudWatchLogsClient
beforeAll(async () => {
  lake = await startLake(directory.path, [], { LAKELET_TEST_SECRET: 'of the lake alone' })
  const { endpoint, credentials } = lake
  logs = new CloudWatchLogsClient({ endpoint, credentials, region: 'us-east-1' })
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const trust = { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  for (const RoleName of ['job-role', 'mean-role'])
    await lake.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const Resource = [`arn:aws:s3:::${Bucket}/scripts/*`, `arn:aws:s3:::${Bucket}/out/*`]
  const statement = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await lake.iam.send(new PutRolePolicyCommand({ RoleName: 'job-role', PolicyName: 'out', PolicyDocument }))
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

/** A job of this name with this script. */
async function made(name: string, script: string, more: object = {}): Promise<void> {
  const Key = `scripts/${name}.py`
  await lake.s3.send(new PutObjectCommand({ Bucket, Key, Body: script }))
  const Command = { Name: 'pythonshell', ScriptLocation: `s3://${Bucket}/${Key}`, PythonVersion: '3.9' }
  await lake.glue.send(new CreateJobCommand({ Name: name, Role: 'job-role', Command, ...more }))
}

async function started(JobName: string, Arguments: Record<string, string> = {}): Promise<string> {
  const { JobRunId = '' } = await lake.glue.send(new StartJobRunCommand({ JobName, Arguments }))
  return JobRunId
}

function runWhen(JobName: string, RunId: string, is: (run: JobRun) => boolean): Promise<JobRun> {
  return eventually(`run ${RunId} is so`, async () => {
    const { JobRun } = await lake.glue.send(new GetJobRunCommand({ JobName, RunId }))
    return JobRun !== undefined && is(JobRun) ? JobRun : undefined
  })
}

const ended = (name: string, id: string) => runWhen(name, id, ({ CompletedOn }) => CompletedOn !== undefined)

async function linesOf(id: string, stream: 'output' | 'error' = 'output'): Promise<(string | undefined)[]> {
  const place = { logGroupName: `/aws-glue/python-jobs/${stream}`, logStreamName: id }
  const { events = [] } = await logs.send(new GetLogEventsCommand({ ...place, startFromHead: true }))
  return events.map(({ message }) => message)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.skipIf(noPython !== undefined)(titled('Python shell jobs', noPython), () => {
  test('a script finds its arguments as Glue gives them, and prints to its log', async () => {
    const script = [
      'import sys',
      'from awsglue.utils import GlueArgumentError, getResolvedOptions',
      "options = getResolvedOptions(sys.argv, ['JOB_NAME', 'day', 'page'])",
      "print(options['JOB_NAME'], options['day'], options['page'])",
      "try: getResolvedOptions(sys.argv, ['none'])",
      'except GlueArgumentError: print("none is missing")',
    ].join('\n')
    await made('arguments', script, { DefaultArguments: { '--day': 'today', '--page': '/a b' } })
    const id = await started('arguments', { '--day': '2026-01-02' })
    expect((await ended('arguments', id)).JobRunState).toBe('SUCCEEDED')
    expect(await linesOf(id)).toEqual(['arguments 2026-01-02 /a b', 'none is missing'])
  })

  test("a script has nothing of lakelet's environment, and a folder of its own that goes with it", async () => {
    const script = [
      'import os, tempfile',
      'print("secret", any("SECRET" in name and "AWS" not in name for name in os.environ))',
      'print(os.path.expanduser("~") == os.environ["HOME"] and os.listdir(os.environ["HOME"]) == [])',
      'print(tempfile.gettempdir())',
    ].join('\n')
    await made('environment', script)
    const id = await started('environment')
    await ended('environment', id)
    const [secret, home, folder = ''] = await linesOf(id)
    expect([secret, home]).toEqual(['secret False', 'True'])
    expect(folder).toContain(id)
    const look = 'import os, sys; print(os.path.exists(sys.argv[sys.argv.index("--folder") + 1]))'
    await made('look', look, { DefaultArguments: { '--folder': folder } })
    const looked = await started('look')
    await ended('look', looked)
    expect(await linesOf(looked)).toEqual(['False'])
  })

  test.skipIf(noBoto3 !== undefined)(
    titled('a script works on the lake with the rights of its role', noBoto3),
    async () => {
      const script = [
        'import boto3',
        's3 = boto3.client("s3")',
        's3.put_object(Bucket="how.raw", Key="out/a.txt", Body=b"written by a job")',
        'print(boto3.client("sts").get_caller_identity()["Arn"])',
        'try: s3.put_object(Bucket="how.raw", Key="elsewhere.txt", Body=b"")',
        'except s3.exceptions.ClientError as error: print(error.response["Error"]["Code"])',
      ].join('\n')
      await made('writes', script)
      const id = await started('writes')
      expect(await ended('writes', id)).toMatchObject({ JobRunState: 'SUCCEEDED' })
      const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'out/a.txt' }))
      expect(await Body?.transformToString()).toBe('written by a job')
      expect(await linesOf(id)).toEqual([
        'arn:aws:sts::000000000000:assumed-role/job-role/GlueJobRunnerSession',
        'AccessDenied',
      ])
    },
  )

  test('libraries in S3 can be imported', async () => {
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'scripts/greeting.py', Body: 'text = "from a library"' }))
    await made('imports', 'import greeting; print(greeting.text)', {
      DefaultArguments: { '--extra-py-files': `s3://${Bucket}/scripts/greeting.py` },
    })
    const id = await started('imports')
    expect(await ended('imports', id)).toMatchObject({ JobRunState: 'SUCCEEDED' })
    expect(await linesOf(id)).toEqual(['from a library'])
  })

  test('a script that raises fails with its exception, is tried again, and its traceback is in the log', async () => {
    await made('fails', 'print("begun")\nraise KeyError("day")', { MaxRetries: 1 })
    const id = await started('fails')
    const again = `${id}_attempt_1`
    await ended('fails', id)
    const second = await ended('fails', again)
    expect(second).toMatchObject({
      JobRunState: 'FAILED',
      Attempt: 1,
      PreviousRunId: id,
      ErrorMessage: "KeyError: 'day'",
    })
    expect(await linesOf(again)).toEqual(['begun'])
    const errors = await linesOf(again, 'error')
    expect(errors[0]).toBe('Traceback (most recent call last):')
    expect(errors.at(-1)).toBe("FAILED: KeyError: 'day'")
  })

  test.each([
    ['exits', 'import sys; sys.exit(3)', 'Command failed with exit code 3'],
    ['kills', 'import os; os.kill(os.getpid(), 9)', 'Command failed with exit code 137'],
    ['breaks', 'this is no Python', 'SyntaxError: invalid syntax'],
  ])('a script that %s has failed', async (name, script, message) => {
    await made(name, script)
    expect(await ended(name, await started(name))).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: message })
  })

  test('what a script has started ends with it', async () => {
    const script = [
      'import subprocess, sys',
      'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])',
      'print(child.pid)',
    ].join('\n')
    await made('leaves', script)
    const id = await started('leaves')
    expect((await ended('leaves', id)).JobRunState).toBe('SUCCEEDED')
    const [pid] = await linesOf(id)
    await eventually('the process is gone', async () => (isThere(Number(pid)) ? undefined : true))
  })

  test('a script that is stopped may tidy up first', async () => {
    const script = [
      'import signal, sys, time',
      'signal.signal(signal.SIGTERM, lambda *_: (print("tidied up"), sys.exit(0)))',
      'print("at work")',
      'time.sleep(600)',
    ].join('\n')
    await made('waits', script)
    const id = await started('waits')
    await eventually('it is at work', async () => {
      const lines = await linesOf(id).catch((): string[] => [])
      return lines.includes('at work') ? true : undefined
    })
    const { SuccessfulSubmissions } = await lake.glue.send(
      new BatchStopJobRunCommand({ JobName: 'waits', JobRunIds: [id] }),
    )
    expect(SuccessfulSubmissions).toEqual([{ JobName: 'waits', JobRunId: id }])
    expect((await ended('waits', id)).JobRunState).toBe('STOPPED')
    expect(await linesOf(id)).toEqual(['at work', 'tidied up'])
  })

  test('a role that may not read the script fails the run with a sentence', async () => {
    await made('unread', 'print(1)')
    await made('mean', 'print(1)', { Role: 'mean-role' })
    expect(await ended('mean', await started('mean'))).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: `s3://${Bucket}/scripts/mean.py cannot be read: the job's role is not allowed s3:GetObject on it.`,
    })
  })

  test('a script that prints a hundred thousand lines loses none of the first and holds nobody up', async () => {
    await made('talks', 'for n in range(100_000): print(n)')
    const id = await started('talks')
    expect((await ended('talks', id)).JobRunState).toBe('SUCCEEDED')
    const place = { logGroupName: '/aws-glue/python-jobs/output', logStreamName: id, startFromHead: true }
    let nextToken: string | undefined
    let count = 0
    for (;;) {
      const page = await logs.send(new GetLogEventsCommand({ ...place, ...(nextToken && { nextToken }) }))
      for (const { message } of page.events ?? []) expect(message).toBe(String(count++))
      if (page.nextForwardToken === nextToken) break
      nextToken = page.nextForwardToken
    }
    expect(count).toBe(100_000)
  })
})

test('a lake without jobs refuses to start a run, and says what to do', async () => {
  const other = temporaryDirectory()
  const quiet = await startLake(other.path, ['--auth', 'open', '--jobs', 'off'])
  try {
    const Command = { Name: 'pythonshell', ScriptLocation: 's3://b/a.py' }
    await quiet.glue.send(new CreateJobCommand({ Name: 'j', Role: 'r', Command }))
    await expect(quiet.glue.send(new StartJobRunCommand({ JobName: 'j' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('--jobs on'),
    })
  } finally {
    await quiet.stop()
    other.remove()
  }
})

test('where there is no Python a run fails and says what to install', async () => {
  const other = temporaryDirectory()
  const bare = await startLake(other.path, ['--auth', 'open', '--job-python', '/no/such/python'])
  try {
    await bare.s3.send(new CreateBucketCommand({ Bucket: 'b.scripts' }))
    await bare.s3.send(new PutObjectCommand({ Bucket: 'b.scripts', Key: 'a.py', Body: 'print(1)' }))
    const Command = { Name: 'pythonshell', ScriptLocation: 's3://b.scripts/a.py' }
    await bare.glue.send(new CreateJobCommand({ Name: 'j', Role: 'r', Command }))
    const { JobRunId = '' } = await bare.glue.send(new StartJobRunCommand({ JobName: 'j' }))
    const run = await eventually('the run has ended', async () => {
      const { JobRun } = await bare.glue.send(new GetJobRunCommand({ JobName: 'j', RunId: JobRunId }))
      return JobRun?.CompletedOn === undefined ? undefined : JobRun
    })
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringContaining('install Python 3.8') })
  } finally {
    await bare.stop()
    other.remove()
  }
})
