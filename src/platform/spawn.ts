/**
 * Starts our own worker threads and child processes by the URL of their entry file, the same from compiled output
 * (`.js`) and from source (`.ts`, under tsx or vitest), where the child needs the TypeScript loader.
 */
import { type ChildProcess, type ChildProcessByStdio, execFile, fork, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

function loaderArguments(entry: URL): string[] {
  return entry.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
}

/** `import.meta.url` of a source file ends in `.ts`, of a compiled one in `.js`: the sibling entry has the same ending. */
export function siblingEntry(base: string, name: string): URL {
  return new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
}

export function startThread(entry: URL, workerData: unknown): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, { workerData })
  return new Worker(`import(${JSON.stringify(moduleOf(entry))})`, { workerData, eval: true })
}

const modules = new Map<string, string>()

/**
 * From source: the entry and all of ours that it imports as one module, made once. A thread that loads TypeScript by
 * itself takes a third of a second to start, and tests start hundreds.
 */
function moduleOf(entry: URL): string {
  const known = modules.get(entry.href)
  if (known !== undefined) return known
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild')
  const { outputFiles, metafile } = buildSync({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    // For those that look for a package's file: a module that is no file has no such address.
    define: { 'import.meta.url': JSON.stringify(entry.href) },
    metafile: true,
    write: false,
  })
  let text = outputFiles[0]?.text ?? ''
  // A module that is no file finds packages only by their address.
  for (const { path } of Object.values(metafile.outputs).flatMap(({ imports }) => imports)) {
    text = text.replaceAll(`from "${path}"`, `from "${import.meta.resolve(path)}"`)
  }
  const made = `data:text/javascript,${encodeURIComponent(text)}`
  modules.set(entry.href, made)
  return made
}

/** IPC uses structured clone ('advanced'), so bigint, Map and typed arrays cross unharmed. */
export function startProcess(
  entry: URL,
  args: readonly string[],
  options: { execArgv?: string[]; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  return fork(fileURLToPath(entry), args, {
    serialization: 'advanced',
    execArgv: [...loaderArguments(entry), ...(options.execArgv ?? [])],
    ...(options.env && { env: options.env }),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

const OUTPUT_BYTES_MAX = 64 * 1024
const OUTPUT_WITHIN_MS = 60_000

/** What a program prints, run without a shell. Rejects when it fails, prints too much or takes more than a minute. */
export function outputOf([program = '', ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { maxBuffer: OUTPUT_BYTES_MAX, timeout: OUTPUT_WITHIN_MS },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    )
    child.stdin?.end()
  })
}

/**
 * Somebody else's program at the head of a process group of its own, so that all it starts can be ended together: by
 * `process.kill(-pid)`. It has exactly the environment given; its standard streams are pipes.
 */
export function startGroup(
  [program = '', ...args]: readonly string[],
  options: { readonly directory: string; readonly environment: Readonly<Record<string, string>> },
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(program, args, {
    cwd: options.directory,
    env: { ...options.environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** For threads whose work can wait: whoever answers requests goes first. On Linux a priority belongs to a thread; elsewhere it would slow the whole process down. */
export function giveWayToOthers(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)
}
