/**
 * The shape of a jq query: its words, and what is inside of its brackets, without their meaning. jq itself says whether
 * a query is right; this is for what must be known of it beforehand.
 */

export type Item =
  /** `value` is undefined when there are queries inside, `\(…)`: see `parts`. */
  | { readonly kind: 'string'; readonly value: string | undefined; readonly parts: readonly (readonly Item[])[] }
  /** `.name` */
  | { readonly kind: 'field'; readonly name: string }
  /** Of a function, or a keyword. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** `@base64` */
  | { readonly kind: 'format'; readonly name: string }
  | { readonly kind: 'number' }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'group'; readonly open: Opening; readonly items: readonly Item[] }

/** What is between `(` and `)`, and so on; between `if` and `end`; between `def` and its `;`. */
export type Opening = '(' | '[' | '{' | 'if' | 'def'

const CLOSING: Readonly<Record<Opening, string>> = { '(': ')', '[': ']', '{': '}', if: 'end', def: ';' }

const TOKEN =
  /(?<space>[ \t\r\n]+|#[^\n]*)|(?<field>\.[A-Za-z_]\w*)|(?<word>(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)|\$(?<variable>(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)|(?<format>@\w+)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<quote>")|(?<sign>\?\/\/=?|\/\/=?|\|=|[-+*/%=!<>]=|\.\.|[-.?=;,:|+*/%$<>()[\]{}])/y

/** undefined: it is not a query of jq 1.6. */
export function queryTree(query: string): readonly Item[] | undefined {
  const reader = new Reader(query)
  const items = reader.items(undefined)
  return items !== undefined && reader.at === query.length ? items : undefined
}

class Reader {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Up to the sign or word that closes what `open` opened, which is read, too. */
  items(open: Opening | 'string' | undefined): Item[] | undefined {
    const closing = open === undefined ? undefined : open === 'string' ? ')' : CLOSING[open]
    const items: Item[] = []
    while (this.at < this.#text.length) {
      TOKEN.lastIndex = this.at
      const found = TOKEN.exec(this.#text)?.groups
      if (found === undefined) return undefined
      this.at = TOKEN.lastIndex
      const { field, word, variable, format, number, quote, sign } = found
      if (field !== undefined) items.push({ kind: 'field', name: field.slice(1) })
      else if (variable !== undefined) items.push({ kind: 'variable', name: variable })
      else if (format !== undefined) items.push({ kind: 'format', name: format })
      else if (number !== undefined) items.push({ kind: 'number' })
      else if (quote !== undefined) {
        const string = this.#string()
        if (string === undefined) return undefined
        items.push(string)
      } else {
        const text = word ?? sign
        if (text === undefined) continue
        // Keywords may name members.
        const isName = word !== undefined && open === '{' && isAtName(items)
        if (text === closing && !isName) return items
        const opening = isName ? undefined : openingOf(text)
        if (opening !== undefined) {
          const inside = this.items(opening)
          if (inside === undefined) return undefined
          items.push({ kind: 'group', open: opening, items: inside })
        } else if (word === undefined && /^[)\]}]$/.test(text)) return undefined
        else items.push(word === undefined ? { kind: 'sign', text } : { kind: 'word', text })
      }
    }
    return closing === undefined ? items : undefined
  }

  /** After its opening quote. */
  #string(): Item | undefined {
    const parts: (readonly Item[])[] = []
    const start = this.at
    while (this.at < this.#text.length) {
      const letter = this.#text.charAt(this.at++)
      if (letter === '"') {
        if (parts.length > 0) return { kind: 'string', value: undefined, parts }
        const value = stringValue(this.#text.slice(start - 1, this.at))
        return value === undefined ? undefined : { kind: 'string', value, parts }
      }
      if (letter !== '\\') continue
      if (this.#text.charAt(this.at++) !== '(') continue
      const part = this.items('string')
      if (part === undefined) return undefined
      parts.push(part)
    }
    return undefined
  }
}

function openingOf(text: string): Opening | undefined {
  return Object.hasOwn(CLOSING, text) ? (text as Opening) : undefined
}

function isAtName(items: readonly Item[]): boolean {
  const last = items.at(-1)
  return last === undefined || (last.kind === 'sign' && last.text === ',')
}

/** jq's strings may go over lines, and have JSON's escapes. */
function stringValue(literal: string): string | undefined {
  try {
    return JSON.parse(literal.replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')) as string
  } catch {
    // An escape that is none: jq refuses it, with better words.
    return undefined
  }
}

/** At this level, not inside of groups. */
export function splitAt(items: readonly Item[], isSeparator: (item: Item) => boolean): Item[][] {
  const parts: Item[][] = [[]]
  for (const item of items) {
    if (isSeparator(item)) parts.push([])
    else parts.at(-1)?.push(item)
  }
  return parts
}

export function isSign(item: Item | undefined, text: string): boolean {
  return item?.kind === 'sign' && item.text === text
}
