/** Servers that benchmarks run against, each in a process of its own: the lake, and moto_server where Python has it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Target } from './load.ts'

export interface RunningServer {
  readonly target: Target
  readonly processId: number
  readonly directory: string
  /** Milliseconds from spawn until it answered. */
  readonly startMs: number
  stop(): Promise<void>
}

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Runs the built lake. `directory` given: kept at the end, so that it can be started again. */
export async function startLake(
  options: { directory?: string; args?: readonly string[] } = {},
): Promise<RunningServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'lakelet-bench-')))
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [CLI, 'up', '--port', '0', '--data', directory, '--json', ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  for await (const line of createInterface({ input: child.stdout })) {
    text += line
    if (line === '}') break
  }
  const { endpoint } = JSON.parse(text) as { endpoint: string }
  await fetch(`${endpoint}/_lakelet/health`)
  const startMs = performance.now() - startedAt
  const keys = JSON.parse(await readFile(join(directory, 'keys', 'root.json'), 'utf8')) as Omit<Target, 'endpoint'>
  return {
    target: { endpoint, accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey },
    processId: child.pid as number,
    directory,
    startMs,
    async stop() {
      await stopChild(child)
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}

/** undefined where moto_server is not installed. */
export async function startMoto(): Promise<RunningServer | undefined> {
  if (spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status !== 0) return undefined
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const endpoint = `http://127.0.0.1:${port}`
  for (;;) {
    const isUp = await fetch(`${endpoint}/moto-api/`).then(
      () => true,
      () => false,
    )
    if (isUp) break
    if (performance.now() - startedAt > 30_000) throw new Error('moto_server did not start within 30 s')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    target: { endpoint, accessKeyId: 'test', secretAccessKey: 'test' },
    processId: child.pid as number,
    directory: '',
    startMs: performance.now() - startedAt,
    stop: () => stopChild(child),
  }
}

/** Resident set of the process in MiB; NaN where /proc is not there. */
export async function residentMiB(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** Processor time that the process has used, all threads, in milliseconds; NaN where /proc is not there. */
export async function processorMs(processId: number): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
