import { WireError } from '../../wire/error.ts'
import type { S3Operation } from './context.ts'
import { configurationOfRules } from './lifecycle/configuration.ts'
import { bucketNamed } from './requests.ts'

export const getBucketLifecycleConfiguration: S3Operation<'GetBucketLifecycleConfiguration'> = async (
  input,
  { objects },
) => {
  const { name, lifecycle } = bucketNamed(objects, input.Bucket)
  if (lifecycle === undefined) {
    throw new WireError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', {
      status: 404,
      extra: { BucketName: name },
    })
  }
  return {
    output: {
      Rules: configurationOfRules(lifecycle.rules),
      TransitionDefaultMinimumObjectSize: lifecycle.transitionMinimum,
    },
  }
}
