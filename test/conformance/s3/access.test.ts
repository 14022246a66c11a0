/** Who may do what, as AWS's own clients see it: users, bucket policies, the public access block, ACLs, links. */
import { fileURLToPath } from 'node:url'
import { PutRecordCommand } from '@aws-sdk/client-firehose'
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  GetCrawlerCommand,
  GetTableCommand,
  StartCrawlerCommand,
} from '@aws-sdk/client-glue'
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUCKET, deliveredLines, makeStream, STREAM } from '../../support/first-stream.ts'
import { noAwsCli, noBoto3, runAgainst } from '../../support/installed.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'
import { policyText, type StatementGiven, trustText } from '../../support/policies.ts'

const directory = temporaryDirectory()
let lake: TestLake
let ann: S3Client
let annsKey: { accessKeyId: string; secretAccessKey: string }

beforeAll(async () => {
  lake = await startLake(directory.path)
  await lake.iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await lake.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  annsKey = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  ann = new S3Client({ endpoint: lake.endpoint, region: 'us-east-1', credentials: annsKey, forcePathStyle: true })
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

const ANN = 'arn:aws:iam::000000000000:user/ann'

/** A bucket of the test's own, with one object in it. */
async function bucketNamed(Bucket: string): Promise<string> {
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'ann/a', Body: 'hello' }))
  return Bucket
}

/** From now on the user may do this, and nothing else. */
async function allow(...statements: StatementGiven[]): Promise<void> {
  const PolicyDocument = policyText(...statements)
  await lake.iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'all', PolicyDocument }))
}

function bucketPolicy(Bucket: string, ...statements: StatementGiven[]) {
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
  const full = statements.map((one) => ({ Principal: '*', Resource, ...one }))
  return new PutBucketPolicyCommand({ Bucket, Policy: policyText(...full) })
}

const refused = (sending: Promise<unknown>) =>
  sending.then(
    () => 'allowed',
    (error: { name: string; message: string }) => error.message,
  )

test('a user with a prefix works below it, sees only it, and learns of nothing else', async () => {
  const Bucket = await bucketNamed('prefix.lake')
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'bob/a', Body: 'hello' }))
  const lakeArn = `arn:aws:s3:::${Bucket}`
  await allow(
    { Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: `${lakeArn}/\${aws:username}/*` },
    { Action: 's3:ListBucket', Resource: lakeArn, Condition: { StringLike: { 's3:prefix': `\${aws:username}/*` } } },
  )
  await ann.send(new PutObjectCommand({ Bucket, Key: 'ann/b', Body: 'x' }))
  expect(await (await ann.send(new GetObjectCommand({ Bucket, Key: 'ann/a' }))).Body?.transformToString()).toBe('hello')
  const page = await ann.send(new ListObjectsV2Command({ Bucket, Prefix: 'ann/' }))
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['ann/a', 'ann/b'])

  expect(await refused(ann.send(new GetObjectCommand({ Bucket, Key: 'bob/a' })))).toBe(
    `User: ${ANN} is not authorized to perform: s3:GetObject on resource: "${lakeArn}/bob/a" because no identity-based policy allows the s3:GetObject action`,
  )
  expect(await refused(ann.send(new ListBucketsCommand({})))).toBe(
    `User: ${ANN} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
  )
  await expect(ann.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(ann.send(new GetObjectCommand({ Bucket, Key: 'ann/none' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  await expect(ann.send(new HeadObjectCommand({ Bucket, Key: 'bob/a' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  })

  const Objects = ['ann/b', 'bob/a'].map((Key) => ({ Key }))
  const { Deleted, Errors } = await ann.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['ann/b'])
  expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['bob/a', 'AccessDenied']])
})

test('a link is as good as the rights of who signed it', async () => {
  const Bucket = await bucketNamed('links.lake')
  const get = new GetObjectCommand({ Bucket, Key: 'ann/a' })
  await allow({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/none` })
  const link = await getSignedUrl(ann, get, { expiresIn: 60 })
  expect((await fetch(link)).status).toBe(403)
  await allow({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` })
  expect(await (await fetch(link)).text()).toBe('hello')
  await lake.s3.send(
    bucketPolicy(Bucket, {
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
      Condition: { StringNotEquals: { 's3:authType': 'REST-HEADER' } },
    }),
  )
  expect((await fetch(link)).status).toBe(403)
  expect((await fetch(await getSignedUrl(lake.s3, get, { expiresIn: 60 }))).status).toBe(403)
  expect((await ann.send(get)).ContentLength).toBe(5)
})

test('a policy that wants TLS lets the lake’s own machine in; one that wants encryption asks for its header', async () => {
  const Bucket = await bucketNamed('strict.lake')
  await allow({ Action: 's3:*' })
  const Key = 'new'
  await lake.s3.send(
    bucketPolicy(
      Bucket,
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Deny',
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } },
      },
    ),
  )
  for (const client of [ann, lake.s3]) {
    expect((await client.send(new GetObjectCommand({ Bucket, Key: 'ann/a' }))).ContentLength).toBe(5)
    expect(await refused(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })))).toMatch(
      /s3:PutObject on resource: "arn:aws:s3:::strict.lake\/new" with an explicit deny in a resource-based policy$/,
    )
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ServerSideEncryption: 'AES256' }))
    await expect(client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).rejects.toThrow('explicit deny')
    const begun = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ServerSideEncryption: 'AES256' }))
    const part = { Bucket, Key, UploadId: begun.UploadId, PartNumber: 1, Body: 'x' }
    expect((await client.send(new UploadPartCommand(part))).ETag).toBeDefined()
  }
})

describe('a bucket that its policy makes public', () => {
  const url = (path: string) => `${lake.endpoint}/public.lake/${path}`
  const status = async (path: string, options: RequestInit = {}) => (await fetch(url(path), options)).status
  const publish = () => bucketPolicy('public.lake', { Action: 's3:GetObject', Resource: 'arn:aws:s3:::public.lake/*' })
  const blocking = (PublicAccessBlockConfiguration: object) =>
    lake.s3.send(new PutPublicAccessBlockCommand({ Bucket: 'public.lake', PublicAccessBlockConfiguration }))

  test('is read by everybody where the block allows it, and only read', async () => {
    const Bucket = await bucketNamed('public.lake')
    expect(await status('ann/a')).toBe(403)
    expect(await (await fetch(url('ann/a'))).text()).toMatch(
      '<Code>AccessDenied</Code><Message>Access Denied</Message>',
    )
    await expect(lake.s3.send(publish())).rejects.toThrow(
      'because public policies are blocked by the BlockPublicPolicy block public access setting.',
    )
    await lake.s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
    await lake.s3.send(publish())
    const { PolicyStatus } = await lake.s3.send(new GetBucketPolicyStatusCommand({ Bucket }))
    expect(PolicyStatus?.IsPublic).toBe(true)
    expect(await (await fetch(url('ann/a'))).text()).toBe('hello')
    expect(await status('ann/a', { method: 'HEAD' })).toBe(200)
    expect(await status('ann/a', { method: 'PUT', body: 'x' })).toBe(403)
    expect(await status('ann/a', { method: 'DELETE' })).toBe(403)
    expect(await status('')).toBe(403)
    expect(await status('none')).toBe(403)
    expect(await status('ann/a?response-content-type=text/plain')).toBe(400)
    expect((await fetch(`${lake.endpoint}/no-such-bucket/a`)).status).toBe(404)
  })

  test('is closed to strangers by RestrictPublicBuckets, and open to the account’s users', async () => {
    await allow({ Action: 's3:ListAllMyBuckets' })
    await blocking({ RestrictPublicBuckets: true })
    expect(await status('ann/a')).toBe(403)
    const got = await ann.send(new GetObjectCommand({ Bucket: 'public.lake', Key: 'ann/a' }))
    expect(got.ContentLength).toBe(5)
    await blocking({})
    expect(await status('ann/a')).toBe(200)
    await lake.s3.send(new DeleteBucketPolicyCommand({ Bucket: 'public.lake' }))
    expect(await status('ann/a')).toBe(403)
  })

  test('or its ACL, once ACLs count', async () => {
    const Bucket = 'public.lake'
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] }
    const acl = new PutBucketAclCommand({ Bucket, ACL: 'public-read' })
    await expect(lake.s3.send(acl)).rejects.toMatchObject({ name: 'AccessControlListNotSupported' })
    await lake.s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
    await lake.s3.send(acl)
    const { Grants } = await lake.s3.send(new GetBucketAclCommand({ Bucket }))
    expect(Grants?.map(({ Permission }) => Permission)).toEqual(['FULL_CONTROL', 'READ'])
    expect(await (await fetch(url(''))).text()).toContain('<Key>ann/a</Key>')
    expect(await status('ann/a')).toBe(403)
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'ann/a', Body: 'hello', ACL: 'public-read' }))
    expect(await status('ann/a')).toBe(200)
    await blocking({ IgnorePublicAcls: true })
    expect(await status('ann/a')).toBe(403)
    await expect(lake.s3.send(acl)).resolves.toBeDefined()
    await blocking({ BlockPublicAcls: true })
    await expect(lake.s3.send(acl)).rejects.toThrow('BlockPublicAcls')
  })
})

test('root is never locked out of a policy that denies everything', async () => {
  const Bucket = await bucketNamed('locked.lake')
  const { input } = bucketPolicy(Bucket, { Effect: 'Deny', Action: 's3:*' })
  await lake.s3.send(new PutBucketPolicyCommand(input))
  await expect(lake.s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' })
  expect((await lake.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(input.Policy)
  await lake.s3.send(new PutBucketPolicyCommand(input))
  await lake.s3.send(new DeleteBucketPolicyCommand({ Bucket }))
  expect((await lake.s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1)
})

test('delivery and crawlers act for the lake itself: a policy that denies everybody does not stop them', async () => {
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 1 })
  await lake.s3.send(bucketPolicy(BUCKET, { Effect: 'Deny', Action: 's3:*Object*' }))
  const Data = Buffer.from('{"page":"home"}\n')
  await lake.firehose.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record: { Data } }))
  const delivered = await eventually('the record is delivered', async () => {
    const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
    return Contents.length > 0 ? Contents : undefined
  })
  const Key = delivered[0]?.Key
  await expect(lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).rejects.toThrow('explicit deny')

  const AssumeRolePolicyDocument = trustText({ Service: 'glue.amazonaws.com' })
  const { Role } = await lake.iam.send(new CreateRoleCommand({ RoleName: 'crawl', AssumeRolePolicyDocument }))
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'how' } }))
  const crawler = {
    Name: 'how',
    Role: Role?.Arn,
    DatabaseName: 'how',
    Targets: { S3Targets: [{ Path: `${BUCKET}/events` }] },
  }
  await lake.glue.send(new CreateCrawlerCommand(crawler))
  await lake.glue.send(new StartCrawlerCommand({ Name: 'how' }))
  await eventually('the crawl is over', async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: 'how' }))
    return Crawler?.State === 'READY' && Crawler.LastCrawl !== undefined ? true : undefined
  })
  const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: 'how', Name: 'events' }))
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual(['page'])
  await lake.s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }))
  expect(await deliveredLines(lake)).toEqual(['{"page":"home"}'])
})

test('boto3: every claim holds', async ({ skip }) => {
  if (noBoto3 !== undefined) skip(noBoto3)
  const script = fileURLToPath(new URL('./access-session.py', import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake, 'python3', [script])) as { held: number }
  expect(held).toBe(28)
})

test('aws s3api as a user: what is allowed answers, what is not says why', async ({ skip }) => {
  if (noAwsCli !== undefined) skip(noAwsCli)
  const Bucket = await bucketNamed('cli.lake')
  await allow({ Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` })
  const keys = { AWS_ACCESS_KEY_ID: annsKey.accessKeyId, AWS_SECRET_ACCESS_KEY: annsKey.secretAccessKey }
  const aws = (...args: string[]) => runAgainst(lake, 'aws', ['s3api', ...args, '--bucket', Bucket], keys)
  expect(await aws('list-objects-v2')).toContain('"ann/a"')
  await expect(aws('get-bucket-policy')).rejects.toThrow(
    `An error occurred (AccessDenied) when calling the GetBucketPolicy operation: User: ${ANN} is not authorized to perform: s3:GetBucketPolicy`,
  )
  await expect(aws('head-object', '--key', 'ann/a')).rejects.toThrow('(403)')
  const unsigned = aws('list-objects-v2', '--no-sign-request')
  await expect(unsigned).rejects.toThrow('(AccessDenied) when calling the ListObjectsV2 operation: Access Denied')
})
