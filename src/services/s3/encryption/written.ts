/** How what a request writes is to be encrypted: by its headers, else as its bucket says. */
import { type CustomerKey, S3_ALIAS } from '../../../keys/customer-keys.ts'
import type { KmsEncryption, NewEncryption } from '../../../objects/encryption.ts'
import type { Bucket } from '../../../objects/object-store.ts'
import type { WireRequest } from '../../../wire/http.ts'
import { keyNamed } from '../../customer-keys.ts'
import { requireKeyUse } from '../access/key-use.ts'
import type { S3Context } from '../context.ts'
import { accessDenied, invalidArgument } from '../errors.ts'
import { sentKey } from './customer-key.ts'

interface EncryptionInput {
  readonly Key: string
  readonly ServerSideEncryption?: string
  readonly SSEKMSKeyId?: string
  readonly SSEKMSEncryptionContext?: string
  readonly BucketKeyEnabled?: boolean
}

/** Asks for the right to the key, and that it can be used, before a byte is read. */
export async function writtenEncryption(
  input: EncryptionInput,
  bucket: Bucket,
  { request, context }: { request: WireRequest; context: S3Context },
): Promise<NewEncryption> {
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  if (sent !== undefined) {
    if (bucket.encryption.blocksCustomerKeys === true) throw accessDenied()
    return { kind: 'customer', key: sent.key }
  }
  if (input.ServerSideEncryption === 'AES256') return 'AES256'
  if (input.ServerSideEncryption === undefined && bucket.encryption.algorithm === 'AES256') return 'AES256'
  const encryption = await kmsEncryption(input, bucket, context)
  requireKeyUse('GenerateDataKey', encryption, { object: { bucket: bucket.name, key: input.Key }, request, context })
  context.keys.requireUsable({ id: encryption.keyId })
  return encryption
}

async function kmsEncryption(
  { SSEKMSKeyId, SSEKMSEncryptionContext, BucketKeyEnabled, ServerSideEncryption }: EncryptionInput,
  bucket: Bucket,
  context: S3Context,
): Promise<KmsEncryption> {
  const { encryption } = bucket
  const ofBucket = ServerSideEncryption === undefined && encryption.algorithm === 'kms' ? encryption.key : undefined
  const key = await namedKey(SSEKMSKeyId ?? ofBucket, context)
  const given = SSEKMSEncryptionContext === undefined ? undefined : contextOf(SSEKMSEncryptionContext)
  return {
    kind: 'kms',
    keyId: key.id,
    keyArn: context.keys.arnOf(key.id),
    ...(given !== undefined && { context: given }),
    usesBucketKey: BucketKeyEnabled ?? encryption.bucketKeyEnabled,
  }
}

function namedKey(name: string | undefined, { keys, region }: S3Context): Promise<CustomerKey> {
  return keyNamed(name ?? S3_ALIAS, { keys, region })
}

/** Base64 of a JSON object of texts. */
function contextOf(header: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'))
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isMap && Object.values(value).every((one) => typeof one === 'string')) return value as Record<string, string>
  } catch {
    // Refused below, like what is JSON but no map of texts.
  }
  throw invalidArgument(
    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
    'x-amz-server-side-encryption-context',
    header,
  )
}
