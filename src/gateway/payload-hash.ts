/**
 * SHA-256 of a payload, as signatures want it. A batch of records is hashed on a pool thread: on the event loop it would
 * be a tenth of what the whole request costs there. Small payloads are cheaper hashed at once than handed over.
 */
import { webcrypto } from 'node:crypto'
import { sha256Hex } from '../wire/sigv4/canonical.ts'

const POOL_BYTES_MIN = 64 * 1024

/** Lower-case hexadecimal. `payload` may be changed after the call returned, but not before: it is copied. */
export function payloadSha256(payload: Uint8Array): string | Promise<string> {
  if (payload.byteLength < POOL_BYTES_MIN) return sha256Hex(payload)
  return webcrypto.subtle
    .digest('SHA-256', payload as Uint8Array<ArrayBuffer>)
    .then((digest) => Buffer.from(digest).toString('hex'))
}
