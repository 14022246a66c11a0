/**
 * Policies of AWS's own that a lake has a use for: arns and names are AWS's, texts are the lake's own and shorter. They
 * grant what the originals grant of the services a lake has. One that is not here cannot be attached: it would grant
 * nothing and look as if it did.
 */
import { createHash } from 'node:crypto'
import type { ManagedPolicy } from './types.ts'

interface Statement {
  readonly Effect: 'Allow'
  readonly Action?: readonly string[]
  readonly NotAction?: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: object
}

const ARN = 'arn:aws:iam::aws:policy'

const allow = (Action: readonly string[], Resource: readonly string[] = ['*']): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
})

const passRoleTo = (service: string, Resource: readonly string[] = ['*']): Statement => ({
  ...allow(['iam:PassRole'], Resource),
  Condition: { StringLike: { 'iam:PassedToService': service } },
})

const S3_READ = ['s3:Get*', 's3:List*', 's3:Describe*']
const GLUE_READ = ['glue:Get*', 'glue:BatchGet*', 'glue:List*']
const FIREHOSE_READ = ['firehose:Describe*', 'firehose:List*']
const IAM_READ = ['iam:Get*', 'iam:List*', 'iam:SimulateCustomPolicy', 'iam:SimulatePrincipalPolicy']
const KMS_READ = ['kms:Describe*', 'kms:Get*', 'kms:List*']
const RESULTS = ['arn:aws:s3:::aws-athena-query-results-*']

/** By what follows `policy` in the arn. */
const POLICIES: Readonly<Record<string, readonly Statement[]>> = {
  '/AdministratorAccess': [allow(['*'])],
  '/PowerUserAccess': [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: ['*'] },
    allow(['iam:ListRoles', 'iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole']),
  ],
  '/ReadOnlyAccess': [
    allow([
      ...S3_READ,
      ...GLUE_READ,
      ...FIREHOSE_READ,
      ...IAM_READ,
      ...KMS_READ,
      'athena:Get*',
      'athena:BatchGet*',
      'athena:List*',
      'sts:GetCallerIdentity',
    ]),
  ],
  '/AmazonS3FullAccess': [allow(['s3:*', 's3-object-lambda:*'])],
  '/AmazonS3ReadOnlyAccess': [allow([...S3_READ, 's3-object-lambda:Get*', 's3-object-lambda:List*'])],
  '/AmazonAthenaFullAccess': [
    allow(['athena:*']),
    allow([
      ...['CreateDatabase', 'DeleteDatabase', 'GetDatabase', 'GetDatabases', 'UpdateDatabase'].map((x) => `glue:${x}`),
      ...['CreateTable', 'DeleteTable', 'BatchDeleteTable', 'UpdateTable', 'GetTable', 'GetTables'].map(
        (x) => `glue:${x}`,
      ),
      ...['BatchCreatePartition', 'CreatePartition', 'DeletePartition', 'BatchDeletePartition'].map((x) => `glue:${x}`),
      ...['UpdatePartition', 'GetPartition', 'GetPartitions', 'BatchGetPartition'].map((x) => `glue:${x}`),
    ]),
    allow(
      [
        's3:GetBucketLocation',
        's3:GetObject',
        's3:ListBucket',
        's3:ListBucketMultipartUploads',
        's3:ListMultipartUploadParts',
        's3:AbortMultipartUpload',
        's3:CreateBucket',
        's3:PutObject',
        's3:PutBucketPublicAccessBlock',
      ],
      RESULTS,
    ),
    allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::athena-examples*']),
    allow(['s3:ListBucket', 's3:GetBucketLocation', 's3:ListAllMyBuckets']),
  ],
  '/service-role/AWSGlueServiceRole': [
    allow(['glue:*', 's3:GetBucketLocation', 's3:ListBucket', 's3:ListAllMyBuckets', 's3:GetBucketAcl']),
    allow(['s3:CreateBucket'], ['arn:aws:s3:::aws-glue-*']),
    allow(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      ['arn:aws:s3:::aws-glue-*/*', 'arn:aws:s3:::*/*aws-glue-*/*'],
    ),
    allow(['s3:GetObject'], ['arn:aws:s3:::crawler-public*', 'arn:aws:s3:::aws-glue-*']),
  ],
  '/AWSGlueConsoleFullAccess': [
    allow([
      'glue:*',
      's3:ListAllMyBuckets',
      's3:ListBucket',
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      'iam:ListRoles',
      'iam:ListUsers',
      'iam:ListRolePolicies',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'kms:ListAliases',
      'kms:DescribeKey',
    ]),
    allow(['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::aws-glue-*/*', 'arn:aws:s3:::*/*aws-glue-*/*']),
    allow(['s3:CreateBucket'], ['arn:aws:s3:::aws-glue-*']),
    passRoleTo('glue.amazonaws.com', [
      'arn:aws:iam::*:role/AWSGlueServiceRole*',
      'arn:aws:iam::*:role/service-role/AWSGlueServiceRole*',
    ]),
  ],
  '/AmazonKinesisFirehoseFullAccess': [allow(['firehose:*'])],
  '/AmazonKinesisFirehoseReadOnlyAccess': [allow(FIREHOSE_READ)],
  '/IAMFullAccess': [allow(['iam:*'])],
  '/IAMReadOnlyAccess': [
    allow(['iam:GenerateCredentialReport', 'iam:GenerateServiceLastAccessedDetails', ...IAM_READ]),
  ],
  '/AWSKeyManagementServicePowerUser': [
    allow([
      'kms:CreateAlias',
      'kms:CreateKey',
      'kms:DeleteAlias',
      ...KMS_READ,
      'kms:GenerateRandom',
      'kms:TagResource',
      'kms:UntagResource',
      'iam:ListGroups',
      'iam:ListRoles',
      'iam:ListUsers',
    ]),
  ],
}

/** They have always been there. */
const SINCE_MS = Date.UTC(2015, 1, 6)

export const awsManagedPolicies: ReadonlyMap<string, ManagedPolicy> = new Map(
  Object.entries(POLICIES).map(([rest, Statement]) => {
    const arn = `${ARN}${rest}`
    const slash = rest.lastIndexOf('/')
    const document = JSON.stringify({ Version: '2012-10-17', Statement })
    return [
      arn,
      {
        name: rest.slice(slash + 1),
        path: rest.slice(0, slash + 1),
        id: idOf(rest),
        arn,
        createdAtMs: SINCE_MS,
        updatedAtMs: SINCE_MS,
        tags: [],
        versions: [{ id: 'v1', document, createdAtMs: SINCE_MS }],
        defaultVersionId: 'v1',
        lastVersionNumber: 1,
      },
    ]
  }),
)

/** The same at every start. */
function idOf(rest: string): string {
  const digits = createHash('sha256')
    .update(rest)
    .digest('hex')
    .toUpperCase()
    .replaceAll(/[0189]/g, 'Q')
  return `ANPA${digits.slice(0, 17)}`
}
