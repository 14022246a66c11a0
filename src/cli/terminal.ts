/**
 * What the user sees. Colours and live lines only on a terminal; piped output is plain lines; with --json only the
 * command's result is printed, as JSON, on standard output. Remarks go to standard error, so that piped output stays pure.
 */
export interface Terminal {
  readonly isJson: boolean
  /** True when live lines can be drawn. */
  readonly isLive: boolean
  /** Columns of the terminal; undefined when piped. */
  readonly columns: number | undefined
  /** A line for people; silent with --json. */
  line(text?: string): void
  /** Replaces the live line; on no terminal nothing. */
  live(text: string): void
  /** Ends the live line, leaving nothing or `text`. */
  settle(text?: string): void
  /** A line beside the output proper, on standard error; silent with --json. */
  remark(text: string): void
  /** The command's result for programs; printed only with --json. */
  result(value: unknown): void
  style(kind: Style, text: string): string
}

export type Style = 'good' | 'bad' | 'dim' | 'strong'

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  dim: [2, 22],
  strong: [1, 22],
}

export function openTerminal(
  stream: NodeJS.WriteStream,
  options: {
    json: boolean
    environment: Readonly<Record<string, string | undefined>>
    remarks?: NodeJS.WritableStream
  },
): Terminal {
  const isLive = stream.isTTY === true && !options.json && options.environment['TERM'] !== 'dumb'
  const colours = isLive && !options.environment['NO_COLOR']
  let liveShown = false
  const clear = () => {
    if (liveShown) stream.write('\r\u001b[2K')
    liveShown = false
  }
  return {
    isJson: options.json,
    isLive,
    columns: stream.isTTY === true ? stream.columns : undefined,
    line(text = '') {
      if (options.json) return
      clear()
      stream.write(`${text}\n`)
    },
    live(text) {
      if (!isLive) return
      clear()
      stream.write(text.slice(0, Math.max(1, (stream.columns ?? 80) - 1)))
      liveShown = true
    },
    settle(text) {
      clear()
      if (text !== undefined && !options.json) stream.write(`${text}\n`)
    },
    remark(text) {
      if (options.json) return
      clear()
      options.remarks?.write(`${text}\n`)
    },
    result(value) {
      if (options.json) stream.write(`${JSON.stringify(value, null, 2)}\n`)
    },
    style(kind, text) {
      const [on, off] = CODES[kind]
      return colours ? `\u001b[${on}m${text}\u001b[${off}m` : text
    },
  }
}

/** Columns as wide as their content up to `cellMax`; numbers to the right. `null` shows as an empty cell. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  cellMax = 36,
): string {
  const cell = (text: string | null): string => {
    const flat = (text ?? '').replaceAll(/[\r\n\t]+/g, ' ')
    return flat.length > cellMax ? `${flat.slice(0, cellMax - 1)}…` : flat
  }
  const cells = rows.map((row) => row.map(cell))
  const widths = header.map((name, column) =>
    Math.max(cell(name).length, ...cells.map((row) => (row[column] ?? '').length)),
  )
  const isNumeric = header.map(
    (_, column) => cells.length > 0 && cells.every((row) => /^(-?[\d,.]+%?)?$/.test(row[column] ?? '')),
  )
  const line = (row: readonly string[]) =>
    ` ${row.map((text, column) => (isNumeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0))).join(' │ ')}`.trimEnd()
  const rule = `─${widths.map((width) => '─'.repeat(width)).join('─┼─')}─`
  return [line(header.map(cell)), rule, ...cells.map(line)].join('\n')
}

/** A row at a time, a value a line, for tables wider than `columns`. */
export function rowsText(
  header: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  columns = Number.POSITIVE_INFINITY,
): string {
  const width = Math.max(...header.map((name) => name.length))
  const line = (name: string, text: string | null) =>
    `${name.padEnd(width)} │ ${(text ?? '').replaceAll(/[\r\n\t]+/g, ' ')}`.slice(0, columns).trimEnd()
  return rows
    .flatMap((row, index) => [`─ row ${index + 1} ─`, ...header.map((name, column) => line(name, row[column] ?? null))])
    .join('\n')
}

const BAR_CELLS = 20

/** `[████······] 41 %`. What grew while it was counted is shown as all, not as more than all. */
export function barText(share: number): string {
  const done = Math.min(1, Math.max(0, share))
  const cells = Math.floor(done * BAR_CELLS)
  return `[${'█'.repeat(cells)}${'·'.repeat(BAR_CELLS - cells)}] ${Math.floor(done * 100)} %`
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`
}

export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}
