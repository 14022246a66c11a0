import { clientsOf } from '../clients.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { explainCrawl } from '../explain-crawl.ts'
import { showExplanation } from '../reports.ts'

export const crawlExplain: Command = {
  name: 'crawl explain',
  summary: 'Says what the last run of a crawler did and why: which folders became which table, what was skipped.',
  arguments: [{ name: 'NAME', says: 'the crawler' }],
  flags: { run: { value: 'ID', says: 'an earlier run (default: the newest)' }, ...connectionFlags },
  examples: ['lakelet crawl explain how-kinesis', 'lakelet crawl explain how-kinesis --json'],
  async run(input) {
    const { terminal } = input
    const [name = ''] = input.arguments
    const clients = clientsOf(await findConnection(input))
    const [glue, logs] = await Promise.all([clients.glue(), clients.logs()])
    const explanation = await explainCrawl({ glue, logs }, name, input.flags['run'])
    showExplanation(explanation, terminal)
    terminal.result(explanation)
    return 0
  },
}
