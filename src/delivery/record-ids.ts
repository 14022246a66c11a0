/** Record ids: long, opaque, never the same twice. AWS's have some 220 characters too, so that nobody sizes a column too small. */
import type { Ids } from '../platform/ids.ts'

const PREFIX_LENGTH = 208
const SEQUENCE_LENGTH = 16

export class RecordIds {
  readonly #prefix: string
  #next = 0

  constructor(ids: Ids) {
    this.#prefix = ids.alphanumeric(PREFIX_LENGTH)
  }

  /** Sets `count` ids aside and answers how to spell the one at an index: a call of 500 records makes no 500 objects. */
  reserve(count: number): (index: number) => string {
    const first = this.#next
    this.#next += count
    return (index) => this.#prefix + String(first + index).padStart(SEQUENCE_LENGTH, '0')
  }
}
