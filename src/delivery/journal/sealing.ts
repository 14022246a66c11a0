/**
 * Encryption of records in the journal (server-side encryption of a stream): AES-256-GCM, a frame at a time.
 *
 *   sealed = keyId:u32 nonce[12] tag[16] table ciphertext
 *
 * The table (times and sizes, the lane) stays readable and is authenticated with the records, so that a start can take
 * stock without their key. A key seals for one run of one journal only, so its counter never gives a nonce twice.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { Refusal } from '../../platform/refusal.ts'

const NONCE_AT = 4
const NONCE_BYTES = 12
const TAG_AT = NONCE_AT + NONCE_BYTES
const TAG_BYTES = 16
export const SEAL_BYTES = TAG_AT + TAG_BYTES

/** A key and what it has sealed. */
export class SealingKey {
  readonly id: number
  readonly #key: Uint8Array
  #sealed = 0

  constructor(id: number, key: Uint8Array) {
    this.id = id
    this.#key = key
  }

  seal(table: Uint8Array, records: readonly Uint8Array[]): Uint8Array[] {
    const head = Buffer.alloc(SEAL_BYTES)
    head.writeUInt32LE(this.id)
    head.writeUIntBE(++this.#sealed, TAG_AT - 6, 6)
    const cipher = createCipheriv('aes-256-gcm', this.#key, head.subarray(NONCE_AT, TAG_AT))
    cipher.setAAD(table)
    const ciphertext = records.map((bytes) => cipher.update(bytes))
    cipher.final()
    cipher.getAuthTag().copy(head, TAG_AT)
    return [head, table, ...ciphertext]
  }
}

export function keyIdOf(sealed: Buffer): number {
  return sealed.readUInt32LE()
}

/** Table and records as they were. Refuses 'journalUnreadable' for bytes that were altered, or another key. */
export function openSealed(key: Uint8Array, sealed: Buffer, tableBytes: number): Buffer {
  const recordsAt = SEAL_BYTES + tableBytes
  const table = sealed.subarray(SEAL_BYTES, recordsAt)
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(NONCE_AT, TAG_AT))
  decipher.setAAD(table)
  decipher.setAuthTag(sealed.subarray(TAG_AT, SEAL_BYTES))
  const records = decipher.update(sealed.subarray(recordsAt))
  try {
    decipher.final()
  } catch (cause) {
    throw new Refusal('journalUnreadable', 'Records of the journal do not open with their key.', { cause })
  }
  return Buffer.concat([table, records])
}
