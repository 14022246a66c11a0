/**
 * What Encrypt gives: a text that says itself which key, and which material of it, sealed it.
 *
 *   ciphertext = 1[1] key id[16] material[6] sealed secret        numbers big-endian
 *
 * Header and encryption context are authenticated with it, so neither can be exchanged.
 */
export type EncryptionContext = Readonly<Record<string, string>>

export interface CiphertextHeader {
  /** A UUID. */
  readonly keyId: string
  readonly material: number
}

const FORMAT = 1
const HEADER_BYTES = 23

export function ciphertextOf(header: CiphertextHeader, sealed: Uint8Array): Buffer {
  return Buffer.concat([headerBytes(header), sealed])
}

/** undefined: not of this form. */
export function partsOfCiphertext(
  ciphertext: Uint8Array,
): { header: CiphertextHeader; sealed: Uint8Array } | undefined {
  if (ciphertext.byteLength <= HEADER_BYTES || ciphertext[0] !== FORMAT) return undefined
  const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength)
  const hex = bytes.subarray(1, 17).toString('hex')
  const keyId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { header: { keyId, material: bytes.readUIntBE(17, 6) }, sealed: ciphertext.subarray(HEADER_BYTES) }
}

/** What is authenticated beside the secret. The order in which a context's pairs are given means nothing. */
export function ownerOf(header: CiphertextHeader, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([headerBytes(header), Buffer.from(JSON.stringify(pairs))])
}

function headerBytes({ keyId, material }: CiphertextHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes[0] = FORMAT
  bytes.write(keyId.replaceAll('-', ''), 1, 'hex')
  bytes.writeUIntBE(material, 17, 6)
  return bytes
}
