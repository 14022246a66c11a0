/** Weighted choice, prepared once: thousands of events a second draw from it. */
import type { Random } from '../platform/random.ts'
import type { Weights } from './configuration.ts'

export interface Choice {
  pick(random: Random): string
}

export function weighted(weights: Weights): Choice {
  const names = Object.keys(weights)
  const bounds: number[] = []
  let total = 0
  for (const name of names) {
    total += weights[name] as number
    bounds.push(total)
  }
  const last = names.at(-1) as string
  return {
    pick(random) {
      const drawn = random.unit() * total
      for (let index = 0; index < bounds.length; index++) {
        if (drawn < (bounds[index] as number)) return names[index] as string
      }
      return last
    },
  }
}

export function oneOf<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random.unit() * items.length)] as Item
}

/** A whole number from `low` to `high`, both included. */
export function between(low: number, high: number, random: Random): number {
  return low + Math.floor(random.unit() * (high - low + 1))
}
