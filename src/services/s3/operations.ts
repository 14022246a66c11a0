/** Every operation offered, by AWS's name. Any other answers 501 NotImplemented naming it. */

import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import type { S3Operation, S3OperationName } from './context.ts'
import { copyObject } from './copy-object.ts'
import { createBucket } from './create-bucket.ts'
import { createMultipartUpload } from './create-multipart-upload.ts'
import { deleteBucket } from './delete-bucket.ts'
import { deleteBucketEncryption } from './delete-bucket-encryption.ts'
import { deleteBucketTagging } from './delete-bucket-tagging.ts'
import { deleteObject } from './delete-object.ts'
import { deleteObjectTagging } from './delete-object-tagging.ts'
import { deleteObjects } from './delete-objects.ts'
import { deletePublicAccessBlock } from './delete-public-access-block.ts'
import { getBucketEncryption } from './get-bucket-encryption.ts'
import { getBucketLocation } from './get-bucket-location.ts'
import { getBucketTagging } from './get-bucket-tagging.ts'
import { getBucketVersioning } from './get-bucket-versioning.ts'
import { getObject } from './get-object.ts'
import { getObjectAttributes } from './get-object-attributes.ts'
import { getObjectTagging } from './get-object-tagging.ts'
import { getPublicAccessBlock } from './get-public-access-block.ts'
import { headBucket } from './head-bucket.ts'
import { headObject } from './head-object.ts'
import { listBuckets } from './list-buckets.ts'
import { listMultipartUploads } from './list-multipart-uploads.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjects } from './list-objects.ts'
import { listObjectsV2 } from './list-objects-v2.ts'
import { listParts } from './list-parts.ts'
import { putBucketEncryption } from './put-bucket-encryption.ts'
import { putBucketTagging } from './put-bucket-tagging.ts'
import { putBucketVersioning } from './put-bucket-versioning.ts'
import { putObject } from './put-object.ts'
import { putObjectTagging } from './put-object-tagging.ts'
import { putPublicAccessBlock } from './put-public-access-block.ts'
import { unsetReadings, unsetRemovals, unsetSettings } from './unset-settings.ts'
import { uploadPart } from './upload-part.ts'
import { uploadPartCopy } from './upload-part-copy.ts'

export const operations = {
  ...unsetReadings,
  ...unsetSettings,
  ...unsetRemovals,
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteBucketEncryption: deleteBucketEncryption,
  DeleteBucketTagging: deleteBucketTagging,
  DeleteObject: deleteObject,
  DeleteObjectTagging: deleteObjectTagging,
  DeleteObjects: deleteObjects,
  DeletePublicAccessBlock: deletePublicAccessBlock,
  GetBucketEncryption: getBucketEncryption,
  GetBucketLocation: getBucketLocation,
  GetBucketTagging: getBucketTagging,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  GetPublicAccessBlock: getPublicAccessBlock,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjectVersions: listObjectVersions,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
  PutBucketEncryption: putBucketEncryption,
  PutBucketTagging: putBucketTagging,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
  PutObjectTagging: putObjectTagging,
  PutPublicAccessBlock: putPublicAccessBlock,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
} satisfies { readonly [Name in S3OperationName]?: S3Operation<Name> }
