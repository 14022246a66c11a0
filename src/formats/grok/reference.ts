/**
 * A reference within a grok pattern.
 *
 *   reference  = "%{" name [ ":" field [ ":" type ] ] [ "=" definition ] "}"
 *
 * `;` separates like `:`. The definition may itself hold references; without one the name is looked up.
 */
import { GrokProblem } from './problem.ts'

export interface Reference {
  readonly name: string
  /** undefined: matched but not kept. */
  readonly field: string | undefined
  /** Hive type. */
  readonly type: string
  readonly definition: string | undefined
  /** Behind the closing brace. */
  readonly end: number
}

/** The types that AWS lists, and `string`, which is what a field has without one. */
const TYPES: Readonly<Record<string, string>> = {
  byte: 'tinyint',
  boolean: 'boolean',
  double: 'double',
  short: 'smallint',
  int: 'int',
  long: 'bigint',
  float: 'float',
  string: 'string',
}

/** What AWS's own patterns call a field that is to be no column. */
const UNWANTED = 'UNWANTED'

/** `start`: of the percent sign. Throws GrokProblem. */
export function readReference(text: string, start: number): Reference {
  const end = closingBrace(text, start)
  const inner = text.slice(start + 2, end - 1)
  const equals = inner.indexOf('=')
  const definition = equals === -1 ? undefined : inner.slice(equals + 1)
  const [name = '', field, type, ...rest] = (equals === -1 ? inner : inner.slice(0, equals)).split(/[:;]/)
  const shown = text.slice(start, end)
  if (!/^\w+$/.test(name)) throw new GrokProblem(`${shown} does not begin with the name of a pattern`)
  if (field !== undefined && field.trim() === '') throw new GrokProblem(`${shown} has an empty field name`)
  const hiveType = TYPES[type ?? 'string']
  if (hiveType === undefined || rest.length > 0) {
    const types = Object.keys(TYPES).join(', ')
    throw new GrokProblem(`${shown} has the type ${[type, ...rest].join(':')}, and only these are supported: ${types}`)
  }
  return { name, field: field === UNWANTED ? undefined : field?.trim(), type: hiveType, definition, end }
}

function closingBrace(text: string, start: number): number {
  let depth = 0
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') depth += 1
    else if (text[at] === '}' && --depth === 0) return at + 1
  }
  throw new GrokProblem(`${text.slice(start, start + 40)} has no closing brace`)
}
