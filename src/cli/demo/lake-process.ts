/** A lake in a process of its own, as `lakelet up` starts it: for the demo, so that simulator and lake have a core each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../../platform/refusal.ts'
import { type Connection, findConnection } from '../connection.ts'

const READY_WITHIN_MS = 30_000

export interface LakeProcess {
  readonly connection: Connection
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>
}

export async function startLakeProcess(dataDirectory: string): Promise<LakeProcess> {
  const source = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(source ? '../main.ts' : '../main.js', import.meta.url))
  const loader = source ? ['--import', import.meta.resolve('tsx')] : []
  const args = [...loader, entry, 'up', '--port', '0', '--data', dataDirectory, '--json']
  // A group of its own: Ctrl-C in the terminal reaches the demo alone, which then stops the lake in order.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  process.once('exit', () => child.kill('SIGKILL'))
  const endpoint = await readyAddress(child)
  const connection = await findConnection({
    flags: { data: dataDirectory, endpoint },
    environment: {},
    workingDirectory: '/',
  })
  return {
    connection,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** `up --json` prints one JSON object, over several lines, once the lake can work. */
async function readyAddress(child: ChildProcess): Promise<string> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS)
  try {
    let text = ''
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      text += line
      if (line === '}') return (JSON.parse(text) as { endpoint: string }).endpoint
    }
  } finally {
    clearTimeout(timer)
  }
  throw new Refusal('lakeDidNotStart', `The lake did not start:\n${errors || 'it said nothing'}`)
}
