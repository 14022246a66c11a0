/** `WITH (name = value, …)` of CREATE TABLE AS and UNLOAD: read strictly, each name once. */
import { SqlFailure, type SqlFailureCode } from '../../sql/failure.ts'
import type { Property } from '../../sql/tree.ts'

export class Properties {
  readonly #what: string
  readonly #byName = new Map<string, Property>()
  readonly #read = new Set<string>()

  /** `what`: how messages call them. */
  constructor(list: readonly Property[], what: string) {
    this.#what = what
    for (const property of list) {
      const name = property.name.toLowerCase()
      if (this.#byName.has(name)) throw fail('INVALID_TABLE_PROPERTY', `Duplicate property: ${name}`, property)
      this.#byName.set(name, property)
    }
  }

  text(name: string): string | undefined {
    const property = this.#take(name)
    if (property === undefined) return undefined
    if (property.value.kind === 'StringLiteral') return property.value.value
    throw fail('INVALID_TABLE_PROPERTY', `${this.#what} '${name}' must be a text`, property)
  }

  integer(name: string): number | undefined {
    const property = this.#take(name)
    if (property === undefined) return undefined
    if (property.value.kind === 'LongLiteral') return Number(property.value.text)
    throw fail('INVALID_TABLE_PROPERTY', `${this.#what} '${name}' must be an integer`, property)
  }

  texts(name: string): readonly string[] | undefined {
    const property = this.#take(name)
    if (property === undefined) return undefined
    const { value } = property
    const items = value.kind === 'ArrayConstructor' ? value.items : undefined
    const texts = items?.flatMap((item) => (item.kind === 'StringLiteral' ? [item.value.toLowerCase()] : []))
    if (texts !== undefined && texts.length === items?.length) return texts
    throw fail('INVALID_TABLE_PROPERTY', `${this.#what} '${name}' must be an ARRAY of texts`, property)
  }

  flag(name: string): boolean | undefined {
    const property = this.#take(name)
    if (property === undefined) return undefined
    if (property.value.kind === 'BooleanLiteral') return property.value.value
    throw fail('INVALID_TABLE_PROPERTY', `${this.#what} '${name}' must be true or false`, property)
  }

  /** Refuses one of these when it is there, by name. */
  refuse(names: readonly string[]): void {
    for (const name of names) {
      const property = this.#take(name)
      if (property !== undefined)
        throw fail('NOT_SUPPORTED', `${this.#what} '${name}' is not supported by this lake`, property)
    }
  }

  /** When all that is known has been read: refuses the rest. */
  end(): void {
    for (const [name, property] of this.#byName)
      if (!this.#read.has(name))
        throw fail('INVALID_TABLE_PROPERTY', `${this.#what} '${name}' does not exist`, property)
  }

  #take(name: string): Property | undefined {
    this.#read.add(name)
    return this.#byName.get(name)
  }
}

function fail(code: SqlFailureCode, message: string, { at }: Property): SqlFailure {
  return new SqlFailure(code, message, at)
}
