/** The beginning of a stream of bytes, read only as far as somebody asks. */
export class Prefix {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffers: Uint8Array[] = []
  #length = 0
  #ended = false

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The stream has no bytes beyond those already read. */
  get ended(): boolean {
    return this.#ended
  }

  /** Bytes read so far. */
  get length(): number {
    return this.#length
  }

  /** The first `length` bytes; fewer only when the stream ends before. */
  async upTo(length: number): Promise<Buffer> {
    while (this.#length < length && !this.#ended) await this.#readOne()
    const whole = Buffer.concat(this.#buffers, this.#length)
    this.#buffers = [whole]
    return whole.subarray(0, length)
  }

  /** Whether the stream ends within `length` bytes: reads one byte past them to know. */
  async endsWithin(length: number): Promise<boolean> {
    while (this.#length <= length && !this.#ended) await this.#readOne()
    return this.#length <= length
  }

  /** All the bytes from the first on, those already read included. Takes the stream over. */
  async *stream(): AsyncIterable<Uint8Array> {
    try {
      yield* this.#buffers
      this.#buffers = []
      while (!this.#ended) {
        const { done, value } = await this.#chunks.next()
        if (done) this.#ended = true
        else yield value
      }
    } finally {
      await this.close()
    }
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    this.#ended = true
    await this.#chunks.return?.()
  }

  async #readOne(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    if (done) {
      this.#ended = true
      return
    }
    this.#buffers.push(value)
    this.#length += value.byteLength
  }
}
