/**
 * Amazon CloudWatch Logs over aws-json 1.1: what the lake says of itself, and what others put, read back. The operation
 * table, and nothing else.
 *
 * Gaps, each refused by name: subscriptions, metric filters, Insights queries, live tail, exports, keys of KMS, classes of
 * log groups, deletion protection, and filter patterns for JSON, columns and regular expressions. Difference: events
 * without retention stay until the lake needs room for newer ones (`telemetry/log-store.ts`).
 */
import type { LogsOperations } from '../../wire/model/logs.ts'
import type { Service } from '../operation.ts'
import type { LogsContext } from './context.ts'
import { toLogsError } from './errors.ts'
import { filterLogEvents } from './filter-log-events.ts'
import { getLogEvents } from './get-log-events.ts'
import * as groups from './groups.ts'
import { logsPermissions } from './permissions.ts'
import { putLogEvents } from './put-log-events.ts'
import * as streams from './streams.ts'
import * as tags from './tags.ts'

export function logsService(context: LogsContext): Service<LogsContext> {
  return {
    signingName: 'logs',
    context,
    toWireError: toLogsError,
    permissions: logsPermissions,
    operations: {
      CreateLogGroup: groups.createLogGroup,
      DescribeLogGroups: groups.describeLogGroups,
      DeleteLogGroup: groups.deleteLogGroup,
      PutRetentionPolicy: groups.putRetentionPolicy,
      DeleteRetentionPolicy: groups.deleteRetentionPolicy,
      CreateLogStream: streams.createLogStream,
      DescribeLogStreams: streams.describeLogStreams,
      DeleteLogStream: streams.deleteLogStream,
      PutLogEvents: putLogEvents,
      GetLogEvents: getLogEvents,
      FilterLogEvents: filterLogEvents,
      ListTagsForResource: tags.listTagsForResource,
      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
    } satisfies Record<keyof LogsOperations, unknown>,
  }
}
