/**
 * One line of a JSON text file as the JSON SerDes read it, for the lines DuckDB's own reader would read otherwise:
 * keys folded to lower case at every level, the first record only when several stand on one line, the lenient writing
 * the SerDes accept (single quotes, bare words, `=` and `;`). Answers strict JSON text.
 */

export interface JsonLineRules {
  readonly serde: 'openx' | 'hive'
  readonly foldCase: boolean
  /** Keys written with dots stand for columns with underscores. */
  readonly dotsInKeys: boolean
}

/** Why a line is no record, in the words of the SerDe's JSON reader. */
export class MalformedLine extends Error {}

/** undefined: a row of NULLs (a line that does not even begin like a record). */
export function readJsonLine(line: string, rules: JsonLineRules): string | undefined {
  const text = line.trim()
  if (text.startsWith('{')) return new JsonLineReader(text, rules).object(true)
  if (rules.serde === 'openx' && !text.startsWith('[')) return undefined
  throw new MalformedLine("A JSONObject text must begin with '{' at 1 [character 2 line 1]")
}

const BARE_WORD_END = /[,:\]}/\\"[{;=#\u0000-\u0020]/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

class JsonLineReader {
  readonly #text: string
  readonly #rules: JsonLineRules
  #at = 0

  constructor(text: string, rules: JsonLineRules) {
    this.#text = text
    this.#rules = rules
  }

  object(isRecord = false): string {
    this.#at++
    const members: string[] = []
    const seen = new Set<string>()
    for (;;) {
      if (this.#peek() === '') throw this.#malformed("A JSONObject text must end with '}'")
      if (this.#peek() === '}') {
        this.#at++
        break
      }
      const written = this.#scalarText()
      const key = this.#key(written, isRecord)
      this.#colon()
      const value = this.value()
      if (seen.has(key)) throw new MalformedLine(`Duplicate key "${key}"`)
      seen.add(key)
      members.push(`${JSON.stringify(key)}:${value}`)
      const next = this.#peek()
      if (next === ',' || next === ';') {
        this.#at++
        if (this.#peek() === '}') {
          this.#at++
          break
        }
      } else if (next === '}') {
        this.#at++
        break
      } else throw this.#malformed("Expected a ',' or '}'")
    }
    return `{${members.join(',')}}`
  }

  value(): string {
    const first = this.#peek()
    if (first === '{') return this.object()
    if (first === '[') return this.#array()
    if (first === '"' || first === "'") return JSON.stringify(this.#string())
    const word = this.#bareWord()
    if (word === '') throw this.#malformed('Missing value')
    const lower = word.toLowerCase()
    if (lower === 'true' || lower === 'false' || lower === 'null') return lower
    return NUMBER.test(word) ? word : JSON.stringify(word)
  }

  #array(): string {
    this.#at++
    const items: string[] = []
    if (this.#peek() === ']') {
      this.#at++
      return '[]'
    }
    for (;;) {
      items.push(this.#peek() === ',' ? 'null' : this.value())
      const next = this.#peek()
      if (next === ',' || next === ';') {
        this.#at++
        if (this.#peek() === ']') {
          this.#at++
          break
        }
      } else if (next === ']') {
        this.#at++
        break
      } else throw this.#malformed("Expected a ',' or ']'")
    }
    return `[${items.join(',')}]`
  }

  #key(written: string, isRecord: boolean): string {
    const folded = this.#rules.foldCase ? written.toLowerCase() : written
    return isRecord && this.#rules.dotsInKeys ? folded.replaceAll('.', '_') : folded
  }

  #colon(): void {
    const sign = this.#peek()
    if (sign !== ':' && sign !== '=') throw this.#malformed("Expected a ':' after a key")
    this.#at++
    if (sign === '=' && this.#text[this.#at] === '>') this.#at++
  }

  #scalarText(): string {
    const first = this.#peek()
    if (first === '"' || first === "'") return this.#string()
    const word = this.#bareWord()
    if (word === '') throw this.#malformed('Missing value')
    return word
  }

  #string(): string {
    const quote = this.#text[this.#at]
    let value = ''
    let from = ++this.#at
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined) throw this.#malformed('Unterminated string')
      if (character === quote) {
        value += this.#text.slice(from, this.#at++)
        return value
      }
      if (character === '\\') {
        value += this.#text.slice(from, this.#at) + this.#escape()
        from = this.#at
      } else this.#at++
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    this.#at += 2
    switch (letter) {
      case 'b':
        return '\b'
      case 't':
        return '\t'
      case 'n':
        return '\n'
      case 'f':
        return '\f'
      case 'r':
        return '\r'
      case 'u': {
        const hex = this.#text.slice(this.#at, this.#at + 4)
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#malformed('Illegal escape.')
        this.#at += 4
        return String.fromCharCode(Number.parseInt(hex, 16))
      }
      case '"':
      case "'":
      case '\\':
      case '/':
        return letter
      default:
        throw this.#malformed('Illegal escape.')
    }
  }

  #bareWord(): string {
    const from = this.#at
    while (this.#at < this.#text.length && !BARE_WORD_END.test(this.#text[this.#at] as string)) this.#at++
    return this.#text.slice(from, this.#at).trim()
  }

  /** The next character that is not a blank; '' at the end. */
  #peek(): string {
    while (this.#at < this.#text.length && (this.#text[this.#at] as string) <= ' ') this.#at++
    return this.#text[this.#at] ?? ''
  }

  #malformed(what: string): MalformedLine {
    return new MalformedLine(`${what} at ${this.#at + 1} [character ${this.#at + 2} line 1]`)
  }
}
