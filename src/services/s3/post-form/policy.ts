/**
 * The policy that comes with a form: until when, and what its fields may be. Every field must be covered. Pure. Texts
 * as S3 gives them.
 *
 *   { "expiration": "2026-01-15T12:00:00Z", "conditions": [{ "acl": "private" }, ["starts-with", "$key", "up/"],
 *     ["content-length-range", 1, 1048576]] }
 */
import { WireError } from '../../../wire/error.ts'

export interface SizeRange {
  readonly min: number
  readonly max: number
}

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string; readonly shown: string }
  | { readonly kind: 'range'; readonly range: SizeRange }

export interface FormPolicy {
  readonly expiresAtMs: number
  readonly conditions: readonly Condition[]
}

/** Throws WireError InvalidPolicyDocument. */
export function parseFormPolicy(base64: string): FormPolicy {
  const document = jsonOf(base64)
  const { expiration, conditions, ...others } = document
  const [strange] = Object.keys(others)
  if (strange !== undefined) throw invalid(`Unexpected: '${strange}'`)
  if (expiration === undefined) throw invalid('Policy missing expiration.')
  if (typeof expiration !== 'string') throw invalid('Invalid JSON.')
  const expiresAtMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration) ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(expiresAtMs)) throw invalid(`Invalid 'expiration' value: '${expiration}'`)
  if (conditions === undefined) throw invalid('Policy missing conditions.')
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.")
  return { expiresAtMs, conditions: conditions.map(conditionOf) }
}

/** `fields` with the bucket among them. Gives the sizes that the file may have. Throws WireError AccessDenied. */
export function requireByPolicy(
  { expiresAtMs, conditions }: FormPolicy,
  fields: Readonly<Record<string, string>>,
  nowMs: number,
): SizeRange {
  if (nowMs >= expiresAtMs) throw denied('Policy expired.')
  let range: SizeRange = { min: 0, max: Number.POSITIVE_INFINITY }
  const covered = new Set<string>()
  for (const condition of conditions) {
    if (condition.kind === 'range') {
      range = { min: Math.max(range.min, condition.range.min), max: Math.min(range.max, condition.range.max) }
      continue
    }
    covered.add(condition.field)
    if (!isMet(condition, Object.hasOwn(fields, condition.field) ? String(fields[condition.field]) : '')) {
      throw denied(`Policy Condition failed: ${condition.shown}`)
    }
  }
  const extra = Object.keys(fields).filter((name) => !covered.has(name) && !NEVER_COVERED.test(name))
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`)
  return range
}

const NEVER_COVERED = /^(policy|file|signature|awsaccesskeyid|x-amz-signature|x-ignore-.*)$/

function isMet({ kind, field, value }: Exclude<Condition, { kind: 'range' }>, given: string): boolean {
  if (kind === 'eq') return given === value
  // A list of types must begin so in each of its places.
  if (field === 'content-type') return given.split(',').every((type) => type.trim().startsWith(value))
  return given.startsWith(value)
}

function jsonOf(base64: string): Readonly<Record<string, unknown>> {
  if (base64 === '') throw invalid("Expecting '{' but found End-of-Input")
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64)) throw invalid('invalid Base64 encoding.')
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    throw invalid('Invalid JSON.', cause)
  }
  throw invalid('Invalid JSON.')
}

function conditionOf(source: unknown): Condition {
  if (Array.isArray(source)) return listCondition(source)
  if (typeof source !== 'object' || source === null) {
    throw invalid('Invalid condition test: must be a List or Object.')
  }
  const [entry, ...others] = Object.entries(source)
  if (entry === undefined || others.length > 0) {
    throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.')
  }
  const [name, value] = entry
  if (typeof value !== 'string') throw invalid('Invalid Simple-Condition: value must be a string.')
  return { kind: 'eq', field: name.toLowerCase(), value, shown: shownList('eq', `$${name}`, value) }
}

function listCondition([operation, ...values]: readonly unknown[]): Condition {
  if (operation === undefined) throw invalid('Invalid Condition: missing operation identifier.')
  const kind = String(operation).toLowerCase()
  if (kind !== 'eq' && kind !== 'starts-with' && kind !== 'content-length-range') {
    throw invalid(`Invalid Condition: unknown operation '${String(operation)}'.`)
  }
  if (values.length !== 2) throw invalid(`Invalid ${kind}: wrong number of arguments.`)
  const [first, second] = values
  if (kind === 'content-length-range') return { kind: 'range', range: { min: numberOf(first), max: numberOf(second) } }
  if (typeof first !== 'string' || typeof second !== 'string') throw invalid('Invalid JSON.')
  const shown = shownList(kind, first, second)
  // Without its sign a name is that of no field.
  const field = first.startsWith('$') ? first.slice(1).toLowerCase() : ''
  return { kind, field, value: second, shown }
}

/** Numbers may be written as text. */
function numberOf(value: unknown): number {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  if (!/^\d{1,15}$/.test(text)) throw invalid('Invalid JSON.')
  return Number(text)
}

const shownList = (...items: string[]) => `[${items.map((item) => JSON.stringify(item)).join(', ')}]`

function invalid(message: string, cause?: unknown): WireError {
  return new WireError('InvalidPolicyDocument', `Invalid Policy: ${message}`, { cause })
}

function denied(message: string): WireError {
  return new WireError('AccessDenied', `Invalid according to Policy: ${message}`, { status: 403 })
}
