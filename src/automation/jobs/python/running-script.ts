/**
 * A script at work. It has ended when its process and its group are gone and its output is told; then its folder goes.
 * `stop` asks by SIGTERM; what is still there STOP_MS later is ended by SIGKILL.
 */
import type { ChildProcess } from 'node:child_process'
import type { Clock, Timer } from '../../../platform/clock.ts'
import type { RunningScript, ScriptEnd } from '../script-runner.ts'

export const STOP_MS = 10_000

export function runningScript(
  child: ChildProcess,
  parts: { readonly clock: Clock; readonly told: Promise<unknown>; tidyUp(): Promise<void> },
): RunningScript {
  const exit = new Promise<ScriptEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status) => resolve({ status: status ?? 137 }))
  })
  // The pipe breaks when the host ends: that is how it learns of our end, nothing is ever written.
  child.stdin?.on('error', () => undefined)
  let timer: Timer | undefined
  const ended = exit
    .finally(() => {
      timer?.cancel()
      // Whatever the script has started and left behind: it would hold its output open for ever.
      signal(child, 'SIGKILL')
    })
    .finally(() => parts.told)
    .finally(() => parts.tidyUp())
  return {
    ended,
    stop() {
      signal(child, 'SIGTERM')
      timer ??= parts.clock.after(STOP_MS, () => signal(child, 'SIGKILL'))
    },
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, name)
  } catch (error) {
    // The group is gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
