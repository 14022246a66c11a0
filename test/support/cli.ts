/** The built command line, run to its end in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CLI } from './lake.ts'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Of the environment only what programs need to be found: keys and addresses come from the arguments or `extra`. */
export async function runCli(
  args: readonly string[],
  extra: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH, HOME, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}
