/** Lifecycle rules. `run` carries out what is due at once, instead of after the next midnight UTC. */
import { Refusal } from '../../platform/refusal.ts'
import { adminWork } from '../admin-call.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { countText } from '../terminal.ts'

interface Progress {
  readonly isRunning: boolean
  readonly seen: number
  readonly expired: number
  readonly removed: number
  readonly aborted: number
  readonly locked: number
}

export const lifecycle: Command = {
  name: 'lifecycle',
  summary:
    'Carries out now what the lifecycle rules of buckets say is due. The lake does it by itself soon after each midnight UTC, and soon after it has started.',
  arguments: [{ name: 'run', says: 'what to do with the rules; there is only this' }],
  flags: connectionFlags,
  examples: ['lakelet lifecycle run', 'lakelet lifecycle run --json'],
  async run(input) {
    const { terminal, signal } = input
    if (input.arguments[0] !== 'run') {
      throw new Refusal(
        'usage',
        `lifecycle: there is no ${input.arguments[0]}; only run.\nSee lakelet lifecycle --help.`,
      )
    }
    const connection = await findConnection(input)
    const { isRunning: _, ...done } = await adminWork<Progress>(connection, '/_lakelet/lifecycle/run', {
      signal,
      onProgress: ({ seen }) => terminal.live(`${countText(seen)} versions looked at`),
    })
    terminal.result(done)
    terminal.line(
      `${terminal.style('good', '✓')} ${countText(done.seen)} versions looked at: ${countText(done.expired)} expired, ${countText(done.removed)} removed for good, ${countText(done.aborted)} uploads aborted${done.locked > 0 ? `, ${countText(done.locked)} kept by object lock` : ''}.`,
    )
    return 0
  },
}
