/**
 * Which members of a record a query looks at, when that can be told from its text: most are like
 * `{customer_id: .customer_id, year: (.ts | strftime("%Y"))}`. Then jq is given a record of nothing but those, and not
 * at all one that it has answered before: reading JSON is most of its work.
 *
 * Told only of queries whose result cannot depend on anything else: an object construction in which the record itself
 * (`.`) is the input of nothing but paths of names, constants, operators, `if`, lists and objects of the same. What
 * comes after a pipe works on what these give, whatever it is; only a binding would let it see the record again.
 */

import { memberItems } from './query-keys.ts'
import { type Item, isSign, queryTree, splitAt } from './query-tree.ts'

/** Members by name; of a member that is taken as a whole: no further ones. */
export type Needs = ReadonlyMap<string, Needs>

type Growing = Map<string, Growing>

const OPERATORS = new Set(['//', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', ',', '?'])
const CONSTANTS = new Set(['true', 'false', 'null', 'and', 'or'])
const IF_PARTS = new Set(['then', 'elif', 'else'])

/** undefined: everything may matter. */
export function queryNeeds(query: string): Needs | undefined {
  const tree = queryTree(query)
  const [only, ...rest] = tree ?? []
  if (only?.kind !== 'group' || only.open !== '{' || rest.length > 0) return undefined
  // The time differs from record to record.
  if (/\bnow\b/.test(query)) return undefined
  const needs: Growing = new Map()
  return readsObject(only.items, needs) ? needs : undefined
}

function readsObject(items: readonly Item[], needs: Growing): boolean {
  return memberItems(items).every(([name, colon, ...value]) => {
    if (colon === undefined) {
      const shorthand = name?.kind === 'word' ? name.text : name?.kind === 'string' ? name.value : undefined
      if (shorthand === undefined) return false
      need(needs, [shorthand])
      return true
    }
    const isLiteral = name?.kind === 'word' || (name?.kind === 'string' && name.value !== undefined)
    return isLiteral && isSign(colon, ':') && readsRecord(value, needs)
  })
}

/** Whether all that is read of the record in an expression that has it as its input is known, and then in `needs`. */
function readsRecord(items: readonly Item[], needs: Growing): boolean {
  const [first = []] = splitAt(items, (item) => isSign(item, '|'))
  for (let index = 0; index < first.length; index++) {
    const path = pathAt(first, index)
    if (path !== undefined) {
      need(needs, path.names)
      index = path.end - 1
    } else if (!readsItem(first[index] as Item, first[index - 1], needs)) return false
  }
  return first.length > 0
}

function readsItem(item: Item, before: Item | undefined, needs: Growing): boolean {
  switch (item.kind) {
    case 'number':
      return true
    case 'string':
      return item.parts.every((part) => readsRecord(part, needs))
    case 'sign':
      return OPERATORS.has(item.text)
    case 'word':
      return CONSTANTS.has(item.text)
    case 'group':
      if (item.open === 'def' || !isAtTerm(before)) return false
      if (item.open === '{') return readsObject(item.items, needs)
      if (item.open !== 'if') return item.items.length === 0 || readsRecord(item.items, needs)
      return splitAt(item.items, (part) => part.kind === 'word' && IF_PARTS.has(part.text)).every((part) =>
        readsRecord(part, needs),
      )
    default:
      return false
  }
}

/** Where a term begins: brackets after a term would look into it. */
function isAtTerm(before: Item | undefined): boolean {
  return before === undefined || (before.kind === 'sign' && before.text !== '?') || before.kind === 'word'
}

/** `.a.b`, `."a"`, `.["a"].b?`: names from the record down, and where the path ends. */
function pathAt(items: readonly Item[], start: number): { names: string[]; end: number } | undefined {
  const names: string[] = []
  let end = start
  for (;;) {
    const item = items[end]
    if (item?.kind === 'field') {
      names.push(item.name)
      end++
    } else if (isSign(item, '?') && names.length > 0) end++
    else {
      const hasDot = isSign(item, '.')
      const named = items[hasDot ? end + 1 : end]
      const name =
        hasDot && named?.kind === 'string' ? named.value : names.length > 0 || hasDot ? quotedName(named) : undefined
      if (name === undefined) break
      names.push(name)
      end += hasDot ? 2 : 1
    }
  }
  return names.length === 0 ? undefined : { names, end }
}

/** `["name"]` */
function quotedName(item: Item | undefined): string | undefined {
  if (item?.kind !== 'group' || item.open !== '[') return undefined
  const [only, ...rest] = item.items
  return only?.kind === 'string' && rest.length === 0 ? only.value : undefined
}

/** A member that is needed as a whole stays so. */
function need(needs: Growing, [name = '', ...rest]: readonly string[]): void {
  const known = needs.get(name)
  if (rest.length === 0) needs.set(name, new Map())
  else if (known === undefined || known.size > 0) {
    const inside = known ?? new Map()
    needs.set(name, inside)
    need(inside, rest)
  }
}

/** JSON of the needed members of a record. undefined: it takes the whole record to get the same answer. */
export function neededPart(record: unknown, needs: Needs): string | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined
  const members: string[] = []
  for (const [name, inside] of needs) {
    if (!Object.hasOwn(record, name)) continue
    const text = part((record as Record<string, unknown>)[name], inside)
    if (text === undefined) return undefined
    members.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${members.join(',')}}`
}

function part(value: unknown, needs: Needs): string | undefined {
  if (typeof value === 'object' && value !== null) return needs.size > 0 ? neededPart(value, needs) : undefined
  // JSON has no other text for these, jq has.
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return undefined
  return JSON.stringify(value)
}
