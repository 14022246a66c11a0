/**
 * The expression language of S3 prefixes: `!{namespace:value}` between literal text.
 *
 *   timestamp:<DateTimeFormatter pattern>     the batch's instant, in the stream's time zone
 *   firehose:random-string                    eleven characters, fresh at every occurrence
 *   firehose:error-output-type                only in an error output prefix, and required there beside other expressions
 *   partitionKeyFromQuery:<name>              only in the prefix of a stream with dynamic partitioning: what its jq
 *   partitionKeyFromLambda:<name>             program, or its Lambda function, found under that name
 *
 * Texts of refusals are AWS's (tried in us-east-1, 2026-09, and published as rules for CloudFormation templates).
 */
import type { Ids } from '../../platform/ids.ts'
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import type { PartitionKeys } from '../processing/record.ts'
import { type DateTimePattern, parseDateTimePattern } from './date-time-pattern.ts'
import type { ZonedDate } from './zoned-date.ts'

/** The two texts that this language is written in, as refusals name them. */
export type PrefixMember = 'Prefix' | 'ErrorOutputPrefix'

export type PrefixPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly format: DateTimePattern }
  | { readonly kind: 'randomString' }
  | { readonly kind: 'errorOutputType' }
  | PartitionKeyPart

export interface PartitionKeyPart {
  readonly kind: 'partitionKey'
  readonly from: keyof PartitionKeys
  readonly name: string
}

export interface PrefixExpression {
  readonly parts: readonly PrefixPart[]
  /** False: plain text, to which Firehose appends its dated folders. */
  readonly hasExpressions: boolean
}

export interface PrefixValues {
  readonly date: ZonedDate
  readonly ids: Ids
  /** `processing-failed`, …: why the records are written here. */
  readonly errorOutputType?: string
  /** A value for every key that the prefix names: see `missingPartitionKey`. */
  readonly partitionKeys?: PartitionKeys | undefined
}

/** Throws a Refusal 'invalidDestination' with AWS's lead-in. */
export function parsePrefix(text: string, member: PrefixMember = 'Prefix'): PrefixExpression {
  const parts: PrefixPart[] = []
  let at = 0
  for (let start = text.indexOf('!{'); start !== -1; start = text.indexOf('!{', at)) {
    if (start > at) parts.push({ kind: 'literal', text: text.slice(at, start) })
    const end = text.indexOf('}', start)
    if (end === -1) throw prefixConstraint('Invalid expression usage')
    parts.push(expression(text.slice(start + 2, end), member))
    at = end + 1
  }
  if (at < text.length) parts.push({ kind: 'literal', text: text.slice(at) })
  return { parts, hasExpressions: parts.some((part) => part.kind !== 'literal') }
}

/**
 * Checks what only the two prefixes together show. undefined: not given. `stream` says whether its prefix may name
 * partition keys.
 */
export function checkPrefixes(
  prefix: string | undefined,
  errorOutputPrefix: string | undefined,
  stream: 'plain' | 'partitioned' = 'plain',
): void {
  const data = parsePrefix(prefix ?? '', 'Prefix')
  const errors = parsePrefix(errorOutputPrefix ?? '', 'ErrorOutputPrefix')
  if (has(data, 'errorOutputType'))
    throw prefixConstraint('Prefix must not contain any occurrence of !{firehose:error-output-type}')
  if (stream === 'plain' && has(data, 'partitionKey'))
    throw prefixConstraint(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    )
  if (has(errors, 'partitionKey'))
    throw prefixConstraint("Dynamic Partitioning Namespaces can't be part of an error prefix expression")
  if (data.hasExpressions && (errorOutputPrefix ?? '') === '')
    throw prefixConstraint('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions')
  if (errors.hasExpressions && !has(errors, 'errorOutputType'))
    throw prefixConstraint('ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}')
}

/** In the order of the text; a key named twice comes twice. */
export function partitionKeysIn({ parts }: PrefixExpression): PartitionKeyPart[] {
  return parts.filter((part) => part.kind === 'partitionKey')
}

/** The first key of the prefix that has no value, or an empty one: a record without it has no place to go to. */
export function missingPartitionKey(
  expression: PrefixExpression,
  keys: PartitionKeys | undefined,
): PartitionKeyPart | undefined {
  return partitionKeysIn(expression).find((part) => keyValue(part, keys) === '')
}

export function evaluatePrefix(expression: PrefixExpression, values: PrefixValues): string {
  return expression.parts.map((part) => partText(part, values)).join('')
}

/** "Ths" is AWS's own spelling, kept so that whoever searches for it finds it. */
export function prefixConstraint(reason: string, cause?: Refusal): Refusal {
  const text = `Ths supplied prefix(es) do not satisfy the following constraint: ${reason}`
  return new Refusal('invalidDestination', text, { cause })
}

const RANDOM_STRING_LENGTH = 11

function partText(part: PrefixPart, { date, ids, errorOutputType, partitionKeys }: PrefixValues): string {
  switch (part.kind) {
    case 'literal':
      return part.text
    case 'timestamp':
      return part.format(date)
    case 'randomString':
      return ids.alphanumeric(RANDOM_STRING_LENGTH)
    case 'errorOutputType':
      return errorOutputType ?? ''
    case 'partitionKey':
      return keyValue(part, partitionKeys)
  }
}

function keyValue({ from, name }: PartitionKeyPart, keys: PartitionKeys | undefined): string {
  const found = keys?.[from]
  return found !== undefined && Object.hasOwn(found, name) ? (found[name] as string) : ''
}

type ReadPart = (value: string, member: PrefixMember) => PrefixPart

const NAMESPACES: Readonly<Record<string, ReadPart>> = {
  timestamp: (pattern, member) => ({ kind: 'timestamp', format: timestampFormat(pattern, member) }),
  firehose: (value, member) => {
    const known = Object.hasOwn(FIREHOSE_VALUES, value) ? FIREHOSE_VALUES[value] : undefined
    if (known === undefined) throw invalidConversion(member)
    return known
  },
  partitionKeyFromQuery: (name) => ({ kind: 'partitionKey', from: 'fromQuery', name }),
  partitionKeyFromLambda: (name) => ({ kind: 'partitionKey', from: 'fromLambda', name }),
}

const FIREHOSE_VALUES: Readonly<Record<string, PrefixPart>> = {
  'random-string': { kind: 'randomString' },
  'error-output-type': { kind: 'errorOutputType' },
}

function expression(inner: string, member: PrefixMember): PrefixPart {
  const colon = inner.indexOf(':')
  // Neither without a namespace nor one in another.
  if (colon < 1 || inner.includes('{')) throw prefixConstraint('Invalid expression usage')
  const namespace = inner.slice(0, colon)
  const value = inner.slice(colon + 1)
  const read = Object.hasOwn(NAMESPACES, namespace) ? NAMESPACES[namespace] : undefined
  if (read === undefined) throw prefixConstraint(`Namespace to the left of colon (${namespace}) is an invalid keyword!`)
  if (value === '') throw prefixConstraint(`Expression !{${inner}} in ${member} has no value.`)
  return read(value, member)
}

function timestampFormat(pattern: string, member: PrefixMember): DateTimePattern {
  try {
    return parseDateTimePattern(pattern)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw invalidConversion(member, error)
  }
}

function invalidConversion(member: PrefixMember, cause?: Refusal): Refusal {
  return prefixConstraint(`Invalid conversion character used in the value of the expression in ${member}`, cause)
}

function has({ parts }: PrefixExpression, kind: PrefixPart['kind']): boolean {
  return parts.some((part) => part.kind === kind)
}
