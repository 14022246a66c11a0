/**
 * JSON text as a JSON value keeps it: compact, members sorted by key as Trino's json_parse does, numbers as written.
 * Nesting is bounded, so hostile text cannot exhaust the stack.
 */

const DEPTH_MAX = 1000
const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORD = /true|false|null/y

/** Undefined when the text is not one JSON value. */
export function normalizeJson(text: string): string | undefined {
  const reader = new JsonReader(text)
  const value = reader.value(0)
  return value !== undefined && reader.atEnd() ? value : undefined
}

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  atEnd(): boolean {
    this.#match(BLANK)
    return this.#at === this.#text.length
  }

  value(depth: number): string | undefined {
    if (depth > DEPTH_MAX) return undefined
    this.#match(BLANK)
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      default:
        return this.#match(WORD) ?? this.#match(NUMBER)
    }
  }

  #object(depth: number): string | undefined {
    const members = new Map<string, string>()
    const ended = this.#items('}', () => {
      this.#match(BLANK)
      const key = this.#string()
      this.#match(BLANK)
      if (key === undefined || this.#text[this.#at++] !== ':') return false
      const value = this.value(depth + 1)
      if (value !== undefined) members.set(key, value)
      return value !== undefined
    })
    if (!ended) return undefined
    const sorted = [...members].sort(([left], [right]) => (left < right ? -1 : 1))
    return `{${sorted.map(([key, value]) => `${key}:${value}`).join(',')}}`
  }

  #array(depth: number): string | undefined {
    const items: string[] = []
    const ended = this.#items(']', () => {
      const value = this.value(depth + 1)
      if (value !== undefined) items.push(value)
      return value !== undefined
    })
    return ended ? `[${items.join(',')}]` : undefined
  }

  #items(closing: string, read: () => boolean): boolean {
    this.#at++
    this.#match(BLANK)
    if (this.#text[this.#at] === closing) {
      this.#at++
      return true
    }
    for (;;) {
      if (!read()) return false
      this.#match(BLANK)
      const next = this.#text[this.#at++]
      if (next === closing) return true
      if (next !== ',') return false
    }
  }

  /** With one spelling for each character: escapes that are not needed are undone. */
  #string(): string | undefined {
    const quoted = this.#match(STRING)
    return quoted === undefined ? undefined : JSON.stringify(JSON.parse(quoted))
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match[0]
  }
}
