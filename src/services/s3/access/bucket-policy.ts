/**
 * What S3 takes as a bucket's policy. IAM's grammar is the evaluator's (`identity/policy`); here are S3's own rules and
 * its words: a policy speaks of this bucket alone, of actions that fit its resources, and of keys that S3 knows. A
 * condition that nothing ever meets would be worse than none.
 */
import {
  type Policy,
  PolicyError,
  type PolicyProblem,
  parsePolicy,
  type Statement,
} from '../../../identity/policy/index.ts'
import { matches, patternOf } from '../../../identity/policy/pattern.ts'
import { WireError } from '../../../wire/error.ts'
import type { S3Context } from '../context.ts'
import { BUCKET_ACTIONS, CONDITION_KEYS, OBJECT_ACTIONS } from './actions.ts'

const POLICY_BYTES_MAX = 20 * 1024

type Level = 'bucket' | 'object'

/** Throws MalformedPolicy. */
export function requireBucketPolicy(text: string, bucket: string, { principalExists }: S3Context): void {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) throw malformed('Policy exceeds the maximum allowed document size.')
  if (!text.startsWith('{')) throw malformed(TEXTS.notJson)
  const { statements } = parsed(text)
  const given = statementsAsGiven(text)
  statements.forEach((statement, index) => {
    const resources = resourcesOf(given[index] ?? {})
    const levels = new Set(resources.flatMap((resource) => levelsOf(resource, bucket)))
    requireActions(statement, levels)
    requireConditions(statement)
    const stranger = statement.principals?.aws.find((principal) => !principalExists(principal))
    if (stranger !== undefined) throw malformed(TEXTS.badPrincipal, `"AWS":"${stranger}"`)
  })
}

function parsed(text: string): Policy {
  try {
    return parsePolicy(text, 'resource')
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw inWordsOfS3(error.problem)
  }
}

// ---- resources and actions

type Given = Readonly<Record<string, unknown>>

/** The parser has seen that they are objects, and their resources texts. */
function statementsAsGiven(text: string): readonly Given[] {
  const { Statement: given } = JSON.parse(text) as { Statement: Given | readonly Given[] }
  return Array.isArray(given) ? (given as readonly Given[]) : [given as Given]
}

function resourcesOf(given: Given): readonly string[] {
  const value = given['Resource'] ?? given['NotResource']
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** A name with `*` also stands for what is behind the next slash. */
function levelsOf(resource: string, bucket: string): readonly Level[] {
  if (resource === '*') return ['bucket', 'object']
  const [, name, rest] = /^arn:aws:s3:::([^/]+)(\/.*)?$/s.exec(resource) ?? []
  if (name === undefined || !namesBucket(name, bucket)) throw malformed(TEXTS.badResource)
  if (rest !== undefined) return ['object']
  return name.includes('*') || name.includes('${') ? ['bucket', 'object'] : ['bucket']
}

/** A variable may turn out to be anything. */
function namesBucket(name: string, bucket: string): boolean {
  const pattern = patternOf(name.replaceAll(/\$\{[^}]*\}/g, '*'), { hasWildcards: true, hasVariables: false })
  return pattern !== undefined && matches(pattern, bucket, {})
}

function requireActions({ actions }: Statement, levels: ReadonlySet<Level>): void {
  for (const pattern of actions.among) {
    const isNamed = (action: string) => matches(pattern, `s3:${action}`, {})
    const isOfBucket = BUCKET_ACTIONS.some(isNamed)
    const isOfObject = OBJECT_ACTIONS.some(isNamed)
    if (!isOfBucket && !isOfObject) throw malformed(TEXTS.badAction)
    if (actions.isNegated || (isOfBucket && levels.has('bucket')) || (isOfObject && levels.has('object'))) continue
    throw malformed('Action does not apply to any resource(s) in statement')
  }
}

function requireConditions({ conditions }: Statement): void {
  for (const { key } of conditions) {
    const [service, name = ''] = key.split(/:(.*)/s)
    const isKnown =
      service === 'aws' ||
      (service === 's3' && CONDITION_KEYS.some((one) => (one.endsWith('/') ? name.startsWith(one) : name === one)))
    if (!isKnown) throw malformed(TEXTS.badKey, key)
  }
}

// ---- S3's words

const TEXTS = {
  notJson: "Policies must be valid JSON and the first byte must be '{'",
  badAction: 'Policy has invalid action',
  badResource: 'Policy has invalid resource',
  badPrincipal: 'Invalid principal in policy',
  badKey: 'Policy has an invalid condition key',
} as const

function inWordsOfS3(problem: PolicyProblem): WireError {
  switch (problem.kind) {
    case 'notJson':
      return malformed(TEXTS.notJson)
    case 'badAction':
      return malformed(TEXTS.badAction)
    case 'badResource':
      return malformed(TEXTS.badResource)
    case 'badPrincipal':
      return malformed(TEXTS.badPrincipal, problem.value)
    case 'badCondition':
      return malformed(`Invalid Condition type : ${problem.operator}`)
    case 'missing':
      return malformed(`Missing required field ${problem.field}`)
    case 'repeatedSid':
      return malformed('Statement IDs (SID) in a single policy must be unique.')
    case 'syntax':
      return malformed(SYNTAX[problem.field] ?? 'Invalid policy syntax.')
    case 'oldVersion':
    case 'prohibited':
    case 'badSid':
      return malformed('Invalid policy syntax.')
  }
}

const SYNTAX: Readonly<Record<string, string>> = {
  Version: 'The policy must contain a valid version string',
  Statement: 'Missing required field Statement',
  Effect: 'Missing required field Effect',
}

function malformed(message: string, detail?: string): WireError {
  return new WireError('MalformedPolicy', message, { extra: { Detail: detail } })
}
