import { WireError } from '../../wire/error.ts'
import type { S3Operation } from './context.ts'
import { rulesOfCors } from './cors/configuration.ts'
import { bucketNamed } from './requests.ts'

export const getBucketCors: S3Operation<'GetBucketCors'> = async (input, { objects }) => {
  const { cors } = bucketNamed(objects, input.Bucket)
  if (cors === undefined) {
    throw new WireError('NoSuchCORSConfiguration', 'The CORS configuration does not exist', {
      status: 404,
      extra: { BucketName: input.Bucket },
    })
  }
  return { output: { CORSRules: rulesOfCors(cors) } }
}
