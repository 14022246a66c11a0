/** Groups, streams and tags. */
import { expect, test } from 'vitest'
import type { DescribeLogGroupsRequest } from '../../../src/wire/model/logs.ts'
import { ARN, GROUP, LogsWorld, NOW_MS, STREAM } from './logs-world.ts'

test('a group is described as AWS describes it', async () => {
  const logs = new LogsWorld()
  await logs.fill('hello')
  await logs.call('PutRetentionPolicy', { ...GROUP, retentionInDays: 7 })
  expect(await logs.call('DescribeLogGroups', {})).toEqual({
    logGroups: [
      {
        logGroupName: '/lake/g',
        creationTime: NOW_MS,
        retentionInDays: 7,
        metricFilterCount: 0,
        arn: `${ARN}:/lake/g:*`,
        storedBytes: 31,
        logGroupClass: 'STANDARD',
        logGroupArn: `${ARN}:/lake/g`,
      },
    ],
  })
  await logs.call('DeleteRetentionPolicy', GROUP)
  const { logGroups } = await logs.call('DescribeLogGroups', {})
  expect(logGroups?.[0]).not.toHaveProperty('retentionInDays')
})

test.each<[DescribeLogGroupsRequest, string[]]>([
  [{}, ['/aws/a', '/aws/b', 'Other']],
  [{ logGroupNamePrefix: '/aws/' }, ['/aws/a', '/aws/b']],
  [{ logGroupNamePattern: 'OTH' }, ['Other']],
  [{ logGroupNamePrefix: 'oth' }, []],
  [{ logGroupIdentifiers: [`${ARN}:/aws/a`, 'Other'] }, ['/aws/a', 'Other']],
  [{ logGroupClass: 'INFREQUENT_ACCESS' }, []],
])('%j finds %j', async (input, expected) => {
  const logs = new LogsWorld()
  for (const logGroupName of ['Other', '/aws/b', '/aws/a']) await logs.call('CreateLogGroup', { logGroupName })
  const { logGroups } = await logs.call('DescribeLogGroups', input)
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(expected)
})

test('groups come by page, fifty or as many as are asked for', async () => {
  const logs = new LogsWorld()
  for (let index = 100; index < 151; index++) await logs.call('CreateLogGroup', { logGroupName: `g${index}` })
  const first = await logs.call('DescribeLogGroups', {})
  expect(first.logGroups).toHaveLength(50)
  const rest = await logs.call('DescribeLogGroups', { nextToken: first.nextToken ?? '' })
  expect(rest.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['g150'])
  expect(rest.nextToken).toBeUndefined()
  expect((await logs.call('DescribeLogGroups', { limit: 3 })).logGroups).toHaveLength(3)
})

test('streams are listed by name or by their newest event, forth and back, by page', async () => {
  const logs = new LogsWorld()
  await logs.call('CreateLogGroup', GROUP)
  for (const [index, logStreamName] of ['a', 'c', 'b'].entries()) {
    await logs.call('CreateLogStream', { ...GROUP, logStreamName })
    const logEvents = [{ timestamp: NOW_MS + index, message: 'm' }]
    await logs.call('PutLogEvents', { ...GROUP, logStreamName, logEvents })
  }
  const names = async (asked: object) =>
    (await logs.call('DescribeLogStreams', { ...GROUP, ...asked })).logStreams?.map(
      ({ logStreamName }) => logStreamName,
    )
  expect(await names({})).toEqual(['a', 'b', 'c'])
  expect(await names({ descending: true })).toEqual(['c', 'b', 'a'])
  expect(await names({ orderBy: 'LastEventTime', descending: true })).toEqual(['b', 'c', 'a'])
  expect(await names({ logStreamNamePrefix: 'b' })).toEqual(['b'])
  const first = await logs.call('DescribeLogStreams', { logGroupIdentifier: `${ARN}:/lake/g`, limit: 2 })
  expect(await names({ nextToken: first.nextToken, limit: 2 })).toEqual(['c'])
  expect(first.logStreams?.[0]).toMatchObject({
    arn: `${ARN}:/lake/g:log-stream:a`,
    firstEventTimestamp: NOW_MS,
    lastEventTimestamp: NOW_MS,
    lastIngestionTime: NOW_MS,
  })
})

test('what was deleted is not there', async () => {
  const logs = new LogsWorld()
  await logs.fill('hello')
  await logs.call('DeleteLogStream', STREAM)
  expect(await logs.call('DescribeLogStreams', GROUP)).toEqual({ logStreams: [] })
  await logs.call('DeleteLogGroup', GROUP)
  expect(await logs.call('DescribeLogGroups', {})).toEqual({ logGroups: [] })
})

test('tags are given at creation, added, changed and taken away', async () => {
  const logs = new LogsWorld()
  const resourceArn = `${ARN}:/lake/g`
  await logs.call('CreateLogGroup', { ...GROUP, tags: { a: '1', b: '2' } })
  await logs.call('TagResource', { resourceArn, tags: { b: '3', c: '4' } })
  await logs.call('UntagResource', { resourceArn: `${resourceArn}:*`, tagKeys: ['a', 'none'] })
  expect(await logs.call('ListTagsForResource', { resourceArn })).toEqual({ tags: { b: '3', c: '4' } })
})

const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']))

test.each<[string, (logs: LogsWorld) => Promise<unknown>, string, string]>([
  [
    'a group twice',
    (logs) => logs.call('CreateLogGroup', GROUP),
    'ResourceAlreadyExistsException',
    'The specified log group already exists',
  ],
  [
    'a stream twice',
    (logs) => logs.call('CreateLogStream', STREAM),
    'ResourceAlreadyExistsException',
    'The specified log stream already exists',
  ],
  [
    'streams of no group',
    (logs) => logs.call('DescribeLogStreams', { logGroupName: 'none' }),
    'ResourceNotFoundException',
    'The specified log group does not exist.',
  ],
  [
    'the end of no stream',
    (logs) => logs.call('DeleteLogStream', { ...GROUP, logStreamName: 'none' }),
    'ResourceNotFoundException',
    'The specified log stream does not exist.',
  ],
  [
    'two days of retention',
    (logs) => logs.call('PutRetentionPolicy', { ...GROUP, retentionInDays: 2 }),
    'InvalidParameterException',
    "Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5",
  ],
  [
    'name and identifier',
    (logs) => logs.call('DescribeLogStreams', { ...GROUP, logGroupIdentifier: 'x' }),
    'InvalidParameterException',
    'mutually exclusive',
  ],
  ['neither', (logs) => logs.call('DescribeLogStreams', {}), 'InvalidParameterException', 'must be given'],
  [
    'prefix and pattern',
    (logs) => logs.call('DescribeLogGroups', { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' }),
    'InvalidParameterException',
    'mutually exclusive',
  ],
  [
    'the newest event with a prefix',
    (logs) => logs.call('DescribeLogStreams', { ...GROUP, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' }),
    'InvalidParameterException',
    'Cannot order by LastEventTime with a logStreamNamePrefix.',
  ],
  [
    'a token that nobody gave',
    (logs) => logs.call('DescribeLogStreams', { ...GROUP, nextToken: 'x' }),
    'InvalidParameterException',
    'The specified nextToken is invalid.',
  ],
  [
    'a key of KMS',
    (logs) => logs.call('CreateLogGroup', { logGroupName: 'k', kmsKeyId: 'x' }),
    'InvalidParameterException',
    'kmsKeyId is not offered by lakelet',
  ],
  [
    'another class',
    (logs) => logs.call('CreateLogGroup', { logGroupName: 'k', logGroupClass: 'DELIVERY' }),
    'InvalidParameterException',
    'The log group class DELIVERY is not offered',
  ],
  [
    'the tag of another account',
    (logs) => logs.call('ListTagsForResource', { resourceArn: 'arn:aws:logs:eu-west-1:999999999999:log-group:g' }),
    'InvalidParameterException',
    'is not the ARN of a log group of this account',
  ],
  [
    'a reserved tag',
    (logs) => logs.call('TagResource', { resourceArn: `${ARN}:/lake/g`, tags: { 'aws:x': '' } }),
    'InvalidParameterException',
    'reserved',
  ],
  [
    'the fifty-first tag',
    async (logs) => {
      await logs.call('TagResource', { resourceArn: `${ARN}:/lake/g`, tags: fifty })
      await logs.call('TagResource', { resourceArn: `${ARN}:/lake/g`, tags: { more: '' } })
    },
    'TooManyTagsException',
    'no more than 50',
  ],
])('%s: refused', async (_what, act, code, text) => {
  const logs = new LogsWorld()
  await logs.fill()
  await expect(act(logs)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
})
