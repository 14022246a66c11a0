/**
 * What each operation needs to be allowed: the actions that policies name, and of which bucket or object. From the
 * Service Authorization Reference of S3 and the user guide's "Required permissions for Amazon S3 API operations".
 *
 * The table has a line for every operation that the wire knows, so that none can be offered and left unguarded.
 */
import type { ObjectVersion } from '../../../objects/object-store.ts'
import type { ObjectIdentifier, S3Operations } from '../../../wire/model/s3.ts'
import type { S3OperationName } from '../context.ts'
import { copySourceRef } from '../copy-source.ts'

export interface Need {
  /** `s3:GetObject` */
  readonly action: string
  /** Absent where the action has no resource. */
  readonly bucket?: string
  readonly key?: string
  readonly versionId?: string
}

/** `stored`: the named version, to read only; undefined when there is none. */
export type Needs<Name extends S3OperationName> = (
  input: S3Operations[Name]['input'],
  stored: (ref: { bucket: string; key: string; versionId?: string }) => Promise<ObjectVersion | undefined>,
) => readonly Need[] | Promise<readonly Need[]>

export const needs: { readonly [Name in S3OperationName]: Needs<Name> } = {
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets' }],
  CreateBucket: (input) => [
    { action: 's3:CreateBucket', bucket: input.Bucket },
    ...when(hasAcl(input), { action: 's3:PutBucketAcl', bucket: input.Bucket }),
    ...when(input.ObjectOwnership !== undefined, { action: 's3:PutBucketOwnershipControls', bucket: input.Bucket }),
    ...when(
      input.ObjectLockEnabledForBucket === true,
      { action: 's3:PutBucketObjectLockConfiguration', bucket: input.Bucket },
      { action: 's3:PutBucketVersioning', bucket: input.Bucket },
    ),
    ...when(input.CreateBucketConfiguration?.Tags !== undefined, { action: 's3:TagResource', bucket: input.Bucket }),
  ],
  DeleteBucket: ofBucket('DeleteBucket'),
  HeadBucket: ofBucket('ListBucket'),
  GetBucketLocation: ofBucket('GetBucketLocation'),

  ListObjects: ofBucket('ListBucket'),
  ListObjectsV2: ofBucket('ListBucket'),
  ListObjectVersions: ofBucket('ListBucketVersions'),
  ListMultipartUploads: ofBucket('ListBucketMultipartUploads'),

  GetBucketVersioning: ofBucket('GetBucketVersioning'),
  PutBucketVersioning: ofBucket('PutBucketVersioning'),
  GetBucketEncryption: ofBucket('GetEncryptionConfiguration'),
  PutBucketEncryption: ofBucket('PutEncryptionConfiguration'),
  DeleteBucketEncryption: ofBucket('PutEncryptionConfiguration'),
  GetPublicAccessBlock: ofBucket('GetBucketPublicAccessBlock'),
  PutPublicAccessBlock: ofBucket('PutBucketPublicAccessBlock'),
  DeletePublicAccessBlock: ofBucket('PutBucketPublicAccessBlock'),
  GetBucketTagging: ofBucket('GetBucketTagging'),
  PutBucketTagging: ofBucket('PutBucketTagging'),
  DeleteBucketTagging: ofBucket('PutBucketTagging'),
  GetBucketPolicy: ofBucket('GetBucketPolicy'),
  PutBucketPolicy: ofBucket('PutBucketPolicy'),
  DeleteBucketPolicy: ofBucket('DeleteBucketPolicy'),
  GetBucketPolicyStatus: ofBucket('GetBucketPolicyStatus'),
  GetBucketAcl: ofBucket('GetBucketAcl'),
  PutBucketAcl: ofBucket('PutBucketAcl'),
  GetBucketOwnershipControls: ofBucket('GetBucketOwnershipControls'),
  PutBucketOwnershipControls: ofBucket('PutBucketOwnershipControls'),
  DeleteBucketOwnershipControls: ofBucket('PutBucketOwnershipControls'),
  GetBucketCors: ofBucket('GetBucketCORS'),
  PutBucketCors: ofBucket('PutBucketCORS'),
  DeleteBucketCors: ofBucket('PutBucketCORS'),
  GetBucketWebsite: ofBucket('GetBucketWebsite'),
  PutBucketWebsite: ofBucket('PutBucketWebsite'),
  DeleteBucketWebsite: ofBucket('DeleteBucketWebsite'),
  GetBucketLifecycleConfiguration: ofBucket('GetLifecycleConfiguration'),
  PutBucketLifecycleConfiguration: ofBucket('PutLifecycleConfiguration'),
  DeleteBucketLifecycle: ofBucket('PutLifecycleConfiguration'),
  GetBucketReplication: ofBucket('GetReplicationConfiguration'),
  PutBucketReplication: ofBucket('PutReplicationConfiguration'),
  DeleteBucketReplication: ofBucket('PutReplicationConfiguration'),
  GetBucketLogging: ofBucket('GetBucketLogging'),
  PutBucketLogging: ofBucket('PutBucketLogging'),
  GetBucketNotificationConfiguration: ofBucket('GetBucketNotification'),
  PutBucketNotificationConfiguration: ofBucket('PutBucketNotification'),
  GetBucketAccelerateConfiguration: ofBucket('GetAccelerateConfiguration'),
  PutBucketAccelerateConfiguration: ofBucket('PutAccelerateConfiguration'),
  GetBucketRequestPayment: ofBucket('GetBucketRequestPayment'),
  PutBucketRequestPayment: ofBucket('PutBucketRequestPayment'),
  ListBucketAnalyticsConfigurations: ofBucket('GetAnalyticsConfiguration'),
  GetBucketAnalyticsConfiguration: ofBucket('GetAnalyticsConfiguration'),
  DeleteBucketAnalyticsConfiguration: ofBucket('PutAnalyticsConfiguration'),
  ListBucketIntelligentTieringConfigurations: ofBucket('GetIntelligentTieringConfiguration'),
  GetBucketIntelligentTieringConfiguration: ofBucket('GetIntelligentTieringConfiguration'),
  DeleteBucketIntelligentTieringConfiguration: ofBucket('PutIntelligentTieringConfiguration'),
  ListBucketInventoryConfigurations: ofBucket('GetInventoryConfiguration'),
  GetBucketInventoryConfiguration: ofBucket('GetInventoryConfiguration'),
  DeleteBucketInventoryConfiguration: ofBucket('PutInventoryConfiguration'),
  ListBucketMetricsConfigurations: ofBucket('GetMetricsConfiguration'),
  GetBucketMetricsConfiguration: ofBucket('GetMetricsConfiguration'),
  DeleteBucketMetricsConfiguration: ofBucket('PutMetricsConfiguration'),
  GetObjectLockConfiguration: ofBucket('GetBucketObjectLockConfiguration'),
  PutObjectLockConfiguration: ofBucket('PutBucketObjectLockConfiguration'),

  GetObject: ofVersion('GetObject'),
  HeadObject: ofVersion('GetObject'),
  GetObjectAttributes: (input) => [...ofVersion('GetObject')(input), ...ofVersion('GetObject', 'Attributes')(input)],
  PutObject: (input) => writing(input),
  CopyObject: async (input, stored) => {
    const source = copySourceRef(input.CopySource)
    const copiesTags = input.TaggingDirective !== 'REPLACE' && (await stored(source))?.metadata.tags !== undefined
    return [
      ...readingSource(input),
      ...when(copiesTags, { ...source, action: versioned('GetObject', source.versionId, 'Tagging') }),
      ...writing(input),
      ...when(copiesTags, { action: 's3:PutObjectTagging', bucket: input.Bucket, key: input.Key }),
    ]
  },
  DeleteObject: (input) => deleting(input, input),
  /** Each key is judged on its own, with `deleting`: one that may not be deleted does not keep the others. */
  DeleteObjects: () => [],
  GetObjectTagging: ofVersion('GetObject', 'Tagging'),
  PutObjectTagging: ofVersion('PutObject', 'Tagging'),
  DeleteObjectTagging: ofVersion('DeleteObject', 'Tagging'),
  GetObjectAcl: ofVersion('GetObject', 'Acl'),
  PutObjectAcl: ofVersion('PutObject', 'Acl'),
  GetObjectLegalHold: ofObject('GetObjectLegalHold'),
  PutObjectLegalHold: ofObject('PutObjectLegalHold'),
  GetObjectRetention: ofObject('GetObjectRetention'),
  PutObjectRetention: (input) => [
    ...ofObject('PutObjectRetention')(input),
    ...when(input.BypassGovernanceRetention === true, ...ofObject('BypassGovernanceRetention')(input)),
  ],
  RestoreObject: ofObject('RestoreObject'),

  CreateMultipartUpload: (input) => writing(input),
  UploadPart: ofObject('PutObject'),
  UploadPartCopy: (input) => [...readingSource(input), ...ofObject('PutObject')(input)],
  CompleteMultipartUpload: (input) => [
    ...ofObject('PutObject')(input),
    ...when(input.IfMatch !== undefined, ...ofObject('GetObject')(input)),
  ],
  AbortMultipartUpload: ofObject('AbortMultipartUpload'),
  ListParts: ofObject('ListMultipartUploadParts'),
}

/** To delete one object or version. */
export function deleting(
  { Key: key, VersionId }: Pick<ObjectIdentifier, 'Key' | 'VersionId'>,
  { Bucket: bucket, BypassGovernanceRetention }: BucketInput & { readonly BypassGovernanceRetention?: boolean },
): readonly Need[] {
  return [
    { action: versioned('DeleteObject', VersionId), bucket, key },
    ...when(BypassGovernanceRetention === true, { action: 's3:BypassGovernanceRetention', bucket, key }),
  ]
}

interface BucketInput {
  readonly Bucket: string
}

interface ObjectInput extends BucketInput {
  readonly Key: string
  readonly VersionId?: string
}

function ofBucket(action: string) {
  return ({ Bucket }: BucketInput): readonly Need[] => [{ action: `s3:${action}`, bucket: Bucket }]
}

function ofObject(action: string) {
  return ({ Bucket, Key, VersionId }: ObjectInput): readonly Need[] => [
    { action: `s3:${action}`, bucket: Bucket, key: Key, ...(VersionId !== undefined && { versionId: VersionId }) },
  ]
}

/** Actions whose name tells whether the request names a version. */
function ofVersion(verb: string, aspect = '') {
  return ({ Bucket, Key, VersionId }: ObjectInput): readonly Need[] => [
    {
      action: versioned(verb, VersionId, aspect),
      bucket: Bucket,
      key: Key,
      ...(VersionId !== undefined && { versionId: VersionId }),
    },
  ]
}

/** `s3:GetObjectTagging`, `s3:GetObjectVersionTagging` */
function versioned(verb: string, versionId: string | undefined, aspect = ''): string {
  return `s3:${verb}${versionId === undefined ? '' : 'Version'}${aspect}`
}

interface WriteInput extends BucketInput, AclInput {
  readonly Key: string
  readonly IfMatch?: string
  readonly Tagging?: string
  readonly ObjectLockMode?: string
  readonly ObjectLockRetainUntilDate?: Date
  readonly ObjectLockLegalHoldStatus?: string
}

/** To write an object, and each thing that the request sets beside its bytes. */
function writing(input: WriteInput): readonly Need[] {
  const { Bucket: bucket, Key: key } = input
  const retains = input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined
  return [
    { action: 's3:PutObject', bucket, key },
    // Whether the ETag fits tells something of what is there.
    ...when(input.IfMatch !== undefined, { action: 's3:GetObject', bucket, key }),
    ...when(input.Tagging !== undefined, { action: 's3:PutObjectTagging', bucket, key }),
    ...when(hasAcl(input), { action: 's3:PutObjectAcl', bucket, key }),
    ...when(retains, { action: 's3:PutObjectRetention', bucket, key }),
    ...when(input.ObjectLockLegalHoldStatus !== undefined, { action: 's3:PutObjectLegalHold', bucket, key }),
  ]
}

function readingSource({ CopySource }: { CopySource: string }): readonly Need[] {
  const source = copySourceRef(CopySource)
  return [{ ...source, action: versioned('GetObject', source.versionId) }]
}

interface AclInput {
  readonly ACL?: string
  readonly GrantFullControl?: string
  readonly GrantRead?: string
  readonly GrantReadACP?: string
  readonly GrantWrite?: string
  readonly GrantWriteACP?: string
}

function hasAcl(input: AclInput): boolean {
  const { ACL, GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP } = input
  const given = [ACL, GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP]
  return given.some((one) => one !== undefined)
}

function when(condition: boolean, ...some: readonly Need[]): readonly Need[] {
  return condition ? some : []
}
