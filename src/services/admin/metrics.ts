/** What Prometheus is told: what the lake counts of its streams and crawlers, what they hold just now, and the process itself. */
import type { StreamProgress } from '../../delivery/progress.ts'
import { FIREHOSE_METRICS, FIREHOSE_NAMESPACE, type FirehoseMetricName } from '../../telemetry/firehose-metrics.ts'
import type { MetricStore } from '../../telemetry/metric-store.ts'
import { type Family, PROMETHEUS_CONTENT_TYPE, prometheusText, type Sample } from '../../telemetry/prometheus.ts'
import type { WireResponse } from '../../wire/http.ts'

export interface MetricsContext {
  readonly totals: () => ReturnType<MetricStore['totals']>
  readonly crawlers: () => readonly Family[]
  readonly process: () => ProcessFigures
}

export interface ProcessFigures {
  readonly residentBytes: number
  readonly heapUsedBytes: number
  readonly cpuSeconds: number
  readonly startedAtMs: number
}

export function metricsAnswer(
  { totals, crawlers, process }: MetricsContext,
  streams: readonly StreamProgress[],
  version: string,
): WireResponse {
  const families = [
    ...firehoseFamilies(totals()),
    ...streamFamilies(streams),
    ...crawlers(),
    ...processFamilies(process(), version),
  ]
  return { status: 200, headers: { 'content-type': PROMETHEUS_CONTENT_TYPE }, body: prometheusText(families) }
}

function firehoseFamilies(totals: ReturnType<MetricStore['totals']>): Family[] {
  const samples = new Map<string, Sample[]>()
  for (const { name, totals: found } of totals) {
    if (name.namespace !== FIREHOSE_NAMESPACE || !Object.hasOwn(FIREHOSE_METRICS, name.name)) continue
    const { exposition } = FIREHOSE_METRICS[name.name as FirehoseMetricName]
    const labels = Object.fromEntries(name.dimensions.map(({ value }) => ['delivery_stream', value]))
    const value = exposition.kind === 'gauge' ? found.last : found.sum
    const ofMetric = samples.get(name.name) ?? []
    ofMetric.push({ labels, value, count: found.count })
    samples.set(name.name, ofMetric)
  }
  return Object.entries(FIREHOSE_METRICS).map(([name, { exposition }]) => ({
    ...exposition,
    samples: samples.get(name) ?? [],
  }))
}

function streamFamilies(streams: readonly StreamProgress[]): Family[] {
  const family = (name: string, help: string, figureOf: (stream: StreamProgress) => number | undefined): Family => ({
    kind: 'gauge',
    name: `lakelet_firehose_${name}`,
    help,
    samples: streams.flatMap((stream) => {
      const value = figureOf(stream)
      return value === undefined ? [] : [{ labels: { delivery_stream: stream.name }, value }]
    }),
  })
  return [
    family('buffered_records', 'Records accepted and not yet delivered.', (stream) => stream.bufferedRecords),
    family('buffered_bytes', 'Bytes accepted and not yet delivered.', (stream) => stream.bufferedBytes),
    family('sealed_batches', 'Batches that wait for delivery, or are in it.', (stream) => stream.sealedBatches),
    family('oldest_record_age_seconds', 'Age of the oldest record that was not delivered.', ({ oldestAgeMs }) =>
      oldestAgeMs === undefined ? undefined : oldestAgeMs / 1000,
    ),
  ]
}

/** The names that Prometheus has for these in every process. */
function processFamilies(figures: ProcessFigures, version: string): Family[] {
  const one = (kind: 'gauge' | 'counter', name: string, help: string, value: number, labels = {}): Family => ({
    kind,
    name,
    help,
    samples: [{ labels, value }],
  })
  return [
    one('gauge', 'lakelet_build_info', 'The lakelet that runs.', 1, { version }),
    one('gauge', 'process_resident_memory_bytes', 'Resident memory.', figures.residentBytes),
    one('counter', 'process_cpu_seconds_total', 'Processor time, user and system.', figures.cpuSeconds),
    one('gauge', 'process_start_time_seconds', 'When the process began.', figures.startedAtMs / 1000),
    one('gauge', 'nodejs_heap_size_used_bytes', 'Heap in use.', figures.heapUsedBytes),
  ]
}
