/**
 * JSON as SQL/JSON paths see it. Whole numbers keep all digits, others are doubles; members keep the order written, and
 * of members with one name the last stays.
 */
import { javaDouble } from '../java-number.ts'

export type Item = null | boolean | string | bigint | number | JsonDecimal | readonly Item[] | ReadonlyMap<string, Item>

export interface JsonDecimal {
  readonly decimal: string
}

const DEPTH_MAX = 1000
const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORDS: Readonly<Record<string, Item>> = { true: true, false: false, null: null }

/** undefined: the text is not one JSON value. */
export function readItem(text: string): Item | undefined {
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  const isNext = (character: string): boolean => {
    match(BLANK)
    if (text[at] !== character) return false
    at++
    return true
  }
  const string = (): string | undefined => {
    match(BLANK)
    const [found] = match(STRING) ?? []
    return found === undefined ? undefined : (JSON.parse(found) as string)
  }
  const object = (depth: number): Item | undefined => {
    const members = new Map<string, Item>()
    if (isNext('}')) return members
    do {
      const key = string()
      if (key === undefined || !isNext(':')) return undefined
      const member = value(depth + 1)
      if (member === undefined) return undefined
      members.set(key, member)
    } while (isNext(','))
    return isNext('}') ? members : undefined
  }
  const array = (depth: number): Item | undefined => {
    const items: Item[] = []
    if (isNext(']')) return items
    do {
      const item = value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    } while (isNext(','))
    return isNext(']') ? items : undefined
  }
  const value = (depth: number): Item | undefined => {
    if (depth > DEPTH_MAX) return undefined
    if (isNext('{')) return object(depth)
    if (isNext('[')) return array(depth)
    if (text[at] === '"') return string()
    const number = match(NUMBER)
    if (number !== null)
      return number[1] === undefined && number[2] === undefined ? BigInt(number[0]) : Number(number[0])
    const word = Object.keys(WORDS).find((candidate) => text.startsWith(candidate, at))
    at += word?.length ?? 0
    return word === undefined ? undefined : WORDS[word]
  }
  const item = value(0)
  match(BLANK)
  return at === text.length ? item : undefined
}

export function isObject(item: Item): item is ReadonlyMap<string, Item> {
  return item instanceof Map
}

export function isArray(item: Item): item is readonly Item[] {
  return Array.isArray(item)
}

export function isDecimal(item: Item): item is JsonDecimal {
  return typeof item === 'object' && item !== null && 'decimal' in item
}

/** Compact JSON text. */
export function writeItem(item: Item): string {
  if (isArray(item)) return `[${item.map(writeItem).join(',')}]`
  if (isObject(item)) {
    return `{${[...item].map(([key, value]) => `${JSON.stringify(key)}:${writeItem(value)}`).join(',')}}`
  }
  return typeof item === 'string' ? JSON.stringify(item) : scalarText(item)
}

/** A scalar as text: numbers as Java writes them. */
export function scalarText(item: Exclude<Item, string | readonly Item[] | ReadonlyMap<string, Item>>): string {
  if (typeof item === 'number') return javaDouble(item)
  return isDecimal(item) ? item.decimal : String(item)
}
