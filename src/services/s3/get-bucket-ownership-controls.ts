import { WireError } from '../../wire/error.ts'
import { ownershipName } from './access/ownership.ts'
import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const getBucketOwnershipControls: S3Operation<'GetBucketOwnershipControls'> = async (input, { objects }) => {
  const ObjectOwnership = ownershipName(bucketNamed(objects, input.Bucket).ownership)
  if (ObjectOwnership === undefined) {
    throw new WireError('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', {
      status: 404,
      extra: { BucketName: input.Bucket },
    })
  }
  return { output: { OwnershipControls: { Rules: [{ ObjectOwnership }] } } }
}
