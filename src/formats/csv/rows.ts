/**
 * Splits delimited text into rows of cells.
 *
 *   row    = cell { delimiter cell } ( "\n" | "\r\n" | end )
 *   cell   = '"' { any | '""' } '"' | { any but delimiter and line end }          any symbol may stand for the quote
 *
 * Quoted cells may hold delimiters and line ends. Blank lines are no rows.
 */
export interface CsvCell {
  readonly text: string
  readonly isQuoted: boolean
}

export interface CsvRows {
  readonly rows: readonly (readonly CsvCell[])[]
  /** Characters up to the end of the last row taken. */
  readonly consumed: number
}

export interface CsvRowOptions {
  /** The text ends where the file ends, so its last line counts although no line end follows. */
  readonly isWhole: boolean
  readonly rowsMax: number
  readonly quote: string
}

export function csvRows(text: string, delimiter: string, options: CsvRowOptions): CsvRows {
  const rows: CsvCell[][] = []
  let at = 0
  while (at < text.length && rows.length < options.rowsMax) {
    const row = readRow(text, at, { delimiter, quote: options.quote })
    if (row.end === undefined && !options.isWhole) break
    at = row.end ?? text.length
    const isBlank = row.cells.length === 1 && row.cells[0]?.text.trim() === ''
    if (!isBlank) rows.push(row.cells)
  }
  return { rows, consumed: at }
}

interface Symbols {
  readonly delimiter: string
  readonly quote: string
}

/** `end`: behind the line end; undefined when the text ends first. */
function readRow(text: string, start: number, symbols: Symbols): { cells: CsvCell[]; end: number | undefined } {
  const { delimiter, quote } = symbols
  const cells: CsvCell[] = []
  let at = start
  for (;;) {
    const cell = text[at] === quote ? readQuoted(text, at, symbols) : readPlain(text, at, delimiter)
    cells.push(cell.cell)
    at = cell.end
    if (at >= text.length) return { cells, end: undefined }
    if (text[at] === delimiter) at += 1
    else return { cells, end: at + (text.startsWith('\r\n', at) ? 2 : 1) }
  }
}

function readPlain(text: string, start: number, delimiter: string): { cell: CsvCell; end: number } {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++
  const isLineEnd = end === text.length || text[end] === '\n'
  if (isLineEnd && end > start && text[end - 1] === '\r') end -= 1
  return { cell: { text: text.slice(start, end), isQuoted: false }, end }
}

/** What stands between the closing quote and the next delimiter belongs to the cell, as lenient readers have it. */
function readQuoted(text: string, start: number, { delimiter, quote }: Symbols): { cell: CsvCell; end: number } {
  let at = start + 1
  let value = ''
  for (;;) {
    const next = text.indexOf(quote, at)
    if (next === -1) return { cell: { text: value + text.slice(at), isQuoted: true }, end: text.length }
    value += text.slice(at, next)
    if (text[next + 1] !== quote) {
      at = next + 1
      break
    }
    value += quote
    at = next + 2
  }
  const rest = readPlain(text, at, delimiter)
  return { cell: { text: value + rest.cell.text, isQuoted: true }, end: rest.end }
}
