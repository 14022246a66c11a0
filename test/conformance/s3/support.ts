/** A gateway with the real object store behind S3, for real clients. */

import { spawn } from 'node:child_process'
import { systemClock } from '../../../src/platform/clock.ts'
import { openAccess } from '../../../src/services/access.ts'
import { s3Service } from '../../../src/services/s3/index.ts'
import { dataDirectory } from '../../objects/local/support.ts'
import { startFakeLake, TEST_KEY } from '../../support/fake-lake.ts'

export interface S3Lake {
  readonly endpoint: string
  readonly port: number
  /** Runs a program as a client of the lake; resolves to what it printed, rejects when it fails. */
  run(program: string, args: readonly string[], input?: string): Promise<string>
  close(): Promise<void>
}

export async function startS3Lake(): Promise<S3Lake> {
  const data = await dataDirectory()
  const { store, keys, close } = await data.open({ clock: systemClock })
  const settings = { region: 'us-east-1', accountId: '000000000000' }
  const { gateway, endpoint, port } = await startFakeLake({
    parts: {
      s3: s3Service({
        objects: store,
        keys,
        settings,
        clock: systemClock,
        access: openAccess,
        principalExists: () => true,
      }),
    },
  })
  return {
    endpoint,
    port,
    run: (program, args, input) => run(program, args, { endpoint, input }),
    async close() {
      await gateway.close()
      await close()
      await data.remove()
    },
  }
}

function run(
  program: string,
  args: readonly string[],
  { endpoint, input = '' }: { endpoint: string; input?: string | undefined },
): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      output += text
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}: ${output}`)),
    )
    child.stdin.end(input)
  })
}
