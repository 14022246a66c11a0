/** What replies say of an object's encryption: only what is true of its bytes. */
import type { Encryption } from '../../../objects/encryption.ts'
import type { SentKey } from './customer-key.ts'

/** `sent`: the customer's key that came with the request and fits. */
export function encryptionMembers(encryption: Encryption | undefined, sent?: SentKey) {
  if (encryption === undefined) return {}
  if (encryption === 'AES256') return { ServerSideEncryption: 'AES256' as const }
  if (encryption.kind === 'customer') {
    return sent === undefined ? {} : { SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: sent.md5 }
  }
  return {
    ServerSideEncryption: 'aws:kms' as const,
    SSEKMSKeyId: encryption.keyArn,
    ...(encryption.usesBucketKey && { BucketKeyEnabled: true }),
  }
}

/** Told only to who writes it. */
export function contextMember(encryption: Encryption | undefined) {
  if (typeof encryption !== 'object' || encryption.kind !== 'kms' || encryption.context === undefined) return {}
  return { SSEKMSEncryptionContext: Buffer.from(JSON.stringify(encryption.context)).toString('base64') }
}
