/** Rows in a grid of which only what can be seen is drawn, so that a hundred thousand scroll as smoothly as ten. */
// biome-ignore-all lint/a11y/useSemanticElements: table elements would have to hold all of their rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is scrolled as a whole, its cells are only read
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ResultColumn } from '../../../drivers/result-column.ts'
import { isNumber, type Row, type Sorting } from './rows.ts'

const ROW_PX = 32
const HEIGHT_PX = 420
const AROUND = 12
const LETTER_PX = 7.6
const WIDTH_MIN = 90
const WIDTH_MAX = 420
/** Widths are those of the first rows. */
const MEASURED = 200

interface ResultGridProps {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Row[]
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting | undefined) => void
}

export function ResultGrid({ columns, rows, sorting, onSort }: ResultGridProps) {
  const place = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const numberWidth = Math.max(48, String(rows.length).length * LETTER_PX + 28)
  const widths = useMemo(
    () =>
      columns.map(({ name, type }, index) => {
        const longest = rows
          .slice(0, MEASURED)
          .reduce(
            (most, { cells }) => Math.max(most, Math.min(60, cells[index]?.length ?? 4)),
            Math.max(name.length + 3, type.length),
          )
        return Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, longest * LETTER_PX + 28)))
      }),
    [columns, rows],
  )
  // Another order or another search begins at the top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of these that matters
  useLayoutEffect(() => {
    place.current?.scrollTo({ top: 0 })
  }, [sorting, rows.length === 0])

  const first = Math.max(0, Math.floor(top / ROW_PX) - AROUND)
  const last = Math.min(rows.length, Math.ceil((top + HEIGHT_PX) / ROW_PX) + AROUND)
  const template = `${numberWidth}px ${widths.map((width) => `${width}px`).join(' ')}`
  const width = numberWidth + widths.reduce((sum, one) => sum + one, 0)
  const sort = (column: number) => {
    if (sorting?.column !== column) onSort({ column, isDescending: false })
    else onSort(sorting.isDescending ? undefined : { column, isDescending: true })
  }
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const step: Readonly<Record<string, number>> = {
      ArrowDown: ROW_PX,
      ArrowUp: -ROW_PX,
      PageDown: HEIGHT_PX - ROW_PX,
      PageUp: ROW_PX - HEIGHT_PX,
    }
    const by = step[event.key]
    if (event.target !== event.currentTarget) return
    if (by !== undefined) event.currentTarget.scrollBy({ top: by })
    else if (event.key === 'Home') event.currentTarget.scrollTo({ top: 0 })
    else if (event.key === 'End') event.currentTarget.scrollTo({ top: rows.length * ROW_PX })
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={place}
      className="grid"
      role="table"
      aria-label="Results"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keyboard
      tabIndex={0}
      style={{ maxHeight: HEIGHT_PX }}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={onKey}
    >
      <div style={{ width, minWidth: '100%' }}>
        <div role="rowgroup" className="grid-head">
          <div role="row" aria-rowindex={1} className="grid-row" style={{ gridTemplateColumns: template }}>
            <div role="columnheader" className="grid-number">
              #
            </div>
            {columns.map((column, index) => (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat, their places do not
                key={index}
                role="columnheader"
                aria-sort={sorting?.column === index ? (sorting.isDescending ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  className="grid-sort"
                  title={`${column.name}: ${column.type}`}
                  onClick={() => sort(index)}
                >
                  {column.name}
                  <span aria-hidden="true"> {sorting?.column === index ? (sorting.isDescending ? '▼' : '▲') : ''}</span>
                </button>
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.length * ROW_PX, position: 'relative' }}>
          <div style={{ position: 'absolute', top: first * ROW_PX, left: 0, right: 0 }}>
            {rows.slice(first, last).map(({ number, cells }, offset) => (
              <div
                key={number}
                role="row"
                aria-rowindex={first + offset + 2}
                className="grid-row"
                style={{ gridTemplateColumns: template, height: ROW_PX }}
              >
                <div role="cell" className="grid-number">
                  {number}
                </div>
                {columns.map((column, index) => (
                  <div
                    // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat, their places do not
                    key={index}
                    role="cell"
                    className={isNumber(column) ? 'grid-cell grid-figure' : 'grid-cell'}
                    title={cells[index] ?? undefined}
                  >
                    {cells[index] ?? <span className="grid-null">null</span>}
                  </div>
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  )
}
