/** The key that a customer sends with every request to an object encrypted with it (SSE-C). It is never stored. */
import { createHash } from 'node:crypto'
import { WireError } from '../../../wire/error.ts'
import { invalidArgument } from '../errors.ts'

export interface SentKey {
  readonly key: Buffer
  /** Base64, as sent; what replies show of the key. */
  readonly md5: string
}

/** Of the object itself, and of what it is copied from. */
export type KeyHeaders = 'x-amz-server-side-encryption' | 'x-amz-copy-source-server-side-encryption'

const KEY_BYTES = 32
const HEADERS = {
  'x-amz-server-side-encryption': namesOf('x-amz-server-side-encryption'),
  'x-amz-copy-source-server-side-encryption': namesOf('x-amz-copy-source-server-side-encryption'),
} satisfies Record<KeyHeaders, unknown>
// AWS names the method's header and `null` whichever header is wrong (recorded).
const SHOWN = 'x-amz-server-side-encryption'

/** undefined: none of the three headers is there. All three belong together. Throws what S3 answers to anything less. */
export function sentKey(headers: Readonly<Record<string, string>>, prefix: KeyHeaders): SentKey | undefined {
  const names = HEADERS[prefix]
  const algorithm = headers[names.algorithm]
  const encoded = headers[names.key]
  const md5 = headers[names.md5]
  if (algorithm === undefined && encoded === undefined && md5 === undefined) return undefined
  if (algorithm === undefined) throw incomplete('a valid encryption algorithm')
  if (algorithm !== 'AES256') throw unknownAlgorithm(algorithm)
  if (encoded === undefined) throw incomplete('an appropriate secret key')
  if (md5 === undefined) throw incomplete('the client calculated MD5 of the secret key')
  const key = Buffer.from(encoded, 'base64')
  if (key.byteLength !== KEY_BYTES) throw refused('The secret key was invalid for the specified algorithm.')
  if (createHash('md5').update(key).digest('base64') !== md5) {
    throw refused('The calculated MD5 hash of the key did not match the hash that was provided.')
  }
  return { key, md5 }
}

function namesOf(prefix: KeyHeaders) {
  return {
    algorithm: `${prefix}-customer-algorithm`,
    key: `${prefix}-customer-key`,
    md5: `${prefix}-customer-key-md5`,
  }
}

function incomplete(what: string): WireError {
  return refused(`Requests specifying Server Side Encryption with Customer provided keys must provide ${what}.`)
}

function refused(message: string): WireError {
  return invalidArgument(message, SHOWN, 'null')
}

function unknownAlgorithm(algorithm: string): WireError {
  return new WireError(
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256.',
    { extra: { ArgumentName: SHOWN, ArgumentValue: algorithm } },
  )
}
