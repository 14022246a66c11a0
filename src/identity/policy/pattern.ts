/**
 * Texts of policies that stand for many: `*` any run of characters, `?` any one, `${key}` the value of a request's key
 * (`${key, 'otherwise'}`), and `${*}`, `${?}`, `${$}` for those characters themselves.
 *
 * A pattern is a list of parts, not a text with wildcards put in, so that a value from a request can never act as one.
 */
import type { RequestFacts } from '../access.ts'

export interface Pattern {
  readonly parts: readonly Part[]
  readonly hasVariables: boolean
  readonly ignoresCase: boolean
}

interface Variable {
  /** Lower-case. */
  readonly key: string
  readonly otherwise?: string
}

/** A UTF-16 code unit, or one of the two below. */
type Part = number | Variable
const ANY_RUN = -1
const ANY_ONE = -2

export interface PatternOptions {
  readonly hasWildcards: boolean
  /** Policies of version 2008-10-17 have none. */
  readonly hasVariables: boolean
  readonly ignoresCase?: boolean
}

const VARIABLE = /\$\{([^{}]*)\}/y

/** undefined when a variable is not well formed. */
export function patternOf(text: string, options: PatternOptions): Pattern | undefined {
  const { hasWildcards, hasVariables, ignoresCase = false } = options
  const subject = ignoresCase ? text.toLowerCase() : text
  const parts: Part[] = []
  for (let index = 0; index < subject.length; index++) {
    const character = subject[index] as string
    if (character === '$' && subject[index + 1] === '{' && hasVariables) {
      VARIABLE.lastIndex = index
      const found = VARIABLE.exec(subject)
      const part = found === null ? undefined : variablePart(found[1] as string)
      if (found === null || part === undefined) return undefined
      parts.push(part)
      index += found[0].length - 1
    } else if (hasWildcards && character === '*') parts.push(ANY_RUN)
    else if (hasWildcards && character === '?') parts.push(ANY_ONE)
    else parts.push(subject.charCodeAt(index))
  }
  return { parts, hasVariables: parts.some((part) => typeof part === 'object'), ignoresCase }
}

function variablePart(inner: string): Part | undefined {
  if (inner === '*' || inner === '?' || inner === '$') return inner.charCodeAt(0)
  const found = /^\s*([\w:/.+=@-]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner)
  if (found === null) return undefined
  return { key: (found[1] as string).toLowerCase(), ...(found[2] !== undefined && { otherwise: found[2] }) }
}

/** False, too, when a variable has no value, or several. */
export function matches(pattern: Pattern, text: string, facts: RequestFacts): boolean {
  const parts = pattern.hasVariables ? filledIn(pattern, facts) : (pattern.parts as readonly number[])
  return parts !== undefined && matchesParts(parts, pattern.ignoresCase ? text.toLowerCase() : text)
}

function filledIn({ parts, ignoresCase }: Pattern, facts: RequestFacts): readonly number[] | undefined {
  const filled: number[] = []
  for (const part of parts) {
    if (typeof part === 'number') {
      filled.push(part)
      continue
    }
    const values = facts[part.key]
    const value = values === undefined || values.length === 0 ? part.otherwise : values[0]
    if (value === undefined || (values !== undefined && values.length > 1)) return undefined
    const text = ignoresCase ? value.toLowerCase() : value
    for (let index = 0; index < text.length; index++) filled.push(text.charCodeAt(index))
  }
  return filled
}

/** Back to the last run only: quadratic at worst, never exponential. */
function matchesParts(parts: readonly number[], text: string): boolean {
  let [at, from] = [0, 0]
  let run = -1
  let runFrom = 0
  while (from < text.length) {
    const part = parts[at]
    if (part === ANY_RUN) {
      run = at++
      runFrom = from
    } else if (part === ANY_ONE || part === text.charCodeAt(from)) {
      at++
      from++
    } else if (run >= 0) {
      at = run + 1
      from = ++runFrom
    } else return false
  }
  while (parts[at] === ANY_RUN) at++
  return at === parts.length
}

/** The six fields of an arn, each with its own wildcards: none reaches across a colon but in the last. */
export type ArnPattern = 'everything' | readonly Pattern[]

const ARN_FIELDS = 6
const ANY_FIELD: Pattern = { parts: [ANY_RUN], hasVariables: false, ignoresCase: false }
const COLON = ':'.charCodeAt(0)

/** As IAM, fills the fields that are not given with `*`. undefined when it is no pattern of an arn. */
export function arnPatternOf(text: string, hasVariables: boolean): ArnPattern | undefined {
  if (text === '*') return 'everything'
  const whole = patternOf(text, { hasWildcards: true, hasVariables })
  if (whole === undefined) return undefined
  const fields: Part[][] = [[]]
  for (const part of whole.parts) {
    if (part === COLON && fields.length < ARN_FIELDS) fields.push([])
    else fields.at(-1)?.push(part)
  }
  const patterns = fields.map((parts) => ({
    parts,
    hasVariables: parts.some((part) => typeof part === 'object'),
    ignoresCase: false,
  }))
  while (patterns.length < ARN_FIELDS) patterns.push(ANY_FIELD as (typeof patterns)[number])
  return patterns
}

/** `*` as the arn, for actions without a resource, is matched by `everything` alone. */
export function matchesArn(pattern: ArnPattern, arn: string, facts: RequestFacts): boolean {
  if (pattern === 'everything') return true
  const fields = arnFields(arn)
  return fields !== undefined && pattern.every((field, index) => matches(field, fields[index] as string, facts))
}

function arnFields(arn: string): readonly string[] | undefined {
  const fields: string[] = []
  let from = 0
  while (fields.length < ARN_FIELDS - 1) {
    const colon = arn.indexOf(':', from)
    if (colon < 0) return undefined
    fields.push(arn.slice(from, colon))
    from = colon + 1
  }
  fields.push(arn.slice(from))
  return fields
}
