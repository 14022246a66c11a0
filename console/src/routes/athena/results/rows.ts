/** Rows of a result, in the order that somebody asked for. */
import type { ResultColumn } from '../../../drivers/result-column.ts'

export interface Row {
  /** From 1, as the result has it. */
  readonly number: number
  readonly cells: readonly (string | null)[]
}

export interface Sorting {
  readonly column: number
  readonly isDescending: boolean
}

const NUMBERS = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'real', 'double', 'decimal'])

export function isNumber({ type }: ResultColumn): boolean {
  return NUMBERS.has(type)
}

export function isTime({ type }: ResultColumn): boolean {
  return type === 'date' || type.startsWith('timestamp')
}

/** NULLs last, as Athena has them. */
export function sortedRows(
  rows: readonly Row[],
  sorting: Sorting | undefined,
  columns: readonly ResultColumn[],
): readonly Row[] {
  if (sorting === undefined) return rows
  const { column, isDescending } = sorting
  const of = columns[column]
  const numeric = of !== undefined && isNumber(of)
  const direction = isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [a.cells[column] ?? null, b.cells[column] ?? null]
    if (left === right) return 0
    if (left === null) return 1
    if (right === null) return -1
    return direction * (numeric ? Number(left) - Number(right) : left < right ? -1 : 1)
  })
}
