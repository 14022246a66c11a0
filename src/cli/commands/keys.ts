/** Keys of the lake. `rotate` gives it a new master key while it goes on serving. */
import { Refusal } from '../../platform/refusal.ts'
import { adminWork } from '../admin-call.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'

interface Progress {
  readonly isRunning: boolean
  readonly rewrapped: number
  readonly damaged: number
  readonly done: number
}

export const keys: Command = {
  name: 'keys',
  summary:
    'Rotates the master key: every key of the lake is wrapped anew, no object is rewritten, and the lake goes on serving. A key that is given from outside needs its successor given too: see lakelet up --help.',
  arguments: [{ name: 'rotate', says: 'what to do with the keys; there is only this' }],
  flags: connectionFlags,
  examples: ['lakelet keys rotate', 'lakelet keys rotate --json'],
  async run(input) {
    const { terminal, signal } = input
    if (input.arguments[0] !== 'rotate') {
      throw new Refusal('usage', `keys: there is no ${input.arguments[0]}; only rotate.\nSee lakelet keys --help.`)
    }
    const connection = await findConnection(input)
    const progress = await adminWork<Progress>(connection, '/_lakelet/keys/rotate', {
      signal,
      onProgress: ({ done, rewrapped }) =>
        terminal.live(`Wrapping keys anew: ${Math.floor(done * 100)} %, ${rewrapped} so far`),
    })
    terminal.result({ rewrapped: progress.rewrapped, damaged: progress.damaged })
    terminal.line(
      `${terminal.style('good', '✓')} The lake has a new master key; ${progress.rewrapped} keys were wrapped anew.`,
    )
    if (progress.damaged > 0) {
      terminal.line(
        terminal.style('bad', `  ${progress.damaged} keys were damaged before and stay so: lakelet.log names them.`),
      )
    }
    return progress.damaged > 0 ? 1 : 0
  },
}
