/** Where findings of different sorts meet, so that they can only be given as text: said, never silent. */
import { areAlike, type InferredField, type InferredType, MEMBERS_MAX, typeText } from './inferred-type.ts'

/** Places that are named, of either kind; of what is beyond it is only said that there is more. */
export const CONFLICTS_MAX = 20

export class Conflicts {
  /** Sorts of values by the place where they meet. */
  readonly #places = new Map<string, Set<string>>()
  /** Why, by the place, something is text for another reason. */
  readonly #others = new Map<string, string>()
  #areMore = false

  /** `known`: what was found for this place so far, before `next` is merged into it. */
  add(known: InferredType, next: InferredType, path: readonly string[]): void {
    if (known === next || known.kind === 'unknown' || next.kind === 'unknown') return
    const place = path.join('.')
    const sorts = this.#places.get(place)
    if (this.#others.has(place)) return
    if (sorts !== undefined) sorts.add(sortOf(next))
    else if (areAlike(known, next)) this.#within(known, next, path)
    else if (this.#places.size >= CONFLICTS_MAX) this.#areMore = true
    else this.#places.set(place, new Set([sortOf(known), sortOf(next)]))
  }

  /** `why`: after the name of the place. */
  givenAsText(path: readonly string[], why: string): void {
    const place = path.join('.')
    if (this.#others.size < CONFLICTS_MAX) this.#others.set(place, why)
    else if (!this.#others.has(place)) this.#areMore = true
  }

  notes(): string[] {
    const all = [
      ...[...this.#places].map(([place, sorts]) => `${place} holds ${[...sorts].join(' and ')} in different places`),
      ...[...this.#others].map(([place, why]) => `${place} ${why}`),
    ].map((sentence) => `${sentence}: it is given as string`)
    return this.#areMore ? [...all, 'further places are given as string'] : all
  }

  /** Structs count as alike whatever is in them. */
  #within(known: InferredType, next: InferredType, path: readonly string[]): void {
    if (known.kind === 'array' && next.kind === 'array') this.add(known.element, next.element, [...path, 'element'])
    if (known.kind === 'map' && next.kind === 'map') this.add(known.value, next.value, [...path, 'value'])
    if (known.kind === 'struct' && next.kind === 'struct') this.#withinStructs(known.fields, next.fields, path)
  }

  /** Records mostly have the same members in the same order. */
  #withinStructs(known: readonly InferredField[], next: readonly InferredField[], path: readonly string[]): void {
    let types: Map<string, InferredType> | undefined
    let fresh = 0
    for (const [index, { name, type }] of next.entries()) {
      const same = known[index]
      if (same?.name !== name) types ??= new Map(known.map((field) => [field.name, field.type]))
      const before = same?.name === name ? same.type : types?.get(name)
      if (before === undefined) fresh += 1
      else if (before !== type) this.add(before, type, [...path, name])
    }
    if (known.length + fresh > MEMBERS_MAX) this.givenAsText(path, `has more than ${MEMBERS_MAX} members`)
  }
}

function sortOf(type: InferredType): string {
  if (type.kind !== 'scalar') return type.kind
  return typeText(type)
}
