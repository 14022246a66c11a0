/** boto3 and the AWS CLI against the gateway over fakes, where they are installed: clients nobody here wrote. */
import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { iamService } from '../../../src/services/iam/index.ts'
import { stsService } from '../../../src/services/sts/index.ts'
import { type FakeLake, fakeFirehose, startFakeLake } from '../../support/fake-lake.ts'
import { ROOT_KEY, testCredentials } from '../../support/test-identities.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('./boto3-script.py', import.meta.url))

function isInstalled(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    // Not on this machine: the tests that need it are skipped and say so.
    return false
  }
}

let lake: FakeLake
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  const { identities, sessions, credentials } = testCredentials()
  lake = await startFakeLake({
    parts: {
      services: [fakeFirehose([]), iamService(identities), stsService({ identities, sessions })],
      authenticator: credentials,
    },
  })
  env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    PYENV_ROOT: process.env['PYENV_ROOT'],
    AWS_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: lake.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
})

afterAll(() => lake.gateway.close())

test.skipIf(!isInstalled('python3', '-c', 'import boto3'))(
  'boto3: roles, users, objects, records, refusals',
  async () => {
    const { stdout } = await run('python3', [SCRIPT], { env })
    expect(JSON.parse(stdout)).toEqual({
      caller: 'arn:aws:iam::000000000000:root',
      role: 'arn:aws:iam::000000000000:role/fh',
      trust: 'firehose.amazonaws.com',
      tags: [{ Key: 'a', Value: 'b c+d é' }],
      attached: ['AWSGlueServiceRole'],
      user: 'arn:aws:iam::000000000000:user/bob',
      inactive: 'InvalidClientTokenId',
      refusals: [
        'DeleteConflict',
        'NoSuchEntity',
        'EntityAlreadyExists',
        'MalformedPolicyDocument',
        'ValidationError',
        'InvalidAction',
        'AccessDenied',
      ],
      sizes: [0, 10, 3_000_000],
      digests: [200_000, 200_000, 200_000],
      signedPayload: 100,
      keys: ['c', 'k/é +&', 'signed'],
      gone: 'NoSuchKey',
      link: 100,
      linkV4: 100,
      otherRegion: 100,
      failedPuts: 0,
      firehose: [
        'ValidationException',
        'ResourceNotFoundException',
        'UnknownOperationException',
        'UnknownOperationException',
        'InvalidAction',
      ],
    })
  },
)

test.skipIf(!isInstalled('aws', '--version'))(
  'the AWS CLI: who am I, copy in and out, list, presign, remove',
  async () => {
    const aws = async (...args: string[]) => (await run('aws', args, { env })).stdout
    expect(await aws('sts', 'get-caller-identity', '--query', 'Account', '--output', 'text')).toBe('000000000000\n')
    await aws('s3', 'cp', SCRIPT, 's3://cli/folder/script.py', '--quiet')
    expect(await aws('s3', 'ls', 's3://cli/folder/')).toContain('script.py')
    expect(await aws('s3', 'cp', 's3://cli/folder/script.py', '-')).toContain('import boto3')
    const link = await aws('s3', 'presign', 's3://cli/folder/script.py')
    expect(await (await fetch(link.trim())).text()).toContain('import boto3')
    await aws('s3', 'rm', 's3://cli/folder/script.py')
    expect(lake.s3.objects.has('cli/folder/script.py')).toBe(false)
  },
)
