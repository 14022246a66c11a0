/** Lives of one lake that end by SIGKILL, some before it answers, and whose wall clocks disagree with each other. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { CLI, startLake, type TestLake } from '../../support/lake.ts'

export interface Life {
  readonly directory: string
  readonly args: readonly string[]
  /** Of the lake's wall clock, before the real one. */
  readonly aheadMs: number
}

export function begin({ directory, args, aheadMs }: Life): Promise<TestLake> {
  return startLake(directory, args, environmentOf(aheadMs))
}

/** Starts it and kills it that much later, wherever it is by then. */
export async function beginAndKill({ directory, args, aheadMs }: Life, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'up', '--port', '0', '--data', directory, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...environmentOf(aheadMs) },
  })
  const ended = once(child, 'exit')
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await ended
}

function environmentOf(aheadMs: number): Record<string, string> {
  const shift = `const now=Date.now;Date.now=()=>now()+${aheadMs}`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}` }
}
