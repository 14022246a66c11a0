import type { DefaultEncryption } from '../../objects/encryption.ts'
import type { ServerSideEncryptionRule } from '../../wire/model/s3.ts'
import type { S3Operation } from './context.ts'
import { invalidArgument, malformedXml, settingNotImplemented } from './errors.ts'

/** A key of KMS is looked up when an object is written, as on AWS: one that is not there yet may be named. */
export const putBucketEncryption: S3Operation<'PutBucketEncryption'> = async (input, { objects }) => {
  const [rule, ...others] = input.ServerSideEncryptionConfiguration.Rules
  if (rule === undefined || others.length > 0) throw malformedXml()
  const blocks = blocksCustomerKeys(rule)
  const encryption = { ...encryptionOf(rule), ...(blocks !== undefined && { blocksCustomerKeys: blocks }) }
  await objects.changeBucket(input.Bucket, { encryption })
  return { output: {} }
}

function encryptionOf(rule: ServerSideEncryptionRule): DefaultEncryption {
  const { SSEAlgorithm, KMSMasterKeyID: key } = rule.ApplyServerSideEncryptionByDefault ?? { SSEAlgorithm: 'AES256' }
  const bucketKeyEnabled = rule.BucketKeyEnabled ?? false
  switch (SSEAlgorithm) {
    case 'aws:kms':
      return { algorithm: 'kms', ...(key !== undefined && { key }), bucketKeyEnabled }
    case 'AES256':
      if (key !== undefined) throw keyNotApplicable()
      return { algorithm: 'AES256', bucketKeyEnabled }
    case 'aws:kms:dsse':
      throw settingNotImplemented('PutBucketEncryption', `the algorithm ${SSEAlgorithm}`)
    default:
      throw malformedXml()
  }
}

/** `NONE` says that nothing is blocked. */
function blocksCustomerKeys({ BlockedEncryptionTypes: blocked }: ServerSideEncryptionRule): boolean | undefined {
  if (blocked === undefined) return undefined
  const [type, ...others] = blocked.EncryptionType ?? []
  if (others.length > 0 || (type !== 'SSE-C' && type !== 'NONE')) throw malformedXml()
  return type === 'SSE-C'
}

function keyNotApplicable() {
  return invalidArgument(
    'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    'ApplyServerSideEncryptionByDefault',
    undefined,
  )
}
