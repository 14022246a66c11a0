/**
 * What the operations of CloudWatch Logs need (Service Authorization Reference, "Amazon CloudWatch Logs", 2026-11). As AWS
 * prints it in its refusals, what is done to a group is done to `log-group:<name>:log-stream:`, so that policies for
 * `log-group:<name>:*` allow it; tags alone are of the group's own arn.
 */
import type { LogsOperations } from '../../wire/model/logs.ts'
import { type Permission, tagFacts } from '../access.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import type { LogsContext } from './context.ts'
import { type GroupGiven, groupArn, groupGiven, groupOfArn, streamArn } from './names.ts'

function onGroup(action: string): Permissions<GroupGiven, LogsContext> {
  return (input, context) => [
    { action: `logs:${action}`, resource: streamArn(groupGiven(input, context), '', context) },
  ]
}

function onStream(action: string): Permissions<GroupGiven & { readonly logStreamName: string }, LogsContext> {
  return (input, context) => [
    { action: `logs:${action}`, resource: streamArn(groupGiven(input, context), input.logStreamName, context) },
  ]
}

function onTags(action: string, arn: string, context: LogsContext, facts: Permission['facts'] = {}): Permission {
  return { action: `logs:${action}`, resource: groupArn(groupOfArn(arn, context), context), facts }
}

export const logsPermissions: PermissionTable<LogsOperations, keyof LogsOperations, LogsContext> = {
  CreateLogGroup: ({ logGroupName, tags = {} }, context) => {
    const facts = tagFacts(Object.entries(tags))
    return [
      { action: 'logs:CreateLogGroup', resource: streamArn(logGroupName, '', context), facts },
      ...(Object.keys(tags).length > 0
        ? [{ action: 'logs:TagResource', resource: groupArn(logGroupName, context), facts }]
        : []),
    ]
  },
  DescribeLogGroups: (_input, context) => [{ action: 'logs:DescribeLogGroups', resource: streamArn('', '', context) }],
  DeleteLogGroup: onGroup('DeleteLogGroup'),
  PutRetentionPolicy: onGroup('PutRetentionPolicy'),
  DeleteRetentionPolicy: onGroup('DeleteRetentionPolicy'),
  CreateLogStream: onStream('CreateLogStream'),
  DescribeLogStreams: onGroup('DescribeLogStreams'),
  DeleteLogStream: onStream('DeleteLogStream'),
  PutLogEvents: onStream('PutLogEvents'),
  GetLogEvents: onStream('GetLogEvents'),
  FilterLogEvents: onGroup('FilterLogEvents'),
  ListTagsForResource: ({ resourceArn }, context) => [onTags('ListTagsForResource', resourceArn, context)],
  TagResource: ({ resourceArn, tags }, context) => [
    onTags('TagResource', resourceArn, context, tagFacts(Object.entries(tags))),
  ],
  UntagResource: ({ resourceArn, tagKeys }, context) => [
    onTags('UntagResource', resourceArn, context, { 'aws:tagkeys': tagKeys }),
  ],
}
