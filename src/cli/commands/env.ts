import type { Command } from '../command.ts'
import { connectionFlags, exportLines, findConnection } from '../connection.ts'

export const env: Command = {
  name: 'env',
  summary: 'Prints the lines that point AWS tools of a shell at the lake: eval "$(lakelet env)".',
  arguments: [],
  flags: connectionFlags,
  examples: ['eval "$(lakelet env)"', 'lakelet env --data /srv/lake'],
  async run(input) {
    const connection = await findConnection({ ...input, environment: withoutKeys(input.environment) })
    for (const line of exportLines(connection)) input.terminal.line(line)
    input.terminal.result(connection)
    return 0
  },
}

/** The lake's own keys are asked for, not those the shell happens to have. */
function withoutKeys(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return { LAKELET_DATA: environment['LAKELET_DATA'] }
}
