/** A result as a chart. */
import AreaChart from '@cloudscape-design/components/area-chart'
import BarChart from '@cloudscape-design/components/bar-chart'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import LineChart from '@cloudscape-design/components/line-chart'
import Multiselect from '@cloudscape-design/components/multiselect'
import PieChart from '@cloudscape-design/components/pie-chart'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { numberText } from '../../../components/figures.ts'
import type { ResultColumn } from '../../../drivers/result-column.ts'
import { type ChartChoice, type ChartKind, suitableChart } from './chart-default.ts'
import { isNumber, isTime, type Row } from './rows.ts'

const KINDS: readonly { readonly value: ChartKind; readonly label: string }[] = [
  { value: 'bar', label: 'Bars' },
  { value: 'line', label: 'Lines' },
  { value: 'area', label: 'Areas' },
  { value: 'pie', label: 'Pie' },
]
/** More cannot be told apart. */
const POINTS_MAX: Readonly<Record<ChartKind, number>> = { bar: 50, line: 2_000, area: 2_000, pie: 12 }

interface ResultChartProps {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Row[]
}

export function ResultChart({ columns, rows }: ResultChartProps) {
  const [chosen, setChosen] = useState<ChartChoice>()
  const choice = chosen ?? suitableChart(columns, rows)
  if (choice === undefined)
    return <Box color="text-body-secondary">A chart needs a column of numbers: this result has none.</Box>
  const nameOf = (index: number) => columns[index]?.name ?? 'Row'
  const shown = rows.slice(0, POINTS_MAX[choice.kind])
  const set = (changed: Partial<ChartChoice>) => setChosen({ ...choice, ...changed })
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={3}>
        <FormField label="Chart">
          <Select
            selectedOption={KINDS.find(({ value }) => value === choice.kind) ?? null}
            options={KINDS}
            onChange={({ detail }) => set({ kind: detail.selectedOption.value as ChartKind })}
          />
        </FormField>
        <FormField label="Along the axis">
          <Select
            selectedOption={{ value: String(choice.x), label: choice.x < 0 ? 'Number of the row' : nameOf(choice.x) }}
            options={[
              { value: '-1', label: 'Number of the row' },
              ...columns.map(({ name }, index) => ({ value: String(index), label: name })),
            ]}
            onChange={({ detail }) => set({ x: Number(detail.selectedOption.value) })}
          />
        </FormField>
        <FormField label="Figures">
          <Multiselect
            selectedOptions={choice.y.map((index) => ({ value: String(index), label: nameOf(index) }))}
            options={columns.flatMap((column, index) =>
              isNumber(column) ? [{ value: String(index), label: column.name }] : [],
            )}
            onChange={({ detail }) => set({ y: detail.selectedOptions.map(({ value }) => Number(value)) })}
            placeholder="Choose columns"
          />
        </FormField>
      </ColumnLayout>
      {shown.length < rows.length && (
        <Box color="text-body-secondary">
          The first {numberText(shown.length)} of {numberText(rows.length)} rows are drawn.
        </Box>
      )}
      <Drawn choice={choice} columns={columns} rows={shown} />
    </SpaceBetween>
  )
}

function Drawn({ choice: { kind, x, y }, columns, rows }: ResultChartProps & { readonly choice: ChartChoice }) {
  const labelOf = ({ cells, number }: Row) => (x < 0 ? String(number) : (cells[x] ?? 'null'))
  const figure = ({ cells }: Row, index: number) => Number(cells[index] ?? 0)
  const common = {
    height: 320,
    hideFilter: true,
    ariaLabel: 'Chart of the result',
    empty: <Box>Choose figures to draw</Box>,
  }
  if (kind === 'pie') {
    const [index] = y
    const data = index === undefined ? [] : rows.map((row) => ({ title: labelOf(row), value: figure(row, index) }))
    return (
      <PieChart
        {...common}
        size="large"
        data={data}
        segmentDescription={(datum, sum) =>
          `${numberText(datum.value)}, ${((datum.value / (sum || 1)) * 100).toFixed(1)} %`
        }
      />
    )
  }
  const column = columns[x]
  const names = rows.map(labelOf)
  if (column !== undefined && isTime(column) && kind !== 'bar') {
    const at = (row: Row) =>
      new Date(`${(row.cells[x] ?? '').replace(' UTC', '').replace(' ', 'T')}${column.type === 'date' ? '' : 'Z'}`)
    const sorted = rows
      .filter((row) => !Number.isNaN(at(row).getTime()))
      .toSorted((a, b) => at(a).getTime() - at(b).getTime())
    const series = y.map((index) => ({
      type: kind as 'line',
      title: columns[index]?.name ?? '',
      data: sorted.map((row) => ({ x: at(row), y: figure(row, index) })),
    }))
    const Chart = kind === 'area' ? AreaChart : LineChart
    return (
      <Chart {...common} xScaleType="time" series={series as never} xTitle={column.name} yTickFormatter={numberText} />
    )
  }
  const series = y.map((index) => ({
    type: kind,
    title: columns[index]?.name ?? '',
    data: rows.map((row) => ({ x: labelOf(row), y: figure(row, index) })),
  }))
  const Chart = kind === 'bar' ? BarChart : kind === 'area' ? AreaChart : LineChart
  return (
    <Chart
      {...common}
      xScaleType="categorical"
      xDomain={[...new Set(names)]}
      series={series as never}
      xTitle={column?.name ?? 'Row'}
      yTickFormatter={numberText}
      hideLegend={y.length < 2}
    />
  )
}
