/** Taking JSON text apart without reading numbers: pieces keep the digits as written. */
import { normalizeJson } from '../../../../sql/json-text.ts'

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

export function kindOf(text: string): JsonKind {
  switch (text[0]) {
    case '{':
      return 'object'
    case '[':
      return 'array'
    case '"':
      return 'string'
    case 't':
    case 'f':
      return 'boolean'
    case 'n':
      return 'null'
    default:
      return 'number'
  }
}

/** The end of the value that begins at `from` in compact JSON. */
function endOf(text: string, from: number): number {
  let depth = 0
  for (let index = from; index < text.length; index++) {
    switch (text[index]) {
      case '"':
        index = endOfString(text, index)
        break
      case '{':
      case '[':
        depth++
        break
      case '}':
      case ']':
        if (depth === 0) return index
        depth--
        break
      case ',':
      case ':':
        if (depth === 0) return index
        break
    }
  }
  return text.length
}

/** Index of the closing quote. */
function endOfString(text: string, from: number): number {
  let index = from + 1
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index
}

/** Elements of a compact JSON array. */
export function itemsOf(array: string): string[] {
  const items: string[] = []
  let index = 1
  while (index < array.length - 1) {
    const end = endOf(array, index)
    items.push(array.slice(index, end))
    index = end + 1
  }
  return items
}

/** Members of a compact JSON object, keys unquoted, in the order written. */
export function membersOf(object: string): { key: string; value: string }[] {
  const members: { key: string; value: string }[] = []
  let index = 1
  while (index < object.length - 1) {
    const colon = endOfString(object, index) + 1
    const end = endOf(object, colon + 1)
    members.push({ key: JSON.parse(object.slice(index, colon)) as string, value: object.slice(colon + 1, end) })
    index = end + 1
  }
  return members
}

export function stringOf(text: string): string {
  return JSON.parse(text) as string
}

/** Compact text, members in order of their keys. undefined: not JSON. */
export function canonical(text: string): string | undefined {
  return normalizeJson(text)
}
