/** What CloudWatch's operations need (Service Authorization Reference, "Amazon CloudWatch", 2026-11). */
import type { CloudwatchOperations } from '../../wire/model/cloudwatch.ts'
import type { Permission } from '../access.ts'
import type { PermissionTable } from '../operation.ts'
import type { CloudWatchContext } from './context.ts'

const everywhere = (action: string) => (): readonly Permission[] => [{ action: `cloudwatch:${action}`, resource: '*' }]

export const cloudWatchPermissions: PermissionTable<
  CloudwatchOperations,
  keyof CloudwatchOperations,
  CloudWatchContext
> = {
  GetMetricData: everywhere('GetMetricData'),
  GetMetricStatistics: everywhere('GetMetricStatistics'),
  ListMetrics: everywhere('ListMetrics'),
  PutMetricData: ({ Namespace }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', facts: { 'cloudwatch:namespace': [Namespace] } },
  ],
}
