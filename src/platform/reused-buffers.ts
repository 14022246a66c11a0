/**
 * Memory used again and again: a fresh buffer of hundreds of kilobytes for every request costs more in page faults and
 * in garbage collection, for which V8 goes through the whole heap, than the copying into it.
 */

/** The bodies of smaller requests come in one piece, or in two. */
export const POOLED_BYTES_MIN = 64 * 1024
/** Of buffers waiting to be used; what is beyond it is left to the garbage collector. */
const IDLE_BYTES_MAX = 16 * 1024 * 1024

export class ReusedBuffers {
  readonly #idle = new Map<number, ArrayBuffer[]>()
  readonly #lent = new WeakSet<ArrayBufferLike>()
  #idleBytes = 0

  /** `length` bytes with whatever an earlier user left in them. */
  take(length: number): Buffer {
    const size = roundedUp(length)
    const idle = this.#idle.get(size)?.pop()
    if (idle !== undefined) this.#idleBytes -= size
    const memory = idle ?? new ArrayBuffer(size)
    this.#lent.add(memory)
    return Buffer.from(memory, 0, length)
  }

  /** For what nobody looks at any more. A buffer that was not taken here is left alone. */
  giveBack({ buffer: memory }: Buffer): void {
    const size = memory.byteLength
    if (!this.#lent.delete(memory) || this.#idleBytes + size > IDLE_BYTES_MAX) return
    const idle = this.#idle.get(size) ?? []
    idle.push(memory as ArrayBuffer)
    this.#idle.set(size, idle)
    this.#idleBytes += size
  }
}

/** Powers of two: few sizes, and at most half of a buffer is waste. */
function roundedUp(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(length, POOLED_BYTES_MIN)))
}
