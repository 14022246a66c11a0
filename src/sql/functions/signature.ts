/**
 * Reads signatures as `declare.ts` writes them, and types as text.
 *
 *   signature  := '(' [parameter {',' parameter}] ')' '->' pattern
 *   parameter  := pattern ['...']                       `...` on the last only: none, one or many of it
 *   pattern    := VARIABLE [':' constraint]             one capital, or a capital and digits
 *               | 'any'                                 whatever comes, each for itself
 *               | ('array' | 'map' | 'function' | 'row') '(' pattern {',' pattern} ')'
 *               | NAME ['(' number {',' number} ')'] ['with time zone']
 *   number     := DIGITS | lower-case name              names are solved from the arguments
 */
import type { SqlType } from '../types.ts'

type Kind = SqlType['kind']

/** A digit string's value, or a variable to be solved. */
export type NumberPattern = number | string

export type TypePattern =
  | { readonly kind: 'concrete'; readonly type: SqlType }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'any' }
  /** decimal(p, s), varchar(x), timestamp(p), … with at least one variable. */
  | { readonly kind: 'sized'; readonly base: Kind; readonly numbers: readonly NumberPattern[] }
  | { readonly kind: 'array'; readonly element: TypePattern }
  | { readonly kind: 'map'; readonly key: TypePattern; readonly value: TypePattern }
  | {
      readonly kind: 'row'
      readonly fields: readonly { readonly name: string | undefined; readonly type: TypePattern }[]
    }
  | { readonly kind: 'function'; readonly parameters: readonly TypePattern[]; readonly result: TypePattern }

export type Constraint = 'comparable' | 'orderable'

export interface Signature {
  readonly parameters: readonly TypePattern[]
  /** The last parameter may come any number of times. */
  readonly variadic: boolean
  readonly result: TypePattern
  readonly constraints: ReadonlyMap<string, Constraint>
  /** Variables stand in it, so it is tried after those without. */
  readonly generic: boolean
}

const VARIABLE = /^[A-Z][0-9]*$/
const TOKEN = /\s*(\.\.\.|->|[(),:]|[A-Za-z_][A-Za-z0-9_]*|\d+|"[^"]*")/y

/** An unbounded varchar counts as this long where lengths are computed. */
export const UNBOUNDED = 2_147_483_647

const SIMPLE: readonly string[] = [
  'unknown',
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'varbinary',
  'json',
  'date',
  'uuid',
  'ipaddress',
  'geometry',
  'sphericalgeography',
  'bingtile',
  'kdbtree',
]
const OPAQUE: readonly string[] = ['hyperloglog', 'p4hyperloglog', 'tdigest', 'setdigest', 'color', 'jsonpath']

export function parseSignature(text: string): Signature {
  const reader = new Reader(text)
  const parameters: TypePattern[] = []
  let variadic = false
  reader.expect('(')
  while (!reader.accept(')')) {
    if (parameters.length > 0) reader.expect(',')
    parameters.push(reader.pattern())
    variadic = reader.accept('...')
  }
  reader.expect('->')
  const result = reader.pattern()
  reader.end()
  const generic = [...parameters, result].some((pattern) => !isConcrete(pattern))
  return { parameters, variadic, result, constraints: reader.constraints, generic }
}

/** A type written out, `decimal(10, 2)` or `row(a bigint, varchar)`: undefined when it is none. */
export function parseTypeText(text: string): SqlType | undefined {
  try {
    const reader = new Reader(text)
    const pattern = reader.pattern()
    reader.end()
    return concreteType(pattern)
  } catch (error) {
    if (error instanceof SignatureMistake) return undefined
    throw error
  }
}

/** A declaration is wrong: a bug of ours, never of the user's. */
class SignatureMistake extends Error {}

class Reader {
  readonly constraints = new Map<string, Constraint>()
  readonly #text: string
  readonly #tokens: readonly string[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  accept(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false
    this.#next++
    return true
  }

  expect(token: string): void {
    if (!this.accept(token)) throw this.#mistake(`'${token}' expected`)
  }

  end(): void {
    if (this.#next !== this.#tokens.length) throw this.#mistake('more text than expected')
  }

  pattern(): TypePattern {
    const name = this.#take()
    if (VARIABLE.test(name)) return this.#variable(name)
    switch (name) {
      case 'any':
        return { kind: 'any' }
      case 'array':
        return { kind: 'array', element: this.#arguments(() => this.pattern(), 1)[0] as TypePattern }
      case 'map': {
        const [key, value] = this.#arguments(() => this.pattern(), 2)
        return { kind: 'map', key: key as TypePattern, value: value as TypePattern }
      }
      case 'function': {
        const parts = this.#arguments(() => this.pattern())
        return { kind: 'function', parameters: parts.slice(0, -1), result: parts.at(-1) as TypePattern }
      }
      case 'row':
        return { kind: 'row', fields: this.#arguments(() => this.#rowField()) }
      case 'interval':
        return this.#interval()
      default:
        return this.#named(name)
    }
  }

  #variable(name: string): TypePattern {
    if (this.accept(':')) {
      const constraint = this.#take()
      if (constraint !== 'comparable' && constraint !== 'orderable') throw this.#mistake(`no constraint ${constraint}`)
      this.constraints.set(name, constraint)
    }
    return { kind: 'variable', name }
  }

  #rowField(): { name: string | undefined; type: TypePattern } {
    const [token = '', following = ''] = this.#tokens.slice(this.#next, this.#next + 2)
    const named =
      token.startsWith('"') || (/^[A-Za-z_]/.test(following) && token !== 'interval' && following !== 'with')
    if (!named) return { name: undefined, type: this.pattern() }
    this.#next++
    return { name: token.replace(/^"|"$/g, ''), type: this.pattern() }
  }

  #quantileDigest(): SqlType {
    this.expect('(')
    const of = this.#take().toLowerCase()
    this.expect(')')
    if (of !== 'bigint' && of !== 'double' && of !== 'real') throw this.#mistake(`no type qdigest(${of})`)
    return { kind: 'opaque', name: `qdigest(${of})` }
  }

  #interval(): TypePattern {
    const [from, to, unit] = [this.#take(), this.#take(), this.#take()]
    const kind = `interval ${from} ${to} ${unit}`
    if (kind !== 'interval day to second' && kind !== 'interval year to month') throw this.#mistake(`no type ${kind}`)
    return { kind: 'concrete', type: { kind } }
  }

  #named(name: string): TypePattern {
    const lower = name.toLowerCase()
    if (SIMPLE.includes(lower)) return { kind: 'concrete', type: { kind: lower } as SqlType }
    if (OPAQUE.includes(lower)) return { kind: 'concrete', type: { kind: 'opaque', name: lower } as SqlType }
    if (lower === 'qdigest') return { kind: 'concrete', type: this.#quantileDigest() }
    if (lower === 'int') return { kind: 'concrete', type: { kind: 'integer' } }
    const numbers = this.#tokens[this.#next] === '(' ? this.#arguments(() => numberOf(this.#take())) : []
    const base = this.#baseNamed(lower)
    const complete = withDefaults(base, numbers)
    if (complete === undefined) throw this.#mistake(`no type ${name}`)
    const type = complete.every((number) => typeof number === 'number') ? sizedType(base, complete) : undefined
    return type === undefined ? { kind: 'sized', base, numbers: complete } : { kind: 'concrete', type }
  }

  #baseNamed(name: string): Kind {
    if (name !== 'time' && name !== 'timestamp') return name as Kind
    if (!this.accept('with')) return name
    this.expect('time')
    this.expect('zone')
    return `${name} with time zone`
  }

  #arguments<T>(read: () => T, count?: number): T[] {
    this.expect('(')
    const items = [read()]
    while (this.accept(',')) items.push(read())
    this.expect(')')
    if (count !== undefined && items.length !== count) throw this.#mistake(`${count} parts expected`)
    return items
  }

  #take(): string {
    const token = this.#tokens[this.#next++]
    if (token === undefined) throw this.#mistake('more text expected')
    return token
  }

  #mistake(problem: string): SignatureMistake {
    return new SignatureMistake(`In '${this.#text}': ${problem}.`)
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new SignatureMistake(`In '${text}': nothing readable from ${at}.`)
    tokens.push(match[1] as string)
  }
  return tokens
}

function numberOf(token: string): NumberPattern {
  return /^\d+$/.test(token) ? Number(token) : token
}

function withDefaults(base: string, numbers: readonly NumberPattern[]): readonly NumberPattern[] | undefined {
  switch (base) {
    case 'decimal':
      return numbers.length === 2 ? numbers : numbers.length === 1 ? [...numbers, 0] : [38, 0]
    case 'varchar':
      return numbers.length === 1 ? numbers : numbers.length === 0 ? [UNBOUNDED] : undefined
    case 'char':
      return numbers.length === 1 ? numbers : [1]
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return numbers.length === 1 ? numbers : [3]
    default:
      return undefined
  }
}

/** The type of `base` with these numbers: `sizedType('decimal', [10, 2])`. */
export function sizedType(base: Kind, numbers: readonly NumberPattern[]): SqlType | undefined {
  const [first, second] = numbers
  if (typeof first !== 'number') return undefined
  switch (base) {
    case 'decimal':
      return typeof second === 'number' ? { kind: base, precision: first, scale: second } : undefined
    case 'varchar':
      return { kind: base, length: first >= UNBOUNDED ? undefined : first }
    case 'char':
      return { kind: base, length: first }
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return { kind: base, precision: first }
    default:
      return undefined
  }
}

/** The numbers of a type, in the order a signature writes them. */
export function numbersOf(type: SqlType): readonly number[] {
  if (type.kind === 'decimal') return [type.precision, type.scale]
  if (type.kind === 'varchar') return [type.length ?? UNBOUNDED]
  if (type.kind === 'char') return [type.length]
  return 'precision' in type ? [type.precision] : []
}

function isConcrete(pattern: TypePattern): boolean {
  return concreteType(pattern) !== undefined
}

function concreteType(pattern: TypePattern): SqlType | undefined {
  switch (pattern.kind) {
    case 'concrete':
      return pattern.type
    case 'array': {
      const element = concreteType(pattern.element)
      return element && { kind: 'array', element }
    }
    case 'map': {
      const [key, value] = [concreteType(pattern.key), concreteType(pattern.value)]
      return key && value && { kind: 'map', key, value }
    }
    case 'row': {
      const fields: { name: string | undefined; type: SqlType }[] = []
      for (const field of pattern.fields) {
        const type = concreteType(field.type)
        if (type === undefined) return undefined
        fields.push({ name: field.name, type })
      }
      return { kind: 'row', fields }
    }
    default:
      return undefined
  }
}

/** As error texts list what a function takes: `array(E)`, `decimal(p,s)`, `function(T,boolean)`. */
export function patternText(pattern: TypePattern, typeText: (type: SqlType) => string): string {
  const text = (part: TypePattern) => patternText(part, typeText)
  switch (pattern.kind) {
    case 'concrete':
      return typeText(pattern.type)
    case 'variable':
      return pattern.name
    case 'any':
      return 'any'
    case 'sized':
      return pattern.base.replace(/^(timestamp|time)?(.*)$/, (_all, head: string | undefined, rest: string) =>
        head === undefined ? `${rest}(${pattern.numbers.join(',')})` : `${head}(${pattern.numbers.join(',')})${rest}`,
      )
    case 'array':
      return `array(${text(pattern.element)})`
    case 'map':
      return `map(${text(pattern.key)},${text(pattern.value)})`
    case 'row':
      return `row(${pattern.fields.map((field) => text(field.type)).join(',')})`
    case 'function':
      return `function(${[...pattern.parameters, pattern.result].map(text).join(',')})`
  }
}
