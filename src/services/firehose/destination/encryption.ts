/** EncryptionConfiguration: whether objects are encrypted under a key of KMS, or as their bucket says. */
import type { EncryptionConfiguration } from '../../../wire/model/firehose.ts'
import { invalidArgument } from '../errors.ts'

/** undefined: as the bucket says. The key is looked for when objects are written, as on AWS. */
export function toKmsKeyArn(config: EncryptionConfiguration, member: string): string | undefined {
  const { NoEncryptionConfig, KMSEncryptionConfig } = config
  if (NoEncryptionConfig !== undefined && KMSEncryptionConfig !== undefined)
    throw invalidArgument(
      `${member}.EncryptionConfiguration takes NoEncryptionConfig or KMSEncryptionConfig, not both.`,
    )
  return KMSEncryptionConfig?.AWSKMSKeyARN
}

export function describeEncryption(kmsKeyArn: string | undefined): EncryptionConfiguration {
  if (kmsKeyArn === undefined) return { NoEncryptionConfig: 'NoEncryption' }
  return { KMSEncryptionConfig: { AWSKMSKeyARN: kmsKeyArn } }
}
