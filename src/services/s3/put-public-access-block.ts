import type { S3Operation } from './context.ts'

/** What is left out is false. It holds from now on, also against policies and ACLs that are there already. */
export const putPublicAccessBlock: S3Operation<'PutPublicAccessBlock'> = async (input, { objects }) => {
  const block = input.PublicAccessBlockConfiguration
  await objects.changeBucket(input.Bucket, {
    publicAccessBlock: {
      blockPublicAcls: block.BlockPublicAcls ?? false,
      ignorePublicAcls: block.IgnorePublicAcls ?? false,
      blockPublicPolicy: block.BlockPublicPolicy ?? false,
      restrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    },
  })
  return { output: {} }
}
