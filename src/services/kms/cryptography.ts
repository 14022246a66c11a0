/** Small secrets, sealed and opened by a key that never leaves the lake. */
import type { CustomerKey } from '../../keys/customer-keys.ts'
import type { DecryptRequest, EncryptionAlgorithmSpec } from '../../wire/model/kms.ts'
import { keyNamed } from '../customer-keys.ts'
import type { KmsContext, KmsOperation } from './context.ts'
import { otherKey, validation } from './errors.ts'
import { requireNoGrants, requireNoRecipient, requireNotDry, requireSymmetric } from './request-options.ts'

const SYMMETRIC: EncryptionAlgorithmSpec = 'SYMMETRIC_DEFAULT'

export const encrypt: KmsOperation<'Encrypt'> = async (input, context) => {
  const { keys } = context
  requireNoGrants(input)
  requireSymmetric(input.EncryptionAlgorithm)
  const key = await keyNamed(input.KeyId, context)
  const CiphertextBlob = keys.encrypt(key.id, input.Plaintext, input.EncryptionContext)
  requireNotDry(input)
  return { CiphertextBlob, KeyId: keys.arnOf(key.id), EncryptionAlgorithm: SYMMETRIC }
}

export const decrypt: KmsOperation<'Decrypt'> = async (input, context) => {
  const { keys } = context
  requireNoGrants(input)
  requireNoRecipient(input)
  requireSymmetric(input.EncryptionAlgorithm)
  const ciphertext = ciphertextIn(input)
  const key = await keyThatSealed(ciphertext, input.KeyId, context)
  const Plaintext = keys.decrypt(ciphertext, input.EncryptionContext)
  requireNotDry(input)
  return { KeyId: keys.arnOf(key.id), Plaintext, EncryptionAlgorithm: SYMMETRIC }
}

export const reEncrypt: KmsOperation<'ReEncrypt'> = async (input, context) => {
  const { keys } = context
  requireNoGrants(input)
  requireSymmetric(input.SourceEncryptionAlgorithm)
  requireSymmetric(input.DestinationEncryptionAlgorithm)
  const ciphertext = ciphertextIn(input)
  const from = await keyThatSealed(ciphertext, input.SourceKeyId, context)
  const to = await keyNamed(input.DestinationKeyId, context)
  const plain = keys.decrypt(ciphertext, input.SourceEncryptionContext)
  const CiphertextBlob = keys.encrypt(to.id, plain, input.DestinationEncryptionContext)
  requireNotDry(input)
  return {
    CiphertextBlob,
    SourceKeyId: keys.arnOf(from.id),
    KeyId: keys.arnOf(to.id),
    SourceEncryptionAlgorithm: SYMMETRIC,
    DestinationEncryptionAlgorithm: SYMMETRIC,
  }
}

/** The ciphertext says which key sealed it; a key that is named as well must be that one. */
export async function keyThatSealed(
  ciphertext: Uint8Array,
  named: string | undefined,
  context: KmsContext,
): Promise<CustomerKey> {
  const claimed = named === undefined ? undefined : await keyNamed(named, context)
  const key = context.keys.keyOf(ciphertext)
  if (claimed !== undefined && claimed.id !== key.id) throw otherKey()
  return key
}

function ciphertextIn({ CiphertextBlob }: Pick<DecryptRequest, 'CiphertextBlob'>): Uint8Array {
  if (CiphertextBlob !== undefined) return CiphertextBlob
  throw validation(
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
  )
}
