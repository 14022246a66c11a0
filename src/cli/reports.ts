/** How tables made by a crawler, and answers of a query, are shown to people. */
import type { CrawledTable } from './crawl.ts'
import type { CrawlExplanation, ExplanationLine } from './explain-crawl.ts'
import type { QueryOutcome } from './query.ts'
import { bytesText, countText, rowsText, secondsText, type Terminal, tableText } from './terminal.ts'

/** As the run said it; the steps that every run has stand out. */
export function showExplanation(explanation: CrawlExplanation, terminal: Terminal): void {
  const { crawler, run, state, startedAt, seconds, changes, lines, errorMessage } = explanation
  const took = seconds === undefined ? '' : ` · ${secondsText(seconds * 1000)}`
  const ending = terminal.style(state === 'FAILED' ? 'bad' : 'good', state)
  terminal.line(`${terminal.style('strong', `Crawler ${crawler}`)} · ${ending} · began ${startedAt}${took}`)
  terminal.line(`run ${run} · ${changesText(changes)}`)
  terminal.line()
  for (const line of lines) terminal.line(explanationText(line, terminal))
  if (lines.length === 0) {
    if (errorMessage !== undefined) terminal.line(terminal.style('bad', errorMessage))
    terminal.remark('Its log is gone: CloudWatch Logs keeps what there is room for.')
  }
}

function changesText(changes: CrawlExplanation['changes']): string {
  const parts = Object.entries(changes).flatMap(([what, counts]) =>
    Object.entries(counts).flatMap(([how, count]) => (count > 0 ? [`${what} ${how} ${count}`] : [])),
  )
  return parts.length > 0 ? parts.join(', ').toLowerCase() : 'no changes'
}

function explanationText({ level, message }: ExplanationLine, terminal: Terminal): string {
  if (level === 'BENCHMARK') return terminal.style('strong', message)
  if (level === 'INFO') return `  ${message}`
  return terminal.style('bad', `  ${level}: ${message}`)
}

export function showCrawledTable(table: CrawledTable, terminal: Terminal): void {
  const partitioned =
    table.partitionKeys.length > 0
      ? `partitioned by ${table.partitionKeys.map((key) => key.name).join(', ')}`
      : 'not partitioned'
  terminal.line(terminal.style('strong', `"${table.database}"."${table.name}"`))
  terminal.line(`${table.classification} at ${table.location}, ${table.columns.length} columns, ${partitioned}`)
  const all = [
    ...table.columns.map((column) => [column.name, column.type, '']),
    ...table.partitionKeys.map((key) => [key.name, key.type, 'partition']),
  ]
  terminal.line(
    inColumns(
      all.map(([name, type, note]) => `${name} ${terminal.style('dim', [type, note].filter(Boolean).join(', '))}`),
      all.map((row) => row.join(' ').length),
    ),
  )
  if (table.partitions.length === 0) return
  const names = table.partitions.map((values) =>
    values.map((value, index) => `${table.partitionKeys[index]?.name}=${value}`).join('/'),
  )
  terminal.line(`Partitions: ${names.join(', ')}${table.hasMorePartitions ? ', …' : ''}`)
}

/** Two side by side, so that thirty columns fit a screen. */
function inColumns(texts: readonly string[], lengths: readonly number[]): string {
  const half = Math.ceil(texts.length / 2)
  const width = Math.max(...lengths.slice(0, half)) + 4
  return Array.from({ length: half }, (_, row) => {
    const left = texts[row] ?? ''
    const right = texts[row + half]
    return `  ${left}${right === undefined ? '' : ' '.repeat(width - (lengths[row] ?? 0)) + right}`
  }).join('\n')
}

export function showAnswer(answer: QueryOutcome, terminal: Terminal, options: { columnsMax?: number } = {}): void {
  const columnsMax = options.columnsMax ?? Number.POSITIVE_INFINITY
  const shown = answer.columns.slice(0, columnsMax)
  if (shown.length > 0 && answer.written === undefined) {
    const names = shown.map((column) => column.name)
    const rows = answer.rows.map((row) => row.slice(0, columnsMax))
    const table = tableText(names, rows)
    // A table that the terminal would fold into a heap is shown a row at a time; piped output stays one line a row.
    const isTooWide =
      terminal.columns !== undefined && table.split('\n').some((line) => line.length > Number(terminal.columns))
    terminal.line(isTooWide ? rowsText(names, rows, terminal.columns) : table)
  }
  const hidden = answer.columns.length - shown.length
  const count = answer.written ?? answer.rows.length
  const rows = answer.isCut
    ? `first ${countText(count)} rows, all are in ${answer.location}`
    : `${countText(count)} row${count === 1 ? '' : 's'}${answer.written === undefined ? '' : ' written'}`
  const notes = [
    rows,
    ...(hidden > 0 ? [`${hidden} more columns`] : []),
    `run time ${secondsText(answer.runMs)}`,
    `data scanned ${bytesText(answer.scannedBytes)}`,
  ]
  terminal.line(terminal.style('dim', notes.join(' · ')))
}
