/** Bytes as a source that counts what is read from it. */
import type { ByteSource } from '../../src/formats/read-file-schema.ts'

const PIECE_BYTES = 64 * 1024

export function sourceOf(name: string, bytes: Uint8Array): ByteSource & { readonly bytesRead: number } {
  let bytesRead = 0
  return {
    name,
    size: bytes.length,
    get bytesRead() {
      return bytesRead
    },
    async *read(start, end) {
      for (let at = start; at < end; at += PIECE_BYTES) {
        const piece = bytes.subarray(at, Math.min(end, at + PIECE_BYTES))
        bytesRead += piece.length
        yield piece
      }
    },
  }
}
