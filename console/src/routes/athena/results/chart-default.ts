/** Which chart suits a result, and what it shows, before anybody has chosen. */
import type { ResultColumn } from '../../../drivers/result-column.ts'
import { isNumber, isTime, type Row } from './rows.ts'

export type ChartKind = 'bar' | 'line' | 'area' | 'pie'

export interface ChartChoice {
  readonly kind: ChartKind
  /** Index of the column along the axis. */
  readonly x: number
  /** Indices of columns of figures. */
  readonly y: readonly number[]
}

const PIE_MAX = 6
const SERIES_MAX = 5

/** undefined: no column has figures. Times make a line; few shares a pie; all else bars. */
export function suitableChart(columns: readonly ResultColumn[], rows: readonly Row[]): ChartChoice | undefined {
  const figures = columns.flatMap((column, index) => (isNumber(column) ? [index] : []))
  if (figures.length === 0) return undefined
  const time = columns.findIndex(isTime)
  const named = columns.findIndex((column) => !isNumber(column))
  // A first column of whole numbers, an hour perhaps, goes along the axis when there is nothing better.
  const x = time >= 0 ? time : named >= 0 ? named : figures.length > 1 ? 0 : -1
  const y = figures.filter((index) => index !== x).slice(0, SERIES_MAX)
  if (time >= 0) return { kind: 'line', x, y }
  const [only] = y
  const isShares =
    y.length === 1 &&
    x >= 0 &&
    rows.length > 1 &&
    rows.length <= PIE_MAX &&
    only !== undefined &&
    rows.every(({ cells }) => Number(cells[only] ?? 0) >= 0)
  return { kind: isShares ? 'pie' : 'bar', x, y }
}
