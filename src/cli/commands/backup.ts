/** Has the lake copy itself. */
import { resolve } from 'node:path'
import { adminEvents } from '../admin-call.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { bytesText, countText } from '../terminal.ts'

interface Figures {
  readonly files: number
  readonly bytes: number
}

type Event =
  | { readonly event: 'progress'; readonly stage: 'journals' | 'database' | 'objects'; readonly figures: Figures }
  | { readonly event: 'done'; readonly directory: string; readonly figures: Figures }

const STAGES = { journals: 'Records not yet delivered', database: 'The database', objects: 'Objects' } as const

export const backup: Command = {
  name: 'backup',
  summary:
    'Makes a consistent copy of the whole lake, with its keys, in a new folder of the lake’s machine, while the lake goes on working. On the same disk objects are shared, not copied, so take the folder to another one.',
  arguments: [{ name: 'DIR', says: 'a new folder, outside of the data directory' }],
  flags: connectionFlags,
  examples: ['lakelet backup /mnt/backups/2026-01-15', 'lakelet backup /mnt/backups/2026-01-15 --json'],
  async run(input) {
    const { terminal, signal, workingDirectory } = input
    const connection = await findConnection(input)
    const directory = resolve(workingDirectory, input.arguments[0] ?? '')
    const request = { method: 'POST', path: '/_lakelet/backup', query: { directory } } as const
    let done: Extract<Event, { event: 'done' }> | undefined
    for await (const event of adminEvents<Event>(connection, request, signal)) {
      if (event.event === 'done') done = event
      else
        terminal.live(
          `${STAGES[event.stage]}: ${countText(event.figures.files)} files, ${bytesText(event.figures.bytes)} so far`,
        )
    }
    if (done === undefined) throw new Error('A backup ended without its figures.')
    const { files, bytes } = done.figures
    terminal.result({ directory, files, bytes })
    terminal.settle(
      `${terminal.style('good', '✓')} ${directory} holds the lake: ${countText(files)} files, ${bytesText(bytes)}. It holds its keys, too: keep it as safe as the lake.`,
    )
    return 0
  },
}
