/**
 * How the bytes of an object are encrypted. All are sealed under a key of their own; that key is wrapped by the lake's
 * master key, by a key of KMS, or by a key that the customer sends with every request and that is never stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../platform/refusal.ts'

export interface KmsEncryption {
  readonly kind: 'kms'
  readonly keyId: string
  readonly keyArn: string
  /** Authenticated with the object's key, and asked about by policies. */
  readonly context?: Readonly<Record<string, string>>
  /** Remembered and answered: here every object has a key of its own, and policies see the bucket in its place. */
  readonly usesBucketKey: boolean
}

/** What is kept of a customer's key: enough to know it again, too little to find it. */
export interface CustomerEncryption {
  readonly kind: 'customer'
  /** Base64, as `verifier`. */
  readonly salt: string
  readonly verifier: string
}

/** `AES256`: under the lake's own key. */
export type Encryption = 'AES256' | KmsEncryption | CustomerEncryption

/** Of what is written: a customer's key itself comes with it. */
export type NewEncryption = 'AES256' | KmsEncryption | { readonly kind: 'customer'; readonly key: Buffer }

/** What objects are encrypted with that say nothing themselves. */
export type DefaultEncryption = (
  | { readonly algorithm: 'AES256'; readonly bucketKeyEnabled: boolean }
  /** `key` as given: id, arn or alias, looked up when an object is written; absent: S3's own key. */
  | { readonly algorithm: 'kms'; readonly key?: string; readonly bucketKeyEnabled: boolean }
) & {
  /** Whether objects may not come with keys of the customer; undefined: nobody said. */
  readonly blocksCustomerKeys?: boolean
}

const SALT_BYTES = 16

export function verifierOf(key: Buffer, random: { bytes(length: number): Buffer }): CustomerEncryption {
  const salt = random.bytes(SALT_BYTES)
  return { kind: 'customer', salt: salt.toString('base64'), verifier: hmac(key, salt).toString('base64') }
}

function isKeyOf({ salt, verifier }: CustomerEncryption, key: Buffer): boolean {
  return timingSafeEqual(hmac(key, Buffer.from(salt, 'base64')), Buffer.from(verifier, 'base64'))
}

function hmac(key: Buffer, salt: Buffer): Buffer {
  return createHmac('sha256', key).update(salt).digest()
}

/** Every way an object says no to the key that came, or did not come, with a request for it. */
export type EncryptionRefusal =
  /** Only with the customer's key. */
  | 'customerKeyNeeded'
  | 'customerKeyWrong'
  /** It is not encrypted with one. */
  | 'customerKeyNotApplicable'

/** `what` names the object for people. */
export function requireCustomerKey(
  encryption: Encryption | undefined,
  key: Buffer | undefined,
  what: { readonly bucket: string; readonly key: string },
): void {
  const name = `s3://${what.bucket}/${what.key}`
  if (typeof encryption !== 'object' || encryption.kind !== 'customer') {
    if (key === undefined) return
    throw new Refusal('customerKeyNotApplicable', `${name} is not encrypted with a customer's key.`)
  }
  if (key === undefined) {
    throw new Refusal(
      'customerKeyNeeded',
      `${name} is encrypted with a key of the customer (SSE-C), so only requests that send the key can read it.`,
    )
  }
  if (!isKeyOf(encryption, key)) throw new Refusal('customerKeyWrong', `The key sent is not that of ${name}.`)
}

/** Whether bytes encrypted so may be shared by an object to be encrypted like `to`. */
export function isSameEncryption(from: Encryption | undefined, to: NewEncryption): boolean {
  if (from === 'AES256' || to === 'AES256' || from === undefined) return from === to
  if (from.kind === 'customer' || to.kind === 'customer') return false
  return from.keyId === to.keyId && contextText(from) === contextText(to)
}

function contextText({ context = {} }: KmsEncryption): string {
  return JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)))
}
