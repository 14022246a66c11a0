import { expect, test } from 'vitest'
import type { StreamProgress } from '../../../src/delivery/progress.ts'
import { metricsAnswer } from '../../../src/services/admin/metrics.ts'
import { firehoseListMetrics, firehoseMetrics } from '../../../src/telemetry/firehose-metrics.ts'
import { MetricWorld, seriesName } from '../../telemetry/metric-world.ts'

const process = () => ({ residentBytes: 1000, heapUsedBytes: 500, cpuSeconds: 1.5, startedAtMs: 2000 })

const stream: StreamProgress = {
  name: 'clicks',
  bufferedRecords: 3,
  bufferedBytes: 300,
  sealedBatches: 1,
  oldestAgeMs: 1500,
  dueInMs: 10,
  acceptedRecords: 4,
  acceptedBytes: 400,
  deliveredObjects: 1,
  deliveredRecords: 1,
  deliveredBytes: 100,
  lastError: undefined,
  lastErrorAtMs: undefined,
}

async function told(streams: readonly StreamProgress[] = [stream]): Promise<string[]> {
  const { store } = await MetricWorld.open()
  const metrics = firehoseMetrics(store, 'clicks')
  metrics.putRequest('PutRecordBatch', 20, 3, 300)
  metrics.putRequest('PutRecordBatch', 30, 1, 100)
  metrics.delivered({ objects: 1, records: 1, bytes: 100, freshnessSeconds: 61, success: true })
  firehoseListMetrics(store).listed(1)
  store.meter(seriesName()).record(1)
  const { body } = metricsAnswer({ totals: () => store.totals(), crawlers: () => CRAWLERS, process }, streams, '1.2.3')
  return String(body).split('\n')
}

const CRAWLERS = [
  {
    kind: 'counter',
    name: 'lakelet_crawler_runs_total',
    help: 'Runs.',
    samples: [{ labels: { crawler: 'a' }, value: 3 }],
  },
] as const

test.each([
  'lakelet_firehose_put_record_batch_records_total{delivery_stream="clicks"} 4',
  '# TYPE lakelet_firehose_put_record_batch_records_total counter',
  'lakelet_firehose_put_record_batch_seconds_sum{delivery_stream="clicks"} 0.05',
  'lakelet_firehose_put_record_batch_seconds_count{delivery_stream="clicks"} 2',
  'lakelet_firehose_delivery_to_s3_data_freshness_seconds{delivery_stream="clicks"} 61',
  'lakelet_firehose_list_requests_total 1',
  'lakelet_firehose_buffered_bytes{delivery_stream="clicks"} 300',
  'lakelet_firehose_oldest_record_age_seconds{delivery_stream="clicks"} 1.5',
  'lakelet_crawler_runs_total{crawler="a"} 3',
  'lakelet_build_info{version="1.2.3"} 1',
  'process_cpu_seconds_total 1.5',
  'process_start_time_seconds 2',
])('Prometheus is told %s', async (line) => {
  expect(await told()).toContain(line)
})

test('metrics that others put are not told, nor what a stream does not have', async () => {
  const text = (await told([{ ...stream, oldestAgeMs: undefined }])).join('\n')
  expect(text).not.toContain('Requests')
  expect(text).not.toContain('oldest_record_age_seconds')
})

test('every metric stands once, with its help and type before it', async () => {
  const types = (await told()).filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2])
  expect(new Set(types).size).toBe(types.length)
})
