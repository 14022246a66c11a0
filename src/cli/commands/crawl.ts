import { clientsOf } from '../clients.ts'
import type { Command } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { runCrawler } from '../crawl.ts'
import { showCrawledTable } from '../reports.ts'

export const crawl: Command = {
  name: 'crawl',
  summary: 'Runs a crawler to its end and shows the tables it made.',
  arguments: [{ name: 'NAME', says: 'the crawler' }],
  flags: connectionFlags,
  examples: ['lakelet crawl how-kinesis'],
  async run(input) {
    const { terminal } = input
    const [name = ''] = input.arguments
    const glue = await clientsOf(await findConnection(input)).glue()
    const outcome = await runCrawler(glue, name, input.signal, (state, elapsedMs) =>
      terminal.live(`Crawler ${name} is ${state} · ${(elapsedMs / 1000).toFixed(1)} s`),
    )
    terminal.settle(
      `${terminal.style('good', '✓')} Crawler ${name} ${outcome.status} in ${outcome.seconds.toFixed(1)} s: ${outcome.tablesCreated} ${outcome.tablesCreated === 1 ? 'table' : 'tables'} added, ${outcome.tablesUpdated} updated`,
    )
    for (const table of outcome.tables) showCrawledTable(table, terminal)
    if (outcome.tables.length === 0)
      terminal.remark('It found no data. A stream delivers when its buffer is full or old enough: crawl again then.')
    terminal.result(outcome)
    return 0
  },
}
