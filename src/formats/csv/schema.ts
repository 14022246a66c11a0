/**
 * The columns of delimited text, by the rules of AWS's built-in CSV classifier: at least two columns and two rows; a
 * header where every cell of the first row is text and some later cell is not; whole numbers are `bigint`, fractions
 * `double`, everything else `string`.
 */
import { bigint, double, type InferredField, type InferredType, string, unknown, widen } from '../inferred-type.ts'
import { type CsvCell, csvRows } from './rows.ts'

export interface CsvSchema {
  readonly columns: readonly InferredField[]
  readonly delimiter: string
  readonly hasHeader: boolean
  readonly records: number
  /** Bytes of the rows looked at, header included. */
  readonly consumed: number
  readonly notes: readonly string[]
}

/** In the order of preference when two explain the text equally well. */
export const DELIMITERS = [',', '|', '\t', ';', '\u0001'] as const

/** AWS reads the first 1,000 records. */
export const RECORDS_MAX = 1000
/** Rows may be ragged, but this share of them must have the same number of columns. */
export const REGULAR_SHARE_MIN = 0.8
const HEADER_CELL_LENGTH_MAX = 150

type Row = readonly CsvCell[]

/** undefined when the text is not delimited in any of the known ways. */
export function csvSchema(text: string, isWhole: boolean): CsvSchema | undefined {
  const layouts = DELIMITERS.flatMap((delimiter) => layoutOf(text, delimiter, isWhole) ?? [])
  const [layout] = layouts.sort((a, b) => b.regularShare - a.regularShare || b.width - a.width)
  if (layout === undefined) return undefined
  const [first = [], ...rest] = layout.rows
  const hasHeader = isHeader(first, rest)
  const records = hasHeader ? rest : layout.rows
  const types = columnTypes(records, layout.width)
  const names = hasHeader ? headerNames(first) : types.map((_, index) => `col${index}`)
  return {
    columns: types.map((type, index) => ({ name: names[index] as string, type })),
    delimiter: layout.delimiter,
    hasHeader,
    records: records.length,
    consumed: Buffer.byteLength(text.slice(0, layout.consumed)),
    notes: notesOn(layout.rows, layout.width),
  }
}

interface Layout {
  readonly delimiter: string
  readonly width: number
  readonly rows: readonly Row[]
  readonly regularShare: number
  readonly consumed: number
}

function layoutOf(text: string, delimiter: string, isWhole: boolean): Layout | undefined {
  const { rows, consumed } = csvRows(text, delimiter, { isWhole, rowsMax: RECORDS_MAX + 1 })
  const width = commonestWidth(rows)
  const regularShare = rows.filter((row) => row.length === width).length / rows.length
  if (rows.length < 2 || width < 2 || regularShare < REGULAR_SHARE_MIN) return undefined
  return { delimiter, width, rows, regularShare, consumed }
}

function commonestWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

/** The last cell may be empty, for lines that end in a delimiter. */
function isHeader(first: Row, rest: readonly Row[]): boolean {
  const areNames = first.every((cell, index) => {
    const isLast = index === first.length - 1
    const name = cell.text.trim()
    if (isLast && name === '') return true
    return (
      name !== '' &&
      (isLast || name.length < HEADER_CELL_LENGTH_MAX) &&
      cellType(cell) === string &&
      !/[\p{Cc}]/u.test(name)
    )
  })
  return areNames && rest.some((row) => row.some((cell) => ![string, unknown].includes(cellType(cell))))
}

function columnTypes(records: readonly Row[], width: number): InferredType[] {
  const types = new Array<InferredType>(width).fill(unknown)
  for (const row of records) {
    for (let index = 0; index < width; index++) {
      const cell = row[index]
      if (cell !== undefined) types[index] = widen(types[index] as InferredType, cellType(cell))
    }
  }
  return types
}

/** A quoted number is text: the SerDe the crawler names does not strip quotes, so it could not be read as a number. */
function cellType({ text, isQuoted }: CsvCell): InferredType {
  const value = text.trim()
  if (value === '' && !isQuoted) return unknown
  if (isQuoted) return string
  if (/^[+-]?\d{1,19}$/.test(value)) return fitsBigint(value) ? bigint : string
  return /^[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?$/.test(value) ? double : string
}

function fitsBigint(digits: string): boolean {
  const value = BigInt(digits.replace('+', ''))
  return value >= -(2n ** 63n) && value < 2n ** 63n
}

/** Lower-case; blanks and slashes stay. Every column needs a name of its own: an empty one is `col<n>`, a repeated one is numbered. */
function headerNames(header: Row): string[] {
  const taken = new Set<string>()
  return header.map((cell, index) => {
    const name = cell.text.trim().toLowerCase() || `col${index}`
    let free = name
    for (let copy = 1; taken.has(free); copy++) free = `${name}_${copy}`
    taken.add(free)
    return free
  })
}

function notesOn(rows: readonly Row[], width: number): string[] {
  const ragged = rows.filter((row) => row.length !== width).length
  const isQuoted = rows.some((row) => row.some((cell) => cell.isQuoted))
  return [
    ...(ragged > 0 ? [`${ragged} of ${rows.length} rows do not have ${width} columns`] : []),
    ...(isQuoted ? ['cells are quoted; the SerDe that a crawler names for CSV keeps the quotes in the values'] : []),
  ]
}
