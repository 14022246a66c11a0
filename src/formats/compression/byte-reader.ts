/** Takes bytes off a stream in pieces of a chosen length, whatever pieces it comes in. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  /** Read but not yet taken. */
  #waiting: Buffer = Buffer.alloc(0)
  #position = 0
  #ended = false

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position
  }

  /** The next bytes, without taking them; fewer when the stream ends before. */
  async peek(length: number): Promise<Buffer> {
    if (this.#waiting.length < length) await this.#fill(length)
    return this.#waiting.subarray(0, length)
  }

  /** undefined when the stream ends before: then nothing is taken. */
  async take(length: number): Promise<Buffer | undefined> {
    const bytes = await this.peek(length)
    if (bytes.length < length) return undefined
    this.skipPeeked(length)
    return bytes
  }

  async hasEnded(): Promise<boolean> {
    return (await this.peek(1)).length === 0
  }

  /** Takes bytes that were looked at. */
  skipPeeked(length: number): void {
    this.#waiting = this.#waiting.subarray(length)
    this.#position += length
  }

  async close(): Promise<void> {
    this.#ended = true
    await this.#chunks.return?.()
  }

  async #fill(length: number): Promise<void> {
    const parts: Uint8Array[] = [this.#waiting]
    let total = this.#waiting.length
    while (total < length && !this.#ended) {
      const { done, value } = await this.#chunks.next()
      if (done) this.#ended = true
      else {
        parts.push(value)
        total += value.byteLength
      }
    }
    this.#waiting = Buffer.concat(parts, total)
  }
}
