/** Clients that a machine may lack: boto3 and the AWS CLI. Their tests are skipped there, and say why. */
import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process'
import type { TestLake } from './lake.ts'

const SILENT: SpawnSyncOptions = { stdio: 'ignore' }

/** The reason to skip, or undefined when boto3 is there. */
export const noBoto3 =
  spawnSync('python3', ['-c', 'import boto3'], SILENT).status === 0
    ? undefined
    : 'skipped: python3 with boto3 is not installed'

export const noAwsCli =
  spawnSync('aws', ['--version'], SILENT).status === 0 ? undefined : 'skipped: the AWS CLI is not installed'

/** A title that tells why its tests do not run. */
export const titled = (title: string, reason: string | undefined) =>
  reason === undefined ? title : `${title} (${reason})`

/**
 * Runs a program as a client of the lake and resolves to its standard output. Rejects with all it printed when it
 * ends with another status than 0.
 */
export function runAgainst(lake: TestLake, program: string, args: readonly string[]): Promise<string> {
  const { PATH, PYENV_ROOT } = process.env
  const env = { PATH, PYENV_ROOT, HOME: lake.directory, ...lake.environment }
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0
        ? resolve(output)
        : reject(new Error(`${program} ${args.join(' ')} ended with ${status}: ${errors}${output}`)),
    )
  })
}
