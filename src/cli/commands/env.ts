import type { Command } from '../command.ts'
import { connectionFlags, dataDirectoryOf, exportLines, findConnection, readAddress } from '../connection.ts'

export const env: Command = {
  name: 'env',
  summary: 'Prints the lines that point AWS tools of a shell at the lake: eval "$(lakelet env)".',
  arguments: [],
  flags: connectionFlags,
  examples: ['eval "$(lakelet env)"', 'lakelet env --data /srv/lake'],
  async run(input) {
    const connection = await findConnection({ ...input, environment: withoutKeys(input.environment) })
    if ((await readAddress(dataDirectoryOf(input))) === undefined && input.flags['endpoint'] === undefined)
      input.terminal.remark('lakelet: that lake is not up now; lakelet up starts it.')
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
