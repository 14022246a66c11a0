/**
 * Amazon CloudWatch over rpc-v2-cbor, aws-json 1.0 and query: metrics of the lake, and of whoever puts them, read back. The
 * operation table, and nothing else.
 *
 * Gaps, each refused by name: alarms, dashboards, insight rules, anomaly detectors, streams of metrics, seconds instead of
 * minutes (StorageResolution 1), entities, trimmed statistics, and functions of metric math. Differences: points are of one
 * minute for a day and of five minutes for fifteen days (`telemetry/metric-store.ts`); percentiles are within 2 % of the
 * value, or somewhat more where values spread over many powers of ten (`telemetry/sketch.ts`).
 */
import type { CloudwatchOperations } from '../../wire/model/cloudwatch.ts'
import type { Service } from '../operation.ts'
import type { CloudWatchContext } from './context.ts'
import { toCloudWatchError } from './errors.ts'
import { getMetricData } from './get-metric-data.ts'
import { getMetricStatistics } from './get-metric-statistics.ts'
import { listMetrics } from './list-metrics.ts'
import { cloudWatchPermissions } from './permissions.ts'
import { putMetricData } from './put-metric-data.ts'

export function cloudWatchService(context: CloudWatchContext): Service<CloudWatchContext> {
  return {
    signingName: 'monitoring',
    context,
    toWireError: toCloudWatchError,
    permissions: cloudWatchPermissions,
    operations: {
      GetMetricData: getMetricData,
      GetMetricStatistics: getMetricStatistics,
      ListMetrics: listMetrics,
      PutMetricData: putMetricData,
    } satisfies Record<keyof CloudwatchOperations, unknown>,
  }
}
