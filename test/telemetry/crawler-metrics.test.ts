import { expect, test } from 'vitest'
import { crawlerMetrics } from '../../src/telemetry/crawler-metrics.ts'
import { prometheusText } from '../../src/telemetry/prometheus.ts'

const run = {
  status: 'SUCCEEDED',
  tablesCreated: 1,
  tablesUpdated: 0,
  tablesDeleted: 0,
  partitionsCreated: 30,
  partitionsUpdated: 2,
  partitionsDeleted: 0,
}

test('runs and their changes add up, and what never happened is not told', () => {
  const metrics = crawlerMetrics()
  expect(prometheusText(metrics.families())).toBe('')
  metrics.ended('a', run)
  metrics.ended('a', { ...run, tablesCreated: 0 })
  metrics.ended('b', { ...run, status: 'FAILED', tablesCreated: 0, partitionsCreated: 0, partitionsUpdated: 0 })
  expect(
    prometheusText(metrics.families())
      .split('\n')
      .filter((line) => /^[^#]/.test(line)),
  ).toEqual([
    'lakelet_crawler_runs_total{crawler="a",status="SUCCEEDED"} 2',
    'lakelet_crawler_runs_total{crawler="b",status="FAILED"} 1',
    'lakelet_crawler_tables_total{crawler="a",change="created"} 1',
    'lakelet_crawler_partitions_total{crawler="a",change="created"} 60',
    'lakelet_crawler_partitions_total{crawler="a",change="updated"} 4',
  ])
})
