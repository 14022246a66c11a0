/**
 * The lake's master key and what is derived from it. Objects are sealed under keys of their own; the metadata database
 * holds those wrapped by the master key, so the data directory without `keys/master` tells nothing.
 *
 *   wrapped = nonce[12] ciphertext[32] tag[16]    AES-256-GCM, additional data: the blob's id in decimal
 *   file    = 64 hexadecimal digits, newline
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { FileSystem } from '../../platform/file-system.ts'
import type { Random } from '../../platform/random.ts'
import { Refusal } from '../../platform/refusal.ts'
import { corrupt, TAG_BYTES } from './frames.ts'

export const KEY_BYTES = 32
const NONCE_BYTES = 12

export class MasterKey {
  readonly #key: Uint8Array
  readonly #random: Random

  constructor(key: Uint8Array, random: Random) {
    if (key.byteLength !== KEY_BYTES)
      throw new Refusal('masterKeyUnusable', `The master key must be ${KEY_BYTES} bytes.`)
    this.#key = key
    this.#random = random
  }

  newObjectKey(): Buffer {
    return this.#random.bytes(KEY_BYTES)
  }

  wrap(objectKey: Uint8Array, blobId: number): Buffer {
    const nonce = this.#random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    cipher.setAAD(Buffer.from(String(blobId)))
    const ciphertext = Buffer.concat([cipher.update(objectKey), cipher.final()])
    return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
  }

  unwrap(wrapped: Uint8Array, blobId: number): Buffer {
    const tagAt = wrapped.byteLength - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', this.#key, wrapped.subarray(0, NONCE_BYTES))
    decipher.setAAD(Buffer.from(String(blobId)))
    decipher.setAuthTag(wrapped.subarray(tagAt))
    try {
      return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, tagAt)), decipher.final()])
    } catch (error) {
      throw corrupt(error)
    }
  }

  /** Hexadecimal, not secret, and given for `purpose` by this key only: to recognise the key, or to name what others must not guess. */
  fingerprint(purpose: string): string {
    return createHmac('sha256', this.#key).update(purpose).digest('hex')
  }
}

/** Reads `<directory>/master`, or makes it (0600) when it is missing and `mayCreate`. */
export async function openMasterKey(
  directory: string,
  { files, random, mayCreate }: { files: FileSystem; random: Random; mayCreate: boolean },
): Promise<MasterKey> {
  const path = join(directory, 'master')
  const size = await files.size(path)
  if (size !== undefined) return new MasterKey(await readKey(files, path, size), random)
  if (!mayCreate) {
    throw new Refusal(
      'masterKeyMissing',
      `${path} is missing, and the objects of this lake cannot be read without it. Restore the file from your backup.`,
    )
  }
  const key = random.bytes(KEY_BYTES)
  await writeKey(files, directory, key)
  return new MasterKey(key, random)
}

/** Refuses a master key other than the one this lake was made with. */
export function requireSameKey(expected: string, actual: string): void {
  if (expected === actual) return
  throw new Refusal('masterKeyUnusable', 'The master key is not the one that this lake was made with.')
}

async function readKey(files: FileSystem, path: string, size: number): Promise<Buffer> {
  const file = await files.open(path, 'read')
  try {
    const text = (await file.read(size, 0)).toString('latin1').trim()
    if (!/^[0-9a-f]{64}$/.test(text)) throw new Refusal('masterKeyUnusable', `${path} does not hold a master key.`)
    return Buffer.from(text, 'hex')
  } finally {
    await file.close()
  }
}

async function writeKey(files: FileSystem, directory: string, key: Buffer): Promise<void> {
  await files.makeDirectory(directory)
  const draft = join(directory, 'master.new')
  await files.remove(draft)
  const file = await files.open(draft, 'create')
  try {
    await file.write(Buffer.from(`${key.toString('hex')}\n`))
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(draft, join(directory, 'master'))
  await files.syncDirectory(directory)
}
