/** Prints a link that opens the console once, with the rights of whoever asked for it. */
import { adminCall } from '../admin-call.ts'
import type { Command } from '../command.ts'
import { type Connection, connectionFlags, findConnection } from '../connection.ts'

export const consoleLink: Command = {
  name: 'console',
  summary:
    'Prints a link to the web console. It signs in once, with the rights of the keys it was made with, for twelve hours.',
  arguments: [],
  flags: connectionFlags,
  examples: ['lakelet console', 'lakelet console --endpoint http://localhost:4566 --json'],
  async run(input) {
    const url = await newConsoleLink(await findConnection(input))
    input.terminal.result({ url })
    input.terminal.line(url)
    return 0
  },
}

export async function newConsoleLink(connection: Connection): Promise<string> {
  const { path } = await adminCall<{ readonly path: string }>(connection, 'POST', '/_lakelet/console-link')
  return new URL(path, connection.endpoint).href
}
