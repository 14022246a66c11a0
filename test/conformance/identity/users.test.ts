/** Who may do what over all services of a lake, with the AWS SDK: users, denies, roles and their keys, passed roles. */
import { CreateDeliveryStreamCommand, ListDeliveryStreamsCommand, PutRecordCommand } from '@aws-sdk/client-firehose'
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
} from '@aws-sdk/client-glue'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUCKET, makeStream, STREAM } from '../../support/first-stream.ts'
import type { TestLake } from '../../support/lake.ts'
import { policyText, trustText } from '../../support/policies.ts'
import { ACCOUNT, ANN, keyOf, lakeWithAnn, outcome, signingAs } from './support.ts'

let world: Awaited<ReturnType<typeof lakeWithAnn>>
let lake: TestLake
let ann: TestLake
beforeAll(async () => {
  world = await lakeWithAnn()
  lake = world.lake
  ann = world.ann
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 60 })
  await lake.s3.send(new CreateBucketCommand({ Bucket: DATA }))
  await lake.s3.send(new PutObjectCommand({ Bucket: DATA, Key: 'a', Body: 'hello' }))
  for (const Name of ['shop', 'staff']) {
    await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }))
    await lake.glue.send(new CreateTableCommand({ DatabaseName: Name, TableInput: { Name: 't' } }))
  }
})
afterAll(() => world.close())

const DATA = 'the.data'
const Record = { Data: Buffer.from('{}\n') }

/** One thing of each service. */
const THINGS = {
  read: (as: TestLake) => as.s3.send(new GetObjectCommand({ Bucket: DATA, Key: 'a' })),
  list: (as: TestLake) => as.s3.send(new ListObjectsV2Command({ Bucket: DATA })),
  write: (as: TestLake) => as.s3.send(new PutObjectCommand({ Bucket: DATA, Key: 'b', Body: 'x' })),
  shop: (as: TestLake) => as.glue.send(new GetTableCommand({ DatabaseName: 'shop', Name: 't' })),
  staff: (as: TestLake) => as.glue.send(new GetTableCommand({ DatabaseName: 'staff', Name: 't' })),
  record: (as: TestLake) => as.firehose.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record })),
  streams: (as: TestLake) => as.firehose.send(new ListDeliveryStreamsCommand({})),
} as const

/** The things that the holder of a key may do; what is refused is refused as access. */
async function whatMay(as: TestLake): Promise<string[]> {
  const allowed: string[] = []
  for (const [name, thing] of Object.entries(THINGS)) {
    const got = await outcome(thing(as))
    if (got === 'allowed') allowed.push(name)
    else expect(got, name).toMatch(/^AccessDenied(Exception)?$/)
  }
  return allowed
}

const EVERYTHING = Object.keys(THINGS)
const stream = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/${STREAM}`
const glue = (rest: string) => `arn:aws:glue:us-east-1:${ACCOUNT}:${rest}`

test.each([
  { may: [], does: [] },
  { may: [{}], does: EVERYTHING },
  { may: [{ Action: 's3:*' }], does: ['read', 'list', 'write'] },
  { may: [{ Action: 's3:Get*', Resource: `arn:aws:s3:::${DATA}/*` }], does: ['read'] },
  { may: [{ Action: 's3:*', Resource: `arn:aws:s3:::${DATA}` }], does: ['list'] },
  { may: [{ Action: 'firehose:PutRecord', Resource: stream }], does: ['record'] },
  { may: [{ Action: 'firehose:PutRecord', Resource: `${stream}-2` }], does: [] },
  { may: [{ Action: 'glue:*', Resource: ['catalog', 'database/shop', 'table/shop/*'].map(glue) }], does: ['shop'] },
  { may: [{ Action: 'glue:*', Resource: glue('table/shop/*') }], does: [] },
  { may: [{ NotAction: 's3:*' }], does: ['shop', 'staff', 'record', 'streams'] },
  { may: [{}, { Effect: 'Deny', Action: ['s3:Put*', 'firehose:*'] }], does: ['read', 'list', 'shop', 'staff'] },
  { may: [{ Action: 's3:*' }, { Effect: 'Deny', Action: 's3:*' }], does: [] },
  {
    may: [{}, { Effect: 'Deny', NotResource: [`arn:aws:s3:::${DATA}`, `arn:aws:s3:::${DATA}/*`] }],
    does: ['read', 'list', 'write'],
  },
  { may: [{ Action: 's3:*', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }], does: [] },
  {
    may: [{ Action: 's3:*', Condition: { IpAddress: { 'aws:SourceIp': ['127.0.0.1/32', '::1/128'] } } }],
    does: ['read', 'list', 'write'],
  },
] as const)('a user who may $may does $does', async ({ may, does }) => {
  await world.allow(...(may.length === 0 ? [{ Action: 'sts:GetCallerIdentity' }] : may))
  expect(await whatMay(ann)).toEqual(does)
})

test('lists show the databases and tables that the user may list', async () => {
  const tables = (DatabaseName: string) => ann.glue.send(new GetTablesCommand({ DatabaseName }))
  await world.allow({ Action: 'glue:*' }, { Effect: 'Deny', Action: 'glue:*', Resource: glue('table/staff/*') })
  expect((await tables('shop')).TableList).toHaveLength(1)
  expect((await tables('staff')).TableList).toHaveLength(0)
  await world.allow({ Action: 'glue:*' }, { Effect: 'Deny', Action: 'glue:*', Resource: glue('database/staff') })
  const { DatabaseList } = await ann.glue.send(new GetDatabasesCommand({}))
  expect(DatabaseList?.map(({ Name }) => Name)).toEqual(['shop'])
})

test('a database goes only with all of its tables', async () => {
  const Name = 'passing'
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }))
  await lake.glue.send(new CreateTableCommand({ DatabaseName: Name, TableInput: { Name: 'kept' } }))
  const deletes = () => outcome(ann.glue.send(new DeleteDatabaseCommand({ Name })))
  await world.allow({ Action: 'glue:*' }, { Effect: 'Deny', Action: 'glue:*', Resource: glue('table/passing/kept') })
  expect(await deletes()).toBe('AccessDeniedException')
  await world.allow({ Action: 'glue:*' })
  expect(await deletes()).toBe('allowed')
  expect(await deletes()).toBe('EntityNotFoundException')
})

test('refusals say who may not do what, in the words of each service', async () => {
  await world.allow({ Action: 'sts:*' })
  const may = 'is not authorized to perform'
  await expect(THINGS.read(ann)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${ANN} ${may}: s3:GetObject on resource: "arn:aws:s3:::${DATA}/a" because no identity-based policy allows the s3:GetObject action`,
    $metadata: { httpStatusCode: 403 },
  })
  await expect(THINGS.record(ann)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: ${ANN} ${may}: firehose:PutRecord on resource: ${stream} because no identity-based policy allows the firehose:PutRecord action`,
    $metadata: { httpStatusCode: 400 },
  })
})

test('a role’s keys do what the role may, less what their session policy leaves out', async () => {
  await lake.iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trustText({ AWS: ANN }) }))
  const PolicyDocument = policyText({ Action: ['s3:*', 'firehose:*'] })
  await lake.iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'all', PolicyDocument }))
  const assume = (more: { Policy?: string } = {}) =>
    ann.sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/reader`,
        RoleSessionName: 'nightly',
        ...more,
      }),
    )
  // The role's trust names the user herself, which is enough within an account.
  await world.allow({ Effect: 'Deny', Action: 's3:*' })
  const session = signingAs(lake, keyOf((await assume()).Credentials))
  expect(await whatMay(session)).toEqual(['read', 'list', 'write', 'record', 'streams'])
  expect((await session.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    `arn:aws:sts::${ACCOUNT}:assumed-role/reader/nightly`,
  )
  const narrow = signingAs(lake, keyOf((await assume({ Policy: policyText({ Action: 's3:Get*' }) })).Credentials))
  expect(await whatMay(narrow)).toEqual(['read'])
  await world.allow({ Effect: 'Deny', Action: 'sts:AssumeRole' })
  expect(await outcome(assume())).toBe('AccessDenied')
})

test('a role that trusts another is not to be had', async () => {
  const trust = trustText({ Service: 'firehose.amazonaws.com' })
  await lake.iam.send(new CreateRoleCommand({ RoleName: 'stranger', AssumeRolePolicyDocument: trust }))
  await world.allow({})
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/stranger`
  const assume = (as: TestLake) => outcome(as.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'one' })))
  expect(await assume(ann)).toBe('AccessDenied')
  expect(await assume(lake)).toBe('AccessDenied')
})

test('keys of GetSessionToken do what the user may, but reach no IAM; a changed token is refused', async () => {
  await world.allow({ Action: ['s3:*', 'iam:*'] })
  const { Credentials } = await ann.sts.send(new GetSessionTokenCommand({}))
  const session = signingAs(lake, keyOf(Credentials))
  expect(await whatMay(session)).toEqual(['read', 'list', 'write'])
  expect(await outcome(ann.iam.send(new GetUserCommand({})))).toBe('allowed')
  expect(await outcome(session.iam.send(new GetUserCommand({})))).toBe('AccessDenied')
  const forged = signingAs(lake, { ...keyOf(Credentials), sessionToken: `${Credentials?.SessionToken}x` })
  expect(await outcome(THINGS.read(forged))).toBe('InvalidToken')
  const without = signingAs(lake, keyOf({ ...Credentials, SessionToken: undefined }))
  expect(await outcome(THINGS.read(without))).toBe('InvalidAccessKeyId')
  await world.allow({ Action: 'firehose:*' })
  expect(await whatMay(session)).toEqual(['record', 'streams'])
})

test('only who may pass a role gives it to a stream or a crawler', async () => {
  const RoleARN = `arn:aws:iam::${ACCOUNT}:role/how`
  const makesStream = (DeliveryStreamName: string) =>
    outcome(
      ann.firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName,
          ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: `arn:aws:s3:::${BUCKET}` },
        }),
      ),
    )
  const makesCrawler = () =>
    outcome(
      ann.glue.send(
        new CreateCrawlerCommand({
          Name: 'c',
          Role: RoleARN,
          DatabaseName: 'shop',
          Targets: { S3Targets: [{ Path: BUCKET }] },
        }),
      ),
    )
  const working = { Action: ['firehose:*', 'glue:*'] }
  await world.allow(working)
  expect(await makesStream('mine')).toBe('AccessDeniedException')
  expect(await makesCrawler()).toBe('AccessDeniedException')
  const to = (service: string) => ({
    Action: 'iam:PassRole',
    Resource: RoleARN,
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  })
  await world.allow(working, to('firehose.amazonaws.com'))
  expect(await makesStream('mine')).toBe('allowed')
  expect(await makesCrawler()).toBe('AccessDeniedException')
  await world.allow(working, to('glue.amazonaws.com'))
  expect(await makesStream('second')).toBe('AccessDeniedException')
  expect(await makesCrawler()).toBe('allowed')
})

test('a permissions boundary limits a user, whatever the policies allow', async () => {
  await world.allow({})
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
  await lake.iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ann', PermissionsBoundary }))
  expect(await whatMay(ann)).toEqual(['read', 'list'])
  await lake.iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'ann' }))
  expect(await whatMay(ann)).toEqual(EVERYTHING)
})

test('a key that is inactive or deleted does nothing any more', async () => {
  await world.allow({})
  const { AccessKey } = await lake.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const second = signingAs(lake, keyOf(AccessKey))
  const id = { UserName: 'ann', AccessKeyId: AccessKey?.AccessKeyId }
  expect(await whatMay(second)).toEqual(EVERYTHING)
  await lake.iam.send(new UpdateAccessKeyCommand({ ...id, Status: 'Inactive' }))
  expect(await outcome(THINGS.read(second))).toBe('InvalidAccessKeyId')
  await lake.iam.send(new UpdateAccessKeyCommand({ ...id, Status: 'Active' }))
  expect(await outcome(THINGS.read(second))).toBe('allowed')
  await lake.iam.send(new DeleteAccessKeyCommand(id))
  expect(await outcome(THINGS.read(second))).toBe('InvalidAccessKeyId')
  expect(await outcome(THINGS.streams(second))).toBe('UnrecognizedClientException')
})
