/**
 * Servers that benchmarks run against, each in a process of its own: the lake; moto_server where Python has it; and
 * others that are fetched when they are first wanted: ministack from PyPI, s3rver from npm, versitygw through Go's module
 * proxy.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
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
  return startOther({
    command: ['moto_server', '-H', '127.0.0.1', '-p', String(port)],
    port,
    keys: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}

const MINISTACK = 'ministack==1.5.33'

/** In an environment of its own. undefined where it cannot be installed. */
export async function startMinistack(): Promise<RunningServer | undefined> {
  const home = join(tmpdir(), 'lakelet-bench-ministack')
  const program = join(home, 'bin', 'ministack')
  if (!existsSync(program)) {
    spawnSync('python3', ['-m', 'venv', home], { stdio: 'inherit' })
    spawnSync(join(home, 'bin', 'pip'), ['install', '--quiet', MINISTACK], { stdio: 'inherit' })
  }
  if (!existsSync(program)) return undefined
  const port = await freePort()
  return startOther({
    command: [program],
    port,
    keys: { accessKeyId: 'test', secretAccessKey: 'test' },
    environment: { GATEWAY_PORT: String(port), LOG_LEVEL: 'ERROR' },
  })
}

const S3RVER = 's3rver@3.7.1'
const VERSITY_GATEWAY = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'

/** Keeps objects as files and syncs nothing. undefined where it cannot be fetched. */
export async function startS3rver(): Promise<RunningServer | undefined> {
  const home = join(tmpdir(), 'lakelet-bench-s3rver')
  const script = join(home, 'node_modules', 's3rver', 'bin', 's3rver.js')
  if (!existsSync(script)) spawnSync('npm', ['install', '--no-save', '--prefix', home, S3RVER], { stdio: 'inherit' })
  if (!existsSync(script)) return undefined
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  return startOther({
    command: [process.execPath, script, '-a', '127.0.0.1', '-p', String(port), '-d', directory, '--silent'],
    port,
    keys: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    directory,
  })
}

/**
 * versitygw over its posix back end. It has no setting that makes it sync; `synced` asks the file system to do it
 * instead, by the attribute S on its folder (chattr), so that what is written there is on disk before the call ends.
 * undefined where there is no Go to build it with, or no such attribute.
 */
export async function startVersityGateway(writes: 'as it is' | 'synced'): Promise<RunningServer | undefined> {
  const home = join(tmpdir(), 'lakelet-bench-versitygw')
  const program = join(home, 'versitygw')
  if (!existsSync(program)) {
    spawnSync('go', ['install', VERSITY_GATEWAY], { stdio: 'inherit', env: { ...process.env, GOBIN: home } })
  }
  if (!existsSync(program)) return undefined
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  if (writes === 'synced' && spawnSync('chattr', ['+S', directory], { stdio: 'ignore' }).status !== 0) {
    await rm(directory, { recursive: true })
    return undefined
  }
  const keys = { accessKeyId: 'bench', secretAccessKey: 'bench-secret' }
  const login = ['--access', keys.accessKeyId, '--secret', keys.secretAccessKey]
  const listener = ['--port', `127.0.0.1:${port}`, '--keep-alive', '--quiet']
  return startOther({ command: [program, ...login, ...listener, 'posix', directory], port, keys, directory })
}

export async function startOther(server: {
  command: readonly string[]
  port: number
  keys: Omit<Target, 'endpoint'>
  directory?: string
  environment?: Readonly<Record<string, string>>
}): Promise<RunningServer> {
  const [program, ...args] = server.command as [string, ...string[]]
  const startedAt = performance.now()
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...server.environment } })
  const endpoint = `http://127.0.0.1:${server.port}`
  for (;;) {
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    )
    if (isUp) break
    if (performance.now() - startedAt > 30_000) throw new Error(`${program} did not start within 30 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const { directory } = server
  return {
    target: { endpoint, ...server.keys },
    processId: child.pid as number,
    directory: directory ?? '',
    startMs: performance.now() - startedAt,
    async stop() {
      await stopChild(child)
      if (directory !== undefined) await rm(directory, { recursive: true, force: true })
    },
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
