/**
 * Starts our own worker threads and child processes by the URL of their entry file, the same from compiled output
 * (`.js`) and from source (`.ts`, under tsx or vitest), where the child needs the TypeScript loader.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
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
  return new Worker(registerThenImport(entry), { workerData, eval: true })
}

/** On Node 20 a thread ignores `--import` of the loader, so it registers the loader itself before it loads the entry. */
function registerThenImport(entry: URL): string {
  const loader = import.meta.resolve('tsx/esm/api')
  return `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}) })`
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

/** For threads whose work can wait: whoever answers requests goes first. On Linux a priority belongs to a thread; elsewhere it would slow the whole process down. */
export function giveWayToOthers(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)
}
