import { WireError } from '../../wire/error.ts'
import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const getPublicAccessBlock: S3Operation<'GetPublicAccessBlock'> = async (input, { objects }) => {
  const block = bucketNamed(objects, input.Bucket).publicAccessBlock
  if (block === undefined) {
    throw new WireError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
      status: 404,
      extra: { BucketName: input.Bucket },
    })
  }
  return {
    output: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: block.blockPublicAcls,
        IgnorePublicAcls: block.ignorePublicAcls,
        BlockPublicPolicy: block.blockPublicPolicy,
        RestrictPublicBuckets: block.restrictPublicBuckets,
      },
    },
  }
}
