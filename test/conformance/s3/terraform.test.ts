/**
 * What Terraform's AWS provider asks of S3: what each resource sets, and what its refresh then reads. A plan is empty
 * when what is read is what was set; what cannot be set is refused by name and leaves the refresh as it was.
 */
import { createHash } from 'node:crypto'
import { S3, S3ServiceException } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
let lake: TestLake
let client: S3
beforeAll(async () => {
  lake = await startLake(directory.path)
  const { endpoint, credentials } = lake
  client = new S3({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 })
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

/** What the call gives, or the code of the error it ends with. */
type Seen = Readonly<Record<string, unknown>> | string

async function seen(call: Promise<{ readonly $metadata: unknown }>): Promise<Seen> {
  try {
    const { $metadata, ...output } = await call
    return JSON.parse(JSON.stringify(output)) as Seen
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name
    throw error
  }
}

/** The reads of `aws_s3_bucket`, in the provider's order. */
const REFRESH = {
  HeadBucket: (Bucket: string) => client.headBucket({ Bucket }),
  GetBucketPolicy: (Bucket: string) => client.getBucketPolicy({ Bucket }),
  GetBucketAcl: (Bucket: string) => client.getBucketAcl({ Bucket }),
  GetBucketCors: (Bucket: string) => client.getBucketCors({ Bucket }),
  GetBucketWebsite: (Bucket: string) => client.getBucketWebsite({ Bucket }),
  GetBucketVersioning: (Bucket: string) => client.getBucketVersioning({ Bucket }),
  GetBucketAccelerateConfiguration: (Bucket: string) => client.getBucketAccelerateConfiguration({ Bucket }),
  GetBucketRequestPayment: (Bucket: string) => client.getBucketRequestPayment({ Bucket }),
  GetBucketLogging: (Bucket: string) => client.getBucketLogging({ Bucket }),
  GetBucketLifecycleConfiguration: (Bucket: string) => client.getBucketLifecycleConfiguration({ Bucket }),
  GetBucketReplication: (Bucket: string) => client.getBucketReplication({ Bucket }),
  GetBucketEncryption: (Bucket: string) => client.getBucketEncryption({ Bucket }),
  GetObjectLockConfiguration: (Bucket: string) => client.getObjectLockConfiguration({ Bucket }),
  GetBucketTagging: (Bucket: string) => client.getBucketTagging({ Bucket }),
  GetBucketOwnershipControls: (Bucket: string) => client.getBucketOwnershipControls({ Bucket }),
  GetPublicAccessBlock: (Bucket: string) => client.getPublicAccessBlock({ Bucket }),
  GetBucketNotificationConfiguration: (Bucket: string) => client.getBucketNotificationConfiguration({ Bucket }),
} as const
type Read = keyof typeof REFRESH

async function refresh(bucket: string): Promise<Record<string, Seen>> {
  const read: Record<string, Seen> = {}
  for (const [name, call] of Object.entries(REFRESH)) read[name] = await seen(call(bucket))
  return read
}

const AES256 = {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  },
}
const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }

test('aws_s3_bucket: a new bucket reads as AWS gives it, twice the same', async () => {
  const Bucket = 'tf.new'
  await client.createBucket({ Bucket })
  const first = await refresh(Bucket)
  expect(first).toEqual({
    HeadBucket: { BucketRegion: 'us-east-1', AccessPointAlias: false, BucketArn: expect.any(String) },
    GetBucketPolicy: 'NoSuchBucketPolicy',
    GetBucketAcl: {
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
      Grants: [{ Grantee: { Type: 'CanonicalUser', ID: expect.any(String) }, Permission: 'FULL_CONTROL' }],
    },
    GetBucketCors: 'NoSuchCORSConfiguration',
    GetBucketWebsite: 'NoSuchWebsiteConfiguration',
    GetBucketVersioning: {},
    GetBucketAccelerateConfiguration: {},
    GetBucketRequestPayment: { Payer: 'BucketOwner' },
    GetBucketLogging: {},
    GetBucketLifecycleConfiguration: 'NoSuchLifecycleConfiguration',
    GetBucketReplication: 'ReplicationConfigurationNotFoundError',
    GetBucketEncryption: AES256,
    GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
    GetBucketTagging: 'NoSuchTagSet',
    GetBucketOwnershipControls: { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
    GetPublicAccessBlock: { PublicAccessBlockConfiguration: BLOCKED },
    GetBucketNotificationConfiguration: {},
  })
  expect(await refresh(Bucket)).toEqual(first)
  await client.deleteBucket({ Bucket })
  expect(await seen(client.headBucket({ Bucket }))).toBe('NotFound')
})

interface Companion {
  readonly resource: string
  /** Sets the resource; gives back what its refresh must read. */
  set(Bucket: string): Promise<Seen>
  readonly read: Read
  /** Destroys it; absent: the provider forgets it and asks nothing. */
  readonly remove?: (Bucket: string) => Promise<unknown>
  readonly removed?: Seen
  readonly isLocked?: boolean
}

const COMPANIONS: readonly Companion[] = [
  {
    resource: 'aws_s3_bucket, its tags',
    read: 'GetBucketTagging',
    async set(Bucket) {
      const TagSet = [
        { Key: 'Environment', Value: 'test' },
        { Key: 'Name', Value: 'a lake: 1 + 2 = 3' },
      ]
      await client.putBucketTagging({ Bucket, Tagging: { TagSet } })
      return { TagSet }
    },
    remove: (Bucket) => client.deleteBucketTagging({ Bucket }),
    removed: 'NoSuchTagSet',
  },
  {
    resource: 'aws_s3_bucket_versioning',
    read: 'GetBucketVersioning',
    async set(Bucket) {
      await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
      return { Status: 'Enabled' }
    },
    remove: (Bucket) => client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    removed: { Status: 'Suspended' },
  },
  {
    resource: 'aws_s3_bucket_server_side_encryption_configuration',
    read: 'GetBucketEncryption',
    async set(Bucket) {
      const Rules = [
        { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: true },
      ]
      await client.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } })
      return { ServerSideEncryptionConfiguration: { Rules } }
    },
    remove: (Bucket) => client.deleteBucketEncryption({ Bucket }),
    removed: AES256,
  },
  {
    resource: 'aws_s3_bucket_server_side_encryption_configuration, by KMS',
    read: 'GetBucketEncryption',
    async set(Bucket) {
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms' as const }
      const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }]
      await client.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } })
      return { ServerSideEncryptionConfiguration: { Rules } }
    },
    remove: (Bucket) => client.deleteBucketEncryption({ Bucket }),
    removed: AES256,
  },
  {
    resource: 'aws_s3_bucket_public_access_block',
    read: 'GetPublicAccessBlock',
    async set(Bucket) {
      const PublicAccessBlockConfiguration = { ...BLOCKED, BlockPublicAcls: false, RestrictPublicBuckets: false }
      await client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration })
      return { PublicAccessBlockConfiguration }
    },
    remove: (Bucket) => client.deletePublicAccessBlock({ Bucket }),
    removed: 'NoSuchPublicAccessBlockConfiguration',
  },
  {
    resource: 'aws_s3_bucket_ownership_controls',
    read: 'GetBucketOwnershipControls',
    async set(Bucket) {
      const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] }
      await client.putBucketOwnershipControls({ Bucket, OwnershipControls })
      return { OwnershipControls }
    },
    remove: (Bucket) => client.deleteBucketOwnershipControls({ Bucket }),
    removed: 'OwnershipControlsNotFoundError',
  },
  {
    resource: 'aws_s3_bucket_acl, a canned one',
    read: 'GetBucketAcl',
    async set(Bucket) {
      await aclsCount(Bucket)
      await client.putBucketAcl({ Bucket, ACL: 'public-read' })
      const { ID } = await ownerOf(Bucket)
      const everyone = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }
      return {
        Owner: { ID },
        Grants: [
          { Grantee: { Type: 'CanonicalUser', ID }, Permission: 'FULL_CONTROL' },
          { Grantee: everyone, Permission: 'READ' },
        ],
      }
    },
  },
  {
    resource: 'aws_s3_bucket_acl, a policy of grants',
    read: 'GetBucketAcl',
    async set(Bucket) {
      await aclsCount(Bucket)
      const { ID } = await ownerOf(Bucket)
      const logs = { Type: 'Group' as const, URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }
      const policy = {
        Owner: { ID },
        Grants: [
          { Grantee: { Type: 'CanonicalUser' as const, ID }, Permission: 'FULL_CONTROL' as const },
          { Grantee: logs, Permission: 'WRITE' as const },
          { Grantee: logs, Permission: 'READ_ACP' as const },
        ],
      }
      await client.putBucketAcl({ Bucket, AccessControlPolicy: policy })
      return policy
    },
  },
  {
    resource: 'aws_s3_bucket_policy',
    read: 'GetBucketPolicy',
    async set(Bucket) {
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyTLS',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${Bucket}/*`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      })
      await client.putBucketPolicy({ Bucket, Policy })
      return { Policy }
    },
    remove: (Bucket) => client.deleteBucketPolicy({ Bucket }),
    removed: 'NoSuchBucketPolicy',
  },
  {
    resource: 'aws_s3_bucket_cors_configuration',
    read: 'GetBucketCors',
    async set(Bucket) {
      const CORSRules = [
        {
          ID: 'pages',
          AllowedHeaders: ['*'],
          AllowedMethods: ['PUT', 'POST'],
          AllowedOrigins: ['https://pages.example.com'],
          ExposeHeaders: ['ETag'],
          MaxAgeSeconds: 3000,
        },
        { AllowedMethods: ['GET'], AllowedOrigins: ['*'] },
      ]
      await client.putBucketCors({ Bucket, CORSConfiguration: { CORSRules } })
      return { CORSRules }
    },
    remove: (Bucket) => client.deleteBucketCors({ Bucket }),
    removed: 'NoSuchCORSConfiguration',
  },
  {
    resource: 'aws_s3_bucket_lifecycle_configuration',
    read: 'GetBucketLifecycleConfiguration',
    async set(Bucket) {
      const Rules = [
        { ID: 'all', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 90 } },
        {
          ID: 'some',
          Status: 'Enabled' as const,
          Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'rule', Value: 'log' }], ObjectSizeGreaterThan: 500 } },
          Expiration: { Days: 30 },
          NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
        },
        {
          ID: 'uploads',
          Status: 'Disabled' as const,
          Filter: { Prefix: 'tmp/' },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
        },
      ]
      const TransitionDefaultMinimumObjectSize = 'all_storage_classes_128K' as const
      await client.putBucketLifecycleConfiguration({
        Bucket,
        LifecycleConfiguration: { Rules },
        TransitionDefaultMinimumObjectSize,
      })
      return { Rules, TransitionDefaultMinimumObjectSize }
    },
    remove: (Bucket) => client.deleteBucketLifecycle({ Bucket }),
    removed: 'NoSuchLifecycleConfiguration',
  },
  {
    resource: 'aws_s3_bucket_object_lock_configuration',
    read: 'GetObjectLockConfiguration',
    isLocked: true,
    async set(Bucket) {
      const ObjectLockConfiguration = {
        ObjectLockEnabled: 'Enabled' as const,
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 5 } },
      }
      await client.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration })
      return { ObjectLockConfiguration }
    },
    remove: (Bucket) =>
      client.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
    removed: { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } },
  },
  {
    resource: 'aws_s3_bucket_accelerate_configuration, suspended',
    read: 'GetBucketAccelerateConfiguration',
    async set(Bucket) {
      await client.putBucketAccelerateConfiguration({ Bucket, AccelerateConfiguration: { Status: 'Suspended' } })
      return { Status: 'Suspended' }
    },
  },
  {
    resource: 'aws_s3_bucket_request_payment_configuration',
    read: 'GetBucketRequestPayment',
    async set(Bucket) {
      await client.putBucketRequestPayment({ Bucket, RequestPaymentConfiguration: { Payer: 'BucketOwner' } })
      return { Payer: 'BucketOwner' }
    },
  },
  {
    resource: 'aws_s3_bucket_logging and aws_s3_bucket_notification, when they are destroyed',
    read: 'GetBucketLogging',
    async set(Bucket) {
      await client.putBucketLogging({ Bucket, BucketLoggingStatus: {} })
      await client.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} })
      return {}
    },
  },
]

async function aclsCount(Bucket: string): Promise<void> {
  await client.putBucketOwnershipControls({
    Bucket,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
  })
  await client.deletePublicAccessBlock({ Bucket })
}

async function ownerOf(Bucket: string): Promise<{ ID: string }> {
  const { Owner } = await client.getBucketAcl({ Bucket })
  return { ID: Owner?.ID ?? '' }
}

describe('what is read is what was set', () => {
  test.each(COMPANIONS.map((companion, index) => ({ ...companion, Bucket: `tf.companion-${index}` })))(
    '$resource',
    async ({ Bucket, read, set, remove, removed, isLocked = false }) => {
      await client.createBucket({ Bucket, ...(isLocked && { ObjectLockEnabledForBucket: true }) })
      const expected = await set(Bucket)
      const first = await refresh(Bucket)
      expect(first[read]).toEqual(expected)
      await set(Bucket)
      expect(await refresh(Bucket), 'applied again').toEqual(first)
      if (remove === undefined) return
      await remove(Bucket)
      expect((await refresh(Bucket))[read], 'destroyed').toEqual(removed)
    },
  )
})

describe('objects', () => {
  const Bucket = 'tf.objects'
  beforeAll(async () => {
    await client.createBucket({ Bucket })
    await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
  })
  const body = 'content of a file'
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  const written = {
    ContentType: 'text/csv',
    CacheControl: 'max-age=60',
    ContentDisposition: 'attachment',
    ContentEncoding: 'identity',
    ContentLanguage: 'de',
    Metadata: { owner: 'till' },
  }
  const read = {
    ...written,
    ETag: etag,
    ContentLength: body.length,
    ServerSideEncryption: 'AES256',
    AcceptRanges: 'bytes',
    LastModified: expect.any(String),
    VersionId: expect.any(String),
  }

  test('aws_s3_object: its content, headers, metadata and tags are read as written, and its destruction is seen', async () => {
    const at = { Bucket, Key: 'folder/file.csv' }
    await client.putObject({ ...at, Body: body, ...written, Tagging: 'a=b&c=d+e', ChecksumAlgorithm: 'CRC32' })
    expect(await seen(client.headObject(at))).toMatchObject({ ...read, TagCount: 2 })
    const TagSet = [
      { Key: 'a', Value: 'b' },
      { Key: 'c', Value: 'd e' },
    ]
    expect(await seen(client.getObjectTagging(at))).toEqual({ TagSet, VersionId: expect.any(String) })
    await client.putObjectTagging({ ...at, Tagging: { TagSet: [{ Key: 'new', Value: '' }] } })
    expect(await seen(client.getObjectTagging(at))).toMatchObject({ TagSet: [{ Key: 'new', Value: '' }] })
    expect(await seen(client.headObject({ ...at, ChecksumMode: 'ENABLED' }))).toMatchObject({
      ChecksumCRC32: expect.any(String),
      ChecksumType: 'FULL_OBJECT',
    })
    const { Versions = [] } = await client.listObjectVersions({ Bucket, Prefix: at.Key })
    for (const { VersionId } of Versions) await client.deleteObject({ ...at, VersionId })
    expect(await seen(client.headObject(at))).toBe('NotFound')
  })

  test('aws_s3_object_copy: the copy is read as its source, or with what replaces it', async () => {
    const at = { Bucket, Key: 'source' }
    await client.putObject({ ...at, Body: body, ...written, Tagging: 'a=b' })
    const { VersionId } = await client.headObject(at)
    const copy = { Bucket, CopySource: `${Bucket}/source` }
    expect(await client.copyObject({ ...copy, Key: 'copy' })).toMatchObject({
      CopyObjectResult: { ETag: etag },
      CopySourceVersionId: VersionId,
    })
    expect(await seen(client.headObject({ Bucket, Key: 'copy' }))).toMatchObject({ ...read, TagCount: 1 })
    const replacing = { MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE' } as const
    await client.copyObject({ ...copy, ...replacing, Key: 'other', ContentType: 'text/plain', Tagging: 'x=y' })
    const other = await seen(client.headObject({ Bucket, Key: 'other' }))
    expect(other).toMatchObject({ ContentType: 'text/plain', ETag: etag })
    expect(other).not.toHaveProperty('Metadata.owner')
    expect(await seen(client.getObjectTagging({ Bucket, Key: 'other' }))).toMatchObject({
      TagSet: [{ Key: 'x', Value: 'y' }],
    })
  })
})

describe('refused by name, and the refresh reads as before', () => {
  const Bucket = 'tf.refused'
  const arn = `arn:aws:s3:::${Bucket}`
  const Id = 'all'
  beforeAll(() => client.createBucket({ Bucket }))

  const REFUSALS: Readonly<Record<string, () => Promise<unknown>>> = {
    PutBucketLogging: () =>
      client.putBucketLogging({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'log/' } },
      }),
    PutBucketWebsite: () =>
      client.putBucketWebsite({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }),
    PutBucketReplication: () =>
      client.putBucketReplication({
        Bucket,
        ReplicationConfiguration: {
          Role: 'arn:aws:iam::000000000000:role/replication',
          Rules: [{ Status: 'Enabled', Destination: { Bucket: arn } }],
        },
      }),
    PutBucketNotificationConfiguration: () =>
      client.putBucketNotificationConfiguration({
        Bucket,
        NotificationConfiguration: {
          QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q', Events: ['s3:ObjectCreated:*'] }],
        },
      }),
    PutBucketAccelerateConfiguration: () =>
      client.putBucketAccelerateConfiguration({ Bucket, AccelerateConfiguration: { Status: 'Enabled' } }),
    PutBucketRequestPayment: () =>
      client.putBucketRequestPayment({ Bucket, RequestPaymentConfiguration: { Payer: 'Requester' } }),
    PutBucketMetricsConfiguration: () =>
      client.putBucketMetricsConfiguration({ Bucket, Id, MetricsConfiguration: { Id } }),
    PutBucketAnalyticsConfiguration: () =>
      client.putBucketAnalyticsConfiguration({ Bucket, Id, AnalyticsConfiguration: { Id, StorageClassAnalysis: {} } }),
    PutBucketIntelligentTieringConfiguration: () =>
      client.putBucketIntelligentTieringConfiguration({
        Bucket,
        Id,
        IntelligentTieringConfiguration: {
          Id,
          Status: 'Enabled',
          Tierings: [{ Days: 90, AccessTier: 'ARCHIVE_ACCESS' }],
        },
      }),
    PutBucketInventoryConfiguration: () =>
      client.putBucketInventoryConfiguration({
        Bucket,
        Id,
        InventoryConfiguration: {
          Id,
          IsEnabled: true,
          IncludedObjectVersions: 'All',
          Schedule: { Frequency: 'Daily' },
          Destination: { S3BucketDestination: { Bucket: arn, Format: 'CSV' } },
        },
      }),
  }

  test.each(Object.entries(REFUSALS))('%s', async (name, call) => {
    const before = await refresh(Bucket)
    const refusal = await call().then(
      () => undefined,
      (error: S3ServiceException) => error,
    )
    expect(refusal).toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } })
    expect(refusal?.message).toContain(name)
    expect(await refresh(Bucket)).toEqual(before)
  })
})
