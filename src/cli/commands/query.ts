import { clientsOf } from '../clients.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { runQuery } from '../query.ts'
import { showAnswer } from '../reports.ts'

export const query: Command = {
  name: 'query',
  summary: 'Runs one SQL statement through the Athena API and prints its rows, the first thousand at most.',
  arguments: [{ name: '"SQL"', says: 'the statement' }],
  flags: {
    database: { value: 'D', says: 'database of names without one' },
    workgroup: { value: 'W', says: 'workgroup', default: 'primary' },
    output: { value: 's3://B/P/', says: "where results go, when the workgroup doesn't say" },
    ...connectionFlags,
  },
  examples: [
    'lakelet query "SELECT page_url_path, count(*) FROM events GROUP BY 1" --database how-kinesis --workgroup how',
    'lakelet query "SHOW DATABASES" --output s3://how.results/ --json',
  ],
  async run(input) {
    const { flags, terminal } = input
    const athena = await clientsOf(await findConnection(input)).athena()
    const answer = await runQuery(athena, {
      sql: input.arguments[0] ?? '',
      database: flags['database'],
      workgroup: flags['workgroup'] ?? 'primary',
      output: flags['output'],
      signal: input.signal,
    })
    showAnswer(answer, terminal)
    terminal.result(answer)
    return 0
  },
}
