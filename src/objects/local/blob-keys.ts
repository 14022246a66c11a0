/**
 * How a blob's key is wrapped. `source` is NULL for the master key, so that the ordinary blob costs nothing more;
 * else it says who holds the key that wraps it. Each wrapped key is bound to the id of its blob, so that none opens in
 * another's place.
 */
import type { CustomerKeys } from '../../keys/customer-keys.ts'
import type { MasterKeys } from '../../keys/master-keys.ts'
import { openSecret, sealSecret } from '../../keys/sealed-secret.ts'
import type { Random } from '../../platform/random.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { KmsEncryption, NewEncryption } from '../encryption.ts'

export interface BlobKeysParts {
  readonly masterKeys: MasterKeys
  /** Absent: nothing is wrapped by keys of KMS. */
  readonly customerKeys?: CustomerKeys
  readonly random: Random
}

export interface WrappedKey {
  readonly wrapped: Buffer
  /** JSON, or null for the master key. */
  readonly source: string | null
}

type Source =
  | { readonly kind: 'kms'; readonly keyId: string; readonly context?: KmsEncryption['context'] }
  | { readonly kind: 'customer' }

export class BlobKeys {
  readonly #parts: BlobKeysParts

  constructor(parts: BlobKeysParts) {
    this.#parts = parts
  }

  newKey(): Buffer {
    return this.#parts.masterKeys.newKey()
  }

  /** Refuses like `CustomerKeys.encrypt`. */
  wrap(id: number, key: Buffer, encryption: NewEncryption): WrappedKey {
    const { masterKeys, random } = this.#parts
    if (encryption === 'AES256') return { wrapped: masterKeys.wrap(key, String(id)), source: null }
    if (encryption.kind === 'customer') {
      return { wrapped: sealSecret(encryption.key, key, { owner: String(id), random }), source: sourceText(encryption) }
    }
    const { keyId, context } = encryption
    const wrapped = this.#customerKeys.encrypt(keyId, key, { ...context, [BLOB]: String(id) })
    return { wrapped, source: sourceText({ kind: 'kms', keyId, ...(context !== undefined && { context }) }) }
  }

  /** undefined: altered, or another's. Refuses 'customerKeyNeeded', and like `CustomerKeys.requireUsable`. */
  unwrap(id: number, { wrapped, source }: WrappedKey, customerKey: Buffer | undefined): Buffer | undefined {
    if (source === null) return this.#parts.masterKeys.unwrap(wrapped, String(id))
    const from = JSON.parse(source) as Source
    if (from.kind === 'customer') {
      if (customerKey === undefined) throw new Refusal('customerKeyNeeded', 'Only the key of the customer opens it.')
      return openSecret(customerKey, wrapped, String(id))
    }
    const keys = this.#customerKeys
    keys.requireUsable({ id: from.keyId })
    try {
      return keys.decrypt(wrapped, { ...from.context, [BLOB]: String(id) })
    } catch (error) {
      if (error instanceof Refusal && error.code === 'ciphertextInvalid') return undefined
      throw error
    }
  }

  /** Refuses like `CustomerKeys.requireUsable`. */
  requireUsable({ keyId }: KmsEncryption): void {
    this.#customerKeys.requireUsable({ id: keyId })
  }

  get #customerKeys(): CustomerKeys {
    const { customerKeys } = this.#parts
    if (customerKeys === undefined) throw new Error('This store was opened without keys of KMS.')
    return customerKeys
  }
}

const BLOB = 'lakelet:blob'

function sourceText(source: Source): string {
  return JSON.stringify(source.kind === 'customer' ? { kind: source.kind } : source)
}
