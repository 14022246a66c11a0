/** Where results go and how they are kept, as calls and workgroups say it. */
import type { ResultEncryption } from '../../query/execution.ts'
import type { EncryptionConfiguration, ResultConfiguration } from '../../wire/model/athena.ts'
import { invalidRequest, refuseMembers } from './errors.ts'

export interface ResultSettings {
  readonly outputLocation?: string
  readonly encryption?: ResultEncryption
  readonly expectedBucketOwner?: string
}

export function toResultSettings(input: ResultConfiguration | undefined): ResultSettings {
  refuseMembers(input, ['AclConfiguration'])
  const { OutputLocation, EncryptionConfiguration, ExpectedBucketOwner } = input ?? {}
  return {
    ...(OutputLocation !== undefined && OutputLocation !== '' && { outputLocation: OutputLocation }),
    ...(EncryptionConfiguration !== undefined && { encryption: toEncryption(EncryptionConfiguration) }),
    ...(ExpectedBucketOwner !== undefined && { expectedBucketOwner: ExpectedBucketOwner }),
  }
}

/** Objects are encrypted at rest with the lake's own key, which is what SSE_S3 means; keys of KMS are not offered. */
export function toEncryption({ EncryptionOption }: EncryptionConfiguration): ResultEncryption {
  if (EncryptionOption !== 'SSE_S3')
    throw invalidRequest(`EncryptionOption ${EncryptionOption} is not supported by this lake: SSE_S3 is.`)
  return { option: 'SSE_S3' }
}

export function fromResultSettings(settings: ResultSettings): ResultConfiguration {
  const { outputLocation, encryption, expectedBucketOwner } = settings
  return {
    ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
    ...(encryption !== undefined && { EncryptionConfiguration: { EncryptionOption: encryption.option } }),
    ...(expectedBucketOwner !== undefined && { ExpectedBucketOwner: expectedBucketOwner }),
  }
}
