/**
 * The columns of delimited text, by the rules of AWS's built-in CSV classifier: at least two columns and two rows; a
 * header where every cell of the first row is text and some later cell is not; whole numbers are `bigint`, fractions
 * `double`, everything else `string`. A custom classifier may say otherwise on each of these.
 */
import { Conflicts } from '../conflicts.ts'
import { COLUMN_NAME_LENGTH_MAX, COLUMNS_MAX } from '../file-schema.ts'
import { bigint, double, type InferredField, type InferredType, string, unknown, widen } from '../inferred-type.ts'
import { type CsvCell, csvRows } from './rows.ts'

export interface CsvSchema {
  readonly columns: readonly InferredField[]
  readonly delimiter: string
  readonly hasHeader: boolean
  /** Some cell is. */
  readonly isQuoted: boolean
  /** The share of rows that have as many cells as there are columns. */
  readonly regularShare: number
  readonly records: number
  /** Bytes of the rows looked at, header included. */
  readonly consumed: number
  readonly notes: readonly string[]
}

export interface CsvOptions {
  readonly delimiters: readonly string[]
  readonly quote: string
  /** undefined: as found. */
  readonly hasHeader: boolean | undefined
  /** Names given by hand; undefined: those of the header. */
  readonly names: readonly string[] | undefined
  readonly types: readonly InferredType[] | undefined
  readonly trimsValues: boolean
  /** The SerDe takes quotes off, so that a quoted number is a number. */
  readonly stripsQuotes: boolean
  readonly columnsMin: number
  readonly rowsMin: number
}

/** In the order of preference when two explain the text equally well. */
export const DELIMITERS = [',', '|', '\t', ';', '\u0001'] as const

export const BUILT_IN_OPTIONS: CsvOptions = {
  delimiters: DELIMITERS,
  quote: '"',
  hasHeader: undefined,
  names: undefined,
  types: undefined,
  trimsValues: true,
  stripsQuotes: false,
  columnsMin: 2,
  rowsMin: 2,
}

/** AWS reads the first 1,000 records. */
export const RECORDS_MAX = 1000
/** Rows may be ragged, but this share of them must have the same number of columns. */
export const REGULAR_SHARE_MIN = 0.8
const HEADER_CELL_LENGTH_MAX = 150

type Row = readonly CsvCell[]

/** Answers with the reason when the text is not delimited so. */
export function csvSchema(
  text: string,
  isWhole: boolean,
  options: CsvOptions = BUILT_IN_OPTIONS,
): CsvSchema | { readonly reason: string } {
  const layouts = options.delimiters.flatMap((delimiter) => layoutOf(text, delimiter, isWhole, options) ?? [])
  const [layout] = layouts.sort((a, b) => b.regularShare - a.regularShare || b.width - a.width)
  if (layout === undefined) return { reason: reasonOf(options) }
  const { width } = layout
  if (width > COLUMNS_MAX)
    return { reason: `it has ${width} columns, more than the ${COLUMNS_MAX} that a table may have` }
  for (const [what, given] of Object.entries({ names: options.names, types: options.types }))
    if (given !== undefined && given.length !== width)
      return { reason: `it has ${width} columns and the classifier gives ${given.length} ${what}` }

  const [first = [], ...rest] = layout.rows
  const hasHeader = options.hasHeader ?? isHeader(first, rest, options)
  const records = hasHeader ? rest : layout.rows
  const conflicts = new Conflicts()
  const names = namesOf(first, { hasHeader, width, given: options.names })
  const types = options.types ?? columnTypes(records, { names, options, conflicts })
  return {
    columns: names.map((name, index) => ({ name, type: types[index] ?? unknown })),
    delimiter: layout.delimiter,
    hasHeader,
    isQuoted: layout.rows.some((row) => row.some((cell) => cell.isQuoted)),
    regularShare: layout.regularShare,
    records: records.length,
    consumed: Buffer.byteLength(text.slice(0, layout.consumed)),
    notes: [...notesOn(layout.rows, width), ...conflicts.notes()],
  }
}

interface Layout {
  readonly delimiter: string
  readonly width: number
  readonly rows: readonly Row[]
  readonly regularShare: number
  readonly consumed: number
}

function layoutOf(text: string, delimiter: string, isWhole: boolean, options: CsvOptions): Layout | undefined {
  const { quote, columnsMin, rowsMin } = options
  const { rows, consumed } = csvRows(text, delimiter, { isWhole, rowsMax: RECORDS_MAX + 1, quote })
  const width = commonestWidth(rows)
  const regularShare = rows.filter((row) => row.length === width).length / rows.length
  if (rows.length < rowsMin || width < columnsMin || regularShare < REGULAR_SHARE_MIN) return undefined
  return { delimiter, width, rows, regularShare, consumed }
}

function reasonOf({ columnsMin, rowsMin }: CsvOptions): string {
  const count = (number: number) => (number === 1 ? 'one' : number === 2 ? 'two' : String(number))
  return `it is not delimited text with at least ${count(columnsMin)} column${columnsMin > 1 ? 's' : ''} and ${count(rowsMin)} row${rowsMin > 1 ? 's' : ''}`
}

function commonestWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

/** The last cell may be empty, for lines that end in a delimiter. Names given by hand are a header wherever they stand. */
function isHeader(first: Row, rest: readonly Row[], options: CsvOptions): boolean {
  if (options.names !== undefined && areNames(first, options.names)) return true
  const mayBeNames = first.every((cell, index) => {
    const isLast = index === first.length - 1
    const name = cell.text.trim()
    if (isLast && name === '') return true
    return (
      name !== '' &&
      name.length < (isLast ? COLUMN_NAME_LENGTH_MAX + 1 : HEADER_CELL_LENGTH_MAX) &&
      cellType(cell, options) === string &&
      !/[\p{Cc}]/u.test(name)
    )
  })
  return mayBeNames && rest.some((row) => row.some((cell) => ![string, unknown].includes(cellType(cell, options))))
}

function areNames(row: Row, names: readonly string[]): boolean {
  return row.every((cell, index) => cell.text.trim().toLowerCase() === names[index]?.trim().toLowerCase())
}

interface ColumnContext {
  readonly names: readonly string[]
  readonly options: CsvOptions
  readonly conflicts: Conflicts
}

function columnTypes(records: readonly Row[], { names, options, conflicts }: ColumnContext): InferredType[] {
  const types = new Array<InferredType>(names.length).fill(unknown)
  for (const row of records) {
    for (let index = 0; index < types.length; index++) {
      const cell = row[index]
      if (cell === undefined) continue
      const [known, next] = [types[index] as InferredType, cellType(cell, options)]
      if (known === next) continue
      conflicts.add(known, next, [names[index] as string])
      types[index] = widen(known, next)
    }
  }
  return types
}

/** A quoted number is text where the SerDe does not strip quotes: it could not be read as a number. */
function cellType({ text, isQuoted }: CsvCell, { trimsValues, stripsQuotes }: CsvOptions): InferredType {
  const value = trimsValues ? text.trim() : text
  if (value === '' && !isQuoted) return unknown
  if (isQuoted && !stripsQuotes) return string
  if (/^[+-]?\d{1,19}$/.test(value)) return fitsBigint(value) ? bigint : string
  return /^[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?$/.test(value) ? double : string
}

function fitsBigint(digits: string): boolean {
  const value = BigInt(digits.replace('+', ''))
  return value >= -(2n ** 63n) && value < 2n ** 63n
}

interface Naming {
  readonly hasHeader: boolean
  readonly width: number
  readonly given: readonly string[] | undefined
}

/** Lower-case; blanks and slashes stay. Every column needs a name of its own: an empty one is `col<n>`, a repeated one is numbered. */
function namesOf(header: Row, { hasHeader, width, given }: Naming): string[] {
  const wanted = given ?? (hasHeader ? header.map((cell) => cell.text) : [])
  const taken = new Set<string>()
  return Array.from({ length: width }, (_, index) => {
    const name = wanted[index]?.trim().toLowerCase() || `col${index}`
    let free = name
    for (let copy = 1; taken.has(free); copy++) free = `${name}_${copy}`
    taken.add(free)
    return free
  })
}

function notesOn(rows: readonly Row[], width: number): string[] {
  const ragged = rows.filter((row) => row.length !== width).length
  return ragged > 0 ? [`${ragged} of ${rows.length} rows do not have ${width} columns`] : []
}
