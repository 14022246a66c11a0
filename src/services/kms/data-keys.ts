/** Fresh random keys, in the clear and sealed; and plain random bytes. */
import type { DataKeySpec } from '../../wire/model/kms.ts'
import { keyNamed } from '../customer-keys.ts'
import type { KmsContext, KmsOperation } from './context.ts'
import { notOffered, validation } from './errors.ts'
import { requireNoGrants, requireNoRecipient, requireNotDry } from './request-options.ts'

const SPEC_BYTES: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 }

export const generateDataKey: KmsOperation<'GenerateDataKey'> = async (input, context) => {
  requireNoRecipient(input)
  return dataKey(input, context)
}

export const generateDataKeyWithoutPlaintext: KmsOperation<'GenerateDataKeyWithoutPlaintext'> = async (
  input,
  context,
) => {
  const { CiphertextBlob, KeyId } = await dataKey(input, context)
  return { CiphertextBlob, KeyId }
}

export const generateRandom: KmsOperation<'GenerateRandom'> = async (input, { random }) => {
  requireNoRecipient(input)
  if (input.CustomKeyStoreId !== undefined) throw notOffered('A custom key store')
  if (input.NumberOfBytes === undefined) throw validation('NumberOfBytes is required.')
  return { Plaintext: random.bytes(input.NumberOfBytes) }
}

interface DataKeyRequest {
  readonly KeyId: string
  readonly EncryptionContext?: Readonly<Record<string, string>>
  readonly KeySpec?: DataKeySpec
  readonly NumberOfBytes?: number
  readonly GrantTokens?: readonly string[]
  readonly DryRun?: boolean
}

async function dataKey(input: DataKeyRequest, context: KmsContext) {
  const { keys, random } = context
  requireNoGrants(input)
  const bytes = bytesOf(input)
  const key = await keyNamed(input.KeyId, context)
  const Plaintext = random.bytes(bytes)
  const CiphertextBlob = keys.encrypt(key.id, Plaintext, input.EncryptionContext)
  requireNotDry(input)
  return { Plaintext, CiphertextBlob, KeyId: keys.arnOf(key.id) }
}

function bytesOf({ KeySpec, NumberOfBytes }: DataKeyRequest): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.')
  }
  return KeySpec === undefined ? (NumberOfBytes ?? 0) : SPEC_BYTES[KeySpec]
}
