/** Log groups: made, listed, removed, and how long they keep what they have. */
import type { LogGroup } from '../../telemetry/log-store.ts'
import type { DescribeLogGroupsRequest, LogGroup as LogGroupShape } from '../../wire/model/logs.ts'
import type { LogsContext, LogsOperation } from './context.ts'
import { invalid, invalidToken, notOffered } from './errors.ts'
import { groupArn, groupOfArn } from './names.ts'
import { requireTags } from './tags.ts'

const LIST_LIMIT = 50
const READ_AT_ONCE = 1000
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

export const createLogGroup: LogsOperation<'CreateLogGroup'> = async (input, { logs }) => {
  const { logGroupName, tags = {} } = input
  if (input.kmsKeyId !== undefined) throw notOffered('kmsKeyId')
  if (input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD') {
    throw notOffered(`The log group class ${input.logGroupClass}`)
  }
  if (input.deletionProtectionEnabled === true) throw notOffered('deletionProtectionEnabled')
  requireTags(tags, logGroupName)
  await logs.createGroup(logGroupName, tags)
  return {}
}

export const deleteLogGroup: LogsOperation<'DeleteLogGroup'> = async ({ logGroupName }, { logs }) => {
  await logs.flush()
  await logs.deleteGroup(logGroupName)
  return {}
}

export const putRetentionPolicy: LogsOperation<'PutRetentionPolicy'> = async (input, { logs }) => {
  const { logGroupName, retentionInDays } = input
  if (!RETENTION_DAYS.includes(retentionInDays)) {
    throw invalid(
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
    )
  }
  await logs.setRetention(logGroupName, retentionInDays)
  return {}
}

export const deleteRetentionPolicy: LogsOperation<'DeleteRetentionPolicy'> = async ({ logGroupName }, { logs }) => {
  await logs.setRetention(logGroupName, undefined)
  return {}
}

/** By name. A token is the last name of the page before. */
export const describeLogGroups: LogsOperation<'DescribeLogGroups'> = async (input, context) => {
  const { nextToken = '', limit = LIST_LIMIT } = input
  const isWanted = wanted(input, context)
  await context.logs.flush()
  const found: LogGroup[] = []
  let after = nextToken === '' ? '' : nameOfToken(nextToken)
  for (;;) {
    const some = context.logs.groups(after, READ_AT_ONCE)
    found.push(...some.filter(isWanted))
    after = some.at(-1)?.name ?? after
    if (some.length < READ_AT_ONCE || found.length > limit) break
  }
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    logGroups: page.map((group) => groupShape(group, context)),
    ...(found.length > limit && last !== undefined && { nextToken: Buffer.from(last.name).toString('base64url') }),
  }
}

function wanted(input: DescribeLogGroupsRequest, context: LogsContext): (group: LogGroup) => boolean {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupClass = 'STANDARD' } = input
  if (prefix !== undefined && pattern !== undefined) {
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.')
  }
  const others = (input.accountIdentifiers ?? []).some((account) => account !== context.accountId)
  if (others) throw notOffered('accountIdentifiers of other accounts')
  if (logGroupClass !== 'STANDARD') return () => false
  const identifiers = input.logGroupIdentifiers?.map((given) =>
    given.startsWith('arn:') ? groupOfArn(given, context) : given,
  )
  const sought = pattern?.toLowerCase()
  return ({ name }) =>
    (prefix === undefined || name.startsWith(prefix)) &&
    (sought === undefined || name.toLowerCase().includes(sought)) &&
    (identifiers === undefined || identifiers.includes(name))
}

function groupShape(group: LogGroup, context: LogsContext): LogGroupShape {
  const arn = groupArn(group.name, context)
  return {
    logGroupName: group.name,
    creationTime: group.createdAtMs,
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: context.logs.bytesOf(group),
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  }
}

function nameOfToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString()
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalidToken()
  return name
}
