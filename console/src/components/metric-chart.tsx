/** A chart of the last hour, a value a minute. */
import Box from '@cloudscape-design/components/box'
import LineChart from '@cloudscape-design/components/line-chart'
import type { Series } from '../drivers/metrics.ts'
import { numberText } from './figures.ts'

interface MetricChartProps {
  readonly title: string
  readonly series: readonly Series[] | undefined
  readonly format?: (value: number) => string
  readonly height?: number
}

export function MetricChart({ title, series, format = numberText, height = 160 }: MetricChartProps) {
  const points = series?.[0]?.points ?? []
  const highest = Math.max(10, ...(series ?? []).flatMap(({ points: all }) => all.map(({ y }) => y)))
  return (
    <div>
      <Box variant="h4" padding={{ bottom: 'xs' }}>
        {title}
      </Box>
      <LineChart
        height={height}
        hideFilter={true}
        hideLegend={(series?.length ?? 0) < 2}
        statusType={series === undefined ? 'loading' : 'finished'}
        loadingText="Loading"
        series={(series ?? []).map(({ title: name, points: data }) => ({
          type: 'line' as const,
          title: name,
          data: [...data],
          valueFormatter: format,
        }))}
        xScaleType="time"
        xDomain={points.length > 1 ? [points[0]?.x as Date, points.at(-1)?.x as Date] : undefined}
        yDomain={[0, highest]}
        xTickFormatter={(at) => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })}
        yTickFormatter={format}
        ariaLabel={`${title}, the last hour, a value a minute`}
        empty={<Box color="text-body-secondary">No values yet</Box>}
      />
    </div>
  )
}
