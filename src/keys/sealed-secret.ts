/**
 * One secret sealed under another: how every key of the lake is kept.
 *
 *   sealed = nonce[12] ciphertext tag[16]    AES-256-GCM; what it belongs to is authenticated with it
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../platform/random.ts'

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function sealSecret(
  key: Uint8Array,
  secret: Uint8Array,
  { owner, random }: { owner: string | Uint8Array; random: Random },
): Buffer {
  const nonce = random.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(bytesOf(owner))
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
}

/** undefined: sealed under another key, for another owner, or altered since. */
export function openSecret(key: Uint8Array, sealed: Uint8Array, owner: string | Uint8Array): Buffer | undefined {
  const tagAt = sealed.byteLength - TAG_BYTES
  if (tagAt < NONCE_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAAD(bytesOf(owner))
  decipher.setAuthTag(sealed.subarray(tagAt))
  const secret = decipher.update(sealed.subarray(NONCE_BYTES, tagAt))
  try {
    decipher.final()
  } catch {
    // What GCM says when the tag does not fit; there is nothing more to know.
    return undefined
  }
  return secret
}

function bytesOf(owner: string | Uint8Array): Uint8Array {
  return typeof owner === 'string' ? Buffer.from(owner) : owner
}
