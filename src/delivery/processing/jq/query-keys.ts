import { type Item, isSign, queryTree, splitAt } from './query-tree.ts'

/**
 * The names of the keys that a query gives: the members of the object that its last stage makes, as in
 * `{customer_id: .customer_id, "year": (.ts | strftime("%Y")), device}`. undefined: the query has to be run to know.
 */
export function queryKeys(query: string): readonly string[] | undefined {
  const tree = queryTree(query)
  return tree === undefined ? undefined : keysOf(tree)
}

function keysOf(items: readonly Item[]): readonly string[] | undefined {
  const lastStage = splitAt(items, (item) => isSign(item, '|')).at(-1) ?? []
  const [made, ...rest] = lastStage.slice(
    lastStage.findIndex((item) => !(item.kind === 'group' && item.open === 'def')),
  )
  if (made?.kind !== 'group' || rest.length > 0) return undefined
  if (made.open === '(') return keysOf(made.items)
  if (made.open !== '{') return undefined
  const names = memberItems(made.items).map(([first]) => nameOf(first))
  return names.every((name) => name !== undefined) ? [...new Set(names)] : undefined
}

/** The items of each member of an object construction: a name, and mostly a colon and more. */
export function memberItems(inside: readonly Item[]): readonly Item[][] {
  return inside.length === 0 ? [] : splitAt(inside, (item) => isSign(item, ','))
}

function nameOf(first: Item | undefined): string | undefined {
  switch (first?.kind) {
    case 'word':
      return first.text
    case 'string':
      return first.value
    case 'variable':
      return first.name
    case 'group': {
      const [only, ...rest] = first.items
      return first.open === '(' && only?.kind === 'string' && rest.length === 0 ? only.value : undefined
    }
    default:
      return undefined
  }
}
