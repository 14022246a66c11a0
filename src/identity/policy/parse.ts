/**
 * Policy documents, from their JSON. What IAM's grammar does not know is a problem, never skipped: a policy that is not
 * wholly understood must not be stored, for it might deny.
 */

import { conditionOf } from './condition.ts'
import { type ArnPattern, arnPatternOf, type Pattern, patternOf } from './pattern.ts'
import type { Choice, Condition, Policy, Principals, Statement } from './policy.ts'

/**
 * What the document is written for: a user, role or session (`identity`); a resource such as a bucket, naming who; or
 * the trust of a role, naming who may assume it.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust'

export type PolicyProblem =
  | { readonly kind: 'notJson' }
  /** A field is missing, unknown, given twice over or of the wrong type. */
  | { readonly kind: 'syntax'; readonly field: string }
  | { readonly kind: 'oldVersion' }
  | { readonly kind: 'missing'; readonly field: 'Action' | 'Resource' | 'Principal' }
  | { readonly kind: 'prohibited'; readonly field: 'Principal' | 'Resource' }
  | { readonly kind: 'badPrincipal'; readonly value: string }
  | { readonly kind: 'badAction'; readonly value: string }
  | { readonly kind: 'badResource'; readonly value: string }
  | { readonly kind: 'badCondition'; readonly operator: string }
  | { readonly kind: 'badSid'; readonly value: string }
  | { readonly kind: 'repeatedSid'; readonly value: string }

/** Each service has its own words for it. */
export class PolicyError extends Error {
  readonly problem: PolicyProblem

  constructor(problem: PolicyProblem, options?: ErrorOptions) {
    super(`The policy is malformed: ${JSON.stringify(problem)}`, options)
    this.name = 'PolicyError'
    this.problem = problem
  }
}

const TOP_FIELDS = ['Version', 'Id', 'Statement']
const STATEMENT_FIELDS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const NEW_VERSION = '2012-10-17'
const OLD_VERSION = '2008-10-17'

type Json = Readonly<Record<string, unknown>>

/** Throws PolicyError. */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = objectOf(jsonOf(text), 'Policy')
  refuseUnknown(document, TOP_FIELDS)
  const { Version: version = OLD_VERSION, Id: id, Statement: given } = document
  if (version !== NEW_VERSION && version !== OLD_VERSION) throw syntax('Version')
  if (id !== undefined && typeof id !== 'string') throw syntax('Id')
  const statements = (Array.isArray(given) ? given : [given]).map((one) => objectOf(one, 'Statement'))
  if (statements.length === 0) throw syntax('Statement')
  if (kind === 'identity' && version !== NEW_VERSION) throw new PolicyError({ kind: 'oldVersion' })
  const parsed = statements.map((one) => statementOf(one, kind, version === NEW_VERSION))
  refuseRepeatedSids(parsed)
  return { statements: parsed }
}

function statementOf(given: Json, kind: PolicyKind, hasVariables: boolean): Statement {
  refuseUnknown(given, STATEMENT_FIELDS)
  const { Effect: effect, Sid: sid } = given
  if (effect !== 'Allow' && effect !== 'Deny') throw syntax('Effect')
  if (sid !== undefined && typeof sid !== 'string') throw syntax('Sid')
  if (sid !== undefined && kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw new PolicyError({ kind: 'badSid', value: sid })
  }
  const principals = principalsOf(given, kind)
  const resources = resourcesOf(given, kind, hasVariables)
  return {
    effect,
    ...(sid !== undefined && sid !== '' && { sid }),
    ...(principals !== undefined && { principals }),
    actions: actionsOf(given),
    ...(resources !== undefined && { resources }),
    conditions: conditionsOf(given['Condition'], hasVariables),
  }
}

// ---- actions and resources

function actionsOf(given: Json): Choice<Pattern> {
  const { isNegated, texts } = eitherOf(given, 'Action', 'NotAction') ?? { isNegated: false, texts: [] }
  if (texts.length === 0) throw new PolicyError({ kind: 'missing', field: 'Action' })
  const among = texts.map((value) => {
    const isWellFormed = value === '*' || /^[A-Za-z0-9.-]+:[A-Za-z0-9*?]+$/.test(value)
    const pattern = patternOf(value, { hasWildcards: true, hasVariables: false, ignoresCase: true })
    if (!isWellFormed || pattern === undefined) throw new PolicyError({ kind: 'badAction', value })
    return pattern
  })
  return { isNegated, among }
}

function resourcesOf(given: Json, kind: PolicyKind, hasVariables: boolean): Choice<ArnPattern> | undefined {
  const found = eitherOf(given, 'Resource', 'NotResource')
  if (kind === 'trust') {
    if (found !== undefined) throw new PolicyError({ kind: 'prohibited', field: 'Resource' })
    return undefined
  }
  if (found === undefined || found.texts.length === 0) throw new PolicyError({ kind: 'missing', field: 'Resource' })
  const among = found.texts.map((value) => {
    const isWellFormed = value === '*' || /^arn:[a-z*?-]+:[^:]/.test(value)
    const pattern = arnPatternOf(value, hasVariables)
    if (!isWellFormed || pattern === undefined) throw new PolicyError({ kind: 'badResource', value })
    return pattern
  })
  return { isNegated: found.isNegated, among }
}

function eitherOf(given: Json, plain: string, negated: string) {
  const [value, other] = [given[plain], given[negated]]
  if (value !== undefined && other !== undefined) throw syntax(negated)
  if (value !== undefined) return { isNegated: false, texts: textsOf(value, plain) }
  return other === undefined ? undefined : { isNegated: true, texts: textsOf(other, negated) }
}

// ---- principals

function principalsOf(given: Json, kind: PolicyKind): Principals | undefined {
  const [value, negated] = [given['Principal'], given['NotPrincipal']]
  if (kind === 'identity') {
    if (value === undefined && negated === undefined) return undefined
    throw new PolicyError({ kind: 'prohibited', field: 'Principal' })
  }
  if (value !== undefined && negated !== undefined) throw syntax('NotPrincipal')
  const named = value ?? negated
  if (named === undefined) throw new PolicyError({ kind: 'missing', field: 'Principal' })
  const isNegated = value === undefined
  if (named === '*') return { isNegated, hasEveryone: true, aws: [], canonicalUsers: [], others: [] }
  if (typeof named === 'string') throw new PolicyError({ kind: 'badPrincipal', value: named })
  return { isNegated, ...namedPrincipals(objectOf(named, 'Principal')) }
}

function namedPrincipals(named: Json): Omit<Principals, 'isNegated'> {
  const found = { aws: [] as string[], canonicalUsers: [] as string[], others: [] as string[] }
  const folders = {
    AWS: found.aws,
    CanonicalUser: found.canonicalUsers,
    Service: found.others,
    Federated: found.others,
  } as const
  for (const [type, value] of Object.entries(named)) {
    if (!Object.hasOwn(folders, type)) throw syntax(type)
    for (const principal of textsOf(value, type)) {
      if (!isPrincipal(type, principal))
        throw new PolicyError({ kind: 'badPrincipal', value: `"${type}":"${principal}"` })
      folders[type as keyof typeof folders].push(principal)
    }
  }
  if (Object.values(found).every((list) => list.length === 0)) throw syntax('Principal')
  return { ...found, aws: found.aws.filter((one) => one !== '*'), hasEveryone: found.aws.includes('*') }
}

const AWS_PRINCIPAL =
  /^(\*|\d{12}|A[A-Z]{3}[A-Z0-9]{16,}|arn:aws[\w-]*:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]+)|arn:aws[\w-]*:sts::\d{12}:(assumed-role|federated-user)\/[\w+=,.@/-]+)$/

function isPrincipal(type: string, value: string): boolean {
  return type === 'AWS' ? AWS_PRINCIPAL.test(value) : value !== '' && !value.includes('*')
}

// ---- conditions

function conditionsOf(given: unknown, hasVariables: boolean): readonly Condition[] {
  if (given === undefined) return []
  return Object.entries(objectOf(given, 'Condition')).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys, 'Condition')).map(([key, value]) => {
      const condition = conditionOf(operator, key, conditionValues(value), hasVariables)
      if (typeof condition === 'string') throw new PolicyError({ kind: 'badCondition', operator })
      return condition
    }),
  )
}

function conditionValues(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw syntax('Condition')
  })
}

// ---- JSON

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new PolicyError({ kind: 'notJson' }, { cause })
  }
}

function objectOf(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw syntax(field)
  return value as Json
}

function textsOf(value: unknown, field: string): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!texts.every((one) => typeof one === 'string')) throw syntax(field)
  return texts as readonly string[]
}

function refuseUnknown(given: Json, known: readonly string[]): void {
  const unknown = Object.keys(given).find((field) => !known.includes(field))
  if (unknown !== undefined) throw syntax(unknown)
}

function refuseRepeatedSids(statements: readonly Statement[]): void {
  const seen = new Set<string>()
  for (const { sid } of statements) {
    if (sid === undefined) continue
    if (seen.has(sid)) throw new PolicyError({ kind: 'repeatedSid', value: sid })
    seen.add(sid)
  }
}

function syntax(field: string): PolicyError {
  return new PolicyError({ kind: 'syntax', field })
}
