/**
 * Compiles a grok pattern into one regular expression of JavaScript.
 *
 * Grok is Java's regular expressions with references to named patterns. Differences that are translated: atomic groups
 * and possessive quantifiers (a lookahead and a reference to what it found), inline flags, quoting, POSIX classes, named
 * groups (which are fields, as in AWS's own patterns). What has no counterpart is a GrokProblem, never an approximation.
 */
import { BUILT_IN_PATTERNS } from './built-in-patterns.ts'
import { readEscape, translateClass } from './character-class.ts'
import { GrokProblem } from './problem.ts'
import { readReference } from './reference.ts'

export interface GrokField {
  /** Lower-case, as the catalog keeps names of columns. */
  readonly name: string
  /** Hive type. */
  readonly type: string
  /** Groups of the expression that may hold it: alternatives may fill the same field. */
  readonly groups: readonly string[]
}

export interface Grok {
  readonly expression: RegExp
  /** In order of appearance. */
  readonly fields: readonly GrokField[]
}

const REFERENCES_MAX = 5000
const SOURCE_LENGTH_MAX = 500_000
const NESTING_MAX = 100
const REPEATS_MAX = 1000

/** `isWhole`: it must match lines as a whole, not somewhere. Throws GrokProblem. */
export function compileGrok(pattern: string, customPatterns = '', { isWhole = false } = {}): Grok {
  const definitions = new Map([...builtIns, ...readDefinitions(customPatterns)])
  const compiler = new Compiler(definitions)
  const source = compiler.compile(pattern, [])
  return { expression: toExpression(isWhole ? `^(?:${source})$` : source), fields: compiler.fields() }
}

/** A blank line, or one that begins with `#`, defines nothing. Throws GrokProblem. */
export function readDefinitions(text: string): Map<string, string> {
  const definitions = new Map<string, string>()
  for (const line of text.split(/\r?\n/).map((whole) => whole.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, definition] = /^(\w+)\s+(.+)$/.exec(line) ?? []
    if (name === undefined || definition === undefined)
      throw new GrokProblem(`the line "${line.slice(0, 60)}" of the custom patterns is not a name and a pattern`)
    definitions.set(name, definition)
  }
  return definitions
}

const builtIns = readDefinitions(BUILT_IN_PATTERNS)

function toExpression(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch (error) {
    throw new GrokProblem(`it is not a regular expression (${error instanceof Error ? error.message : String(error)})`)
  }
}

interface Scope {
  readonly text: string
  at: number
  ignoreCase: boolean
  /** Names of the patterns around, innermost last. */
  readonly within: readonly string[]
}

class Compiler {
  readonly #definitions: ReadonlyMap<string, string>
  readonly #fields = new Map<string, { type: string; groups: string[] }>()
  #groups = 0
  #references = 0
  #length = 0
  #nesting = 0
  /** Around the place. JavaScript reads lookbehinds from right to left, in which an atomic group cannot be told. */
  #lookbehinds = 0

  constructor(definitions: ReadonlyMap<string, string>) {
    this.#definitions = definitions
  }

  fields(): GrokField[] {
    return [...this.#fields].map(([name, field]) => ({ name, ...field }))
  }

  compile(text: string, within: readonly string[]): string {
    if (/[\r\n]/.test(text)) throw new GrokProblem('it has a line break, and patterns match one line at a time')
    const scope: Scope = { text, at: 0, ignoreCase: false, within }
    const source = this.#alternatives(scope)
    if (scope.at < text.length)
      throw new GrokProblem(`it has a closing parenthesis too many: ${text.slice(scope.at, scope.at + 30)}`)
    return source
  }

  /** Up to the closing parenthesis or the end. */
  #alternatives(scope: Scope): string {
    if (++this.#nesting > NESTING_MAX) throw new GrokProblem(`it is nested more than ${NESTING_MAX} deep`)
    const { ignoreCase } = scope
    let source = ''
    while (scope.at < scope.text.length && scope.text[scope.at] !== ')') source += this.#piece(scope)
    scope.ignoreCase = ignoreCase
    this.#nesting -= 1
    this.#length += source.length
    if (this.#length > SOURCE_LENGTH_MAX) throw new GrokProblem('it comes to too long an expression')
    return source
  }

  #piece(scope: Scope): string {
    const char = scope.text[scope.at] as string
    if (char === '|' || char === '^' || char === '$') {
      scope.at += 1
      return char
    }
    return this.#quantified(this.#atom(scope), scope)
  }

  /** One thing that may be repeated. */
  #atom(scope: Scope): string {
    const { text } = scope
    if (text.startsWith('%{', scope.at)) return this.#reference(scope)
    const char = text[scope.at] as string
    switch (char) {
      case '(':
        return this.#group(scope)
      case '[': {
        const { source, end } = translateClass(text, scope.at, scope.ignoreCase)
        scope.at = end
        return source
      }
      case '\\':
        return this.#escape(scope)
      case '.':
        scope.at += 1
        return '.'
      case '*':
      case '+':
      case '?':
        throw new GrokProblem(`${char} repeats nothing: ${text.slice(Math.max(0, scope.at - 10), scope.at + 10)}`)
      default: {
        const code = text.codePointAt(scope.at) as number
        scope.at += code > 0xffff ? 2 : 1
        return literal(code, scope.ignoreCase)
      }
    }
  }

  #reference(scope: Scope): string {
    if (++this.#references > REFERENCES_MAX) throw new GrokProblem('it refers to too many patterns')
    const { name, field, type, definition, end } = readReference(scope.text, scope.at)
    scope.at = end
    const text = definition ?? this.#definitions.get(name)
    if (text === undefined) throw new GrokProblem(`the pattern ${name} is not defined`)
    if (scope.within.includes(name))
      throw new GrokProblem(`the pattern ${name} refers to itself, by way of ${[...scope.within, name].join(', ')}`)
    const group = field === undefined ? '?:' : this.#fieldGroup(field, type)
    this.#nesting += 1
    const source = `(${group}${this.compile(text, [...scope.within, name])})`
    this.#nesting -= 1
    return source
  }

  #fieldGroup(field: string, type: string): string {
    const name = field.toLowerCase()
    const known = this.#fields.get(name)
    const group = this.#nextGroup()
    if (known === undefined) this.#fields.set(name, { type, groups: [group] })
    else if (known.type !== type) throw new GrokProblem(`the field ${name} has the types ${known.type} and ${type}`)
    else known.groups.push(group)
    return `?<${group}>`
  }

  #nextGroup(): string {
    this.#groups += 1
    return `g${this.#groups}`
  }

  /** At the opening parenthesis. Groups that only number are of no use here and do not capture. */
  #group(scope: Scope): string {
    const rest = scope.text.slice(scope.at)
    const flags = /^\(\?([imsu]*)(?:-([imsu]*))?([):])/.exec(rest)
    if (flags !== null && (flags[1] !== '' || flags[2] !== undefined)) return this.#flags(scope, flags)
    const named = /^\(\?P?<(\w+)>/.exec(rest)
    if (named !== null)
      return this.#inside(
        scope,
        named[0].length,
        (source, group) => `(${group}${source})`,
        () => this.#fieldGroup(named[1] as string, 'string'),
      )
    if (rest.startsWith('(?>')) return this.#inside(scope, 3, (source) => this.#atomic(source))
    if (rest.startsWith('(?#')) return this.#comment(scope)
    const look = /^\(\?(?:[=!]|<[=!])/.exec(rest)
    if (look !== null) return this.#look(scope, look[0])
    const isPlain = !rest.startsWith('(?')
    if (!isPlain && !rest.startsWith('(?:')) throw new GrokProblem(`the group ${rest.slice(0, 8)} is not supported`)
    return this.#inside(scope, isPlain ? 1 : 3, (source) => `(?:${source})`)
  }

  #look(scope: Scope, opening: string): string {
    const isBehind = opening.startsWith('(?<')
    if (isBehind) this.#lookbehinds += 1
    const source = this.#inside(scope, opening.length, (inner) => `(?:${opening}${inner}))`)
    if (isBehind) this.#lookbehinds -= 1
    return source
  }

  #inside(
    scope: Scope,
    opening: number,
    wrap: (source: string, group: string) => string,
    begin: () => string = () => '',
  ): string {
    const start = scope.at
    scope.at += opening
    // A field takes its place in the order where its group opens.
    const group = begin()
    const source = this.#alternatives(scope)
    if (scope.text[scope.at] !== ')')
      throw new GrokProblem(`the group ${scope.text.slice(start, start + 30)} has no closing parenthesis`)
    scope.at += 1
    return wrap(source, group)
  }

  /** What a lookahead found is not given back; the reference then takes it. */
  #atomic(source: string): string {
    if (this.#lookbehinds > 0)
      throw new GrokProblem('an atomic group or possessive quantifier within a lookbehind is not supported')
    const group = this.#nextGroup()
    return `(?:(?=(?<${group}>${source}))\\k<${group}>)`
  }

  /** `(?i)` holds to the end of the group around, `(?i:…)` within. Only `i` matters to single lines. */
  #flags(scope: Scope, [whole, on = '', off = '', closing]: RegExpExecArray): string {
    const ignoreCase = on.includes('i') || (scope.ignoreCase && !off.includes('i'))
    if (closing === ')') {
      scope.at += whole.length
      scope.ignoreCase = ignoreCase
      return '(?:)'
    }
    const before = scope.ignoreCase
    scope.ignoreCase = ignoreCase
    const source = this.#inside(scope, whole.length, (inner) => `(?:${inner})`)
    scope.ignoreCase = before
    return source
  }

  #comment(scope: Scope): string {
    const end = scope.text.indexOf(')', scope.at)
    if (end === -1) throw new GrokProblem('a comment has no closing parenthesis')
    scope.at = end + 1
    return '(?:)'
  }

  #escape(scope: Scope): string {
    const char = scope.text[scope.at + 1] ?? ''
    const assertion = ASSERTIONS[char]
    if (assertion !== undefined) {
      scope.at += 2
      return assertion
    }
    if (char === 'Q') return this.#quotation(scope)
    if (/[1-9]/.test(char) || char === 'k')
      throw new GrokProblem('references to what was matched before are not supported')
    const { code, source, end } = readEscape(scope.text, scope.at)
    scope.at = end
    return code === undefined ? `[${source}]` : literal(code, scope.ignoreCase)
  }

  #quotation(scope: Scope): string {
    const start = scope.at + 2
    const end = scope.text.indexOf('\\E', start)
    const quoted = scope.text.slice(start, end === -1 ? undefined : end)
    scope.at = end === -1 ? scope.text.length : end + 2
    return `(?:${[...quoted].map((char) => literal(char.codePointAt(0) as number, scope.ignoreCase)).join('')})`
  }

  #quantified(atom: string, scope: Scope): string {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(scope.text.slice(scope.at, scope.at + 20))
    if (found === null) return atom
    const [quantifier] = found
    const counts = quantifier.match(/\d+/g)?.map(Number) ?? []
    if (counts.some((count) => count > REPEATS_MAX))
      throw new GrokProblem(`${quantifier} repeats more than ${REPEATS_MAX} times`)
    if ((counts[1] ?? Infinity) < (counts[0] ?? 0)) throw new GrokProblem(`${quantifier} runs backwards`)
    scope.at += quantifier.length
    const mode = scope.text[scope.at]
    const source = ASSERTED.test(atom) ? `(?:${atom})${quantifier}` : `${atom}${quantifier}`
    if (mode !== '?' && mode !== '+') return source
    scope.at += 1
    return mode === '?' ? `${source}?` : this.#atomic(source)
  }
}

/** `\Z` and `\z` differ from `$` only before a line break, and lines have none. */
const ASSERTIONS: Readonly<Record<string, string>> = { b: '\\b', B: '\\B', A: '^', Z: '$', z: '$' }
const ASSERTED = /^(?:\\[bB]|[\^$])$/

function literal(code: number, ignoreCase: boolean): string {
  const char = String.fromCodePoint(code)
  if (ignoreCase && /[a-zA-Z]/.test(char)) return `[${char.toLowerCase()}${char.toUpperCase()}]`
  return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char
}
