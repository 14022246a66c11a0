/** What producers sent to one stream, and what of it was acknowledged: the truth that an audit starts from. */

/** One call's records: consecutive numbers of one producer. */
export interface Offer {
  readonly first: number
  readonly count: number
}

export class Book {
  readonly #producers: number[] = []
  readonly #isAcknowledged: boolean[] = []

  get sentCount(): number {
    return this.#producers.length
  }

  get acknowledgedCount(): number {
    return this.#isAcknowledged.filter(Boolean).length
  }

  /** Numbers for records about to be sent. */
  offer(producer: number, count: number): Offer {
    const first = this.#producers.length
    for (let index = 0; index < count; index++) this.#producers.push(producer)
    return { first, count }
  }

  acknowledge(number: number): void {
    this.#isAcknowledged[number] = true
  }

  isAcknowledged(number: number): boolean {
    return this.#isAcknowledged[number] === true
  }

  /** undefined: no such record was ever sent. */
  producerOf(number: number): number | undefined {
    return this.#producers[number]
  }

  *acknowledged(): Generator<number> {
    for (let number = 0; number < this.#producers.length; number++) if (this.#isAcknowledged[number]) yield number
  }
}
