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

/** Clients keep their own keys with CSE_KMS, and encrypt what they write themselves: the lake is no client. */
export function toEncryption({ EncryptionOption, KmsKey }: EncryptionConfiguration): ResultEncryption {
  if (EncryptionOption === 'SSE_S3') return { option: 'SSE_S3' }
  if (EncryptionOption !== 'SSE_KMS')
    throw invalidRequest(`EncryptionOption ${EncryptionOption} is not supported by this lake: SSE_S3 and SSE_KMS are.`)
  if (KmsKey === undefined || KmsKey === '') throw invalidRequest('KmsKey is required for SSE_KMS.')
  return { option: 'SSE_KMS', kmsKey: KmsKey }
}

export function fromEncryption(encryption: ResultEncryption): EncryptionConfiguration {
  const { option } = encryption
  return { EncryptionOption: option, ...(option === 'SSE_KMS' && { KmsKey: encryption.kmsKey }) }
}

export function fromResultSettings(settings: ResultSettings): ResultConfiguration {
  const { outputLocation, encryption, expectedBucketOwner } = settings
  return {
    ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
    ...(encryption !== undefined && { EncryptionConfiguration: fromEncryption(encryption) }),
    ...(expectedBucketOwner !== undefined && { ExpectedBucketOwner: expectedBucketOwner }),
  }
}
