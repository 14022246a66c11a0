/** Text that comes in pieces of bytes, line by line. */
export class Lines {
  #pieces: Buffer[] = []

  /** The lines that end in `bytes`, without their breaks. `bytes` are copied. */
  lines(bytes: Uint8Array): string[] {
    const lines: string[] = []
    let from = 0
    for (let end = bytes.indexOf(LINE_BREAK); end >= 0; end = bytes.indexOf(LINE_BREAK, from)) {
      this.#pieces.push(Buffer.from(bytes.subarray(from, end)))
      lines.push(this.rest)
      this.#pieces = []
      from = end + 1
    }
    if (from < bytes.length) this.#pieces.push(Buffer.from(bytes.subarray(from)))
    return lines
  }

  /** After the last break. */
  get rest(): string {
    const [first] = this.#pieces
    return this.#pieces.length === 1 && first !== undefined ? first.toString() : Buffer.concat(this.#pieces).toString()
  }
}

const LINE_BREAK = 0x0a
