/** A real lake in a process of its own, and AWS SDK clients pointed at it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AthenaClient } from '@aws-sdk/client-athena'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { GlueClient } from '@aws-sdk/client-glue'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'

export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface TestLake {
  readonly endpoint: string
  readonly directory: string
  readonly pid: number
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** For the AWS CLI, boto3 and our own command line. */
  readonly environment: Readonly<Record<string, string>>
  readonly s3: S3Client
  readonly firehose: FirehoseClient
  readonly glue: GlueClient
  readonly athena: AthenaClient
  readonly iam: IAMClient
  readonly sts: STSClient
  /** False from the moment it is told to stop, or killed. */
  isUp(): boolean
  hasEnded(): boolean
  /** What it wrote to stderr. */
  says(): string
  /** SIGTERM, and its exit status. */
  stop(): Promise<number | null>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
}

export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lakelet-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** `environment` is added to the test's own. */
export async function startLake(
  directory: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<TestLake> {
  const child = spawn(process.execPath, [CLI, 'up', '--port', '0', '--data', directory, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const endpoint = await readyEndpoint(child)
  const isOpen = args.includes('open')
  const root = JSON.parse(readFileSync(join(directory, 'keys', 'root.json'), 'utf8')) as TestLake['credentials']
  const credentials = isOpen
    ? { accessKeyId: 'test', secretAccessKey: 'test' }
    : { accessKeyId: root.accessKeyId, secretAccessKey: root.secretAccessKey }
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  let isEnding = false
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    isEnding = true
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
    return child.exitCode
  }
  return {
    endpoint,
    directory,
    pid: child.pid ?? 0,
    credentials,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    },
    s3: new S3Client({ ...options, forcePathStyle: true }),
    firehose: new FirehoseClient(options),
    glue: new GlueClient(options),
    athena: new AthenaClient(options),
    iam: new IAMClient(options),
    sts: new STSClient(options),
    isUp: () => !isEnding,
    says: () => said,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** What the lake says when it cannot start; fails when it does start. */
export async function startRefused(
  directory: string,
  args: readonly string[],
): Promise<{ status: number | null; says: string }> {
  const child = spawn(process.execPath, [CLI, 'up', '--data', directory, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let says = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    says += chunk.toString()
  })
  await once(child, 'close')
  return { status: child.exitCode, says }
}

async function readyEndpoint(child: ChildProcess): Promise<string> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  let text = ''
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    text += line
    if (line !== '}') continue
    const said = JSON.parse(text) as { endpoint?: string }
    if (said.endpoint !== undefined) return said.endpoint
  }
  throw new Error(`the lake did not start: ${errors}${text}`)
}

/** Polls until `done` answers something; a system test may wait for a real process, within a bound. */
export async function eventually<Answer>(
  what: string,
  done: () => Promise<Answer | undefined>,
  withinMs = 60_000,
): Promise<Answer> {
  const startedAt = performance.now()
  for (;;) {
    const answer = await done()
    if (answer !== undefined) return answer
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
