/**
 * The expression language of S3 prefixes: `!{namespace:value}` between literal text.
 *
 *   timestamp:<DateTimeFormatter pattern>     the batch's instant, in the stream's time zone
 *   firehose:random-string                    eleven characters, fresh at every occurrence
 *   firehose:error-output-type                only in an error output prefix, and required there beside other expressions
 *   partitionKeyFromQuery: | partitionKeyFromLambda:   need dynamic partitioning, so they are refused here
 */
import type { Ids } from '../../platform/ids.ts'
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import { type DateTimePattern, parseDateTimePattern } from './date-time-pattern.ts'
import type { ZonedDate } from './zoned-date.ts'

export type PrefixPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly format: DateTimePattern }
  | { readonly kind: 'randomString' }
  | { readonly kind: 'errorOutputType' }

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
}

/** Throws a Refusal 'invalidDestination' with AWS's lead-in. */
export function parsePrefix(text: string): PrefixExpression {
  const parts: PrefixPart[] = []
  let at = 0
  for (let start = text.indexOf('!{'); start !== -1; start = text.indexOf('!{', at)) {
    if (start > at) parts.push({ kind: 'literal', text: text.slice(at, start) })
    const end = text.indexOf('}', start)
    if (end === -1) throw constraint(`Expression ${text.slice(start)} is not closed.`)
    parts.push(expression(text.slice(start + 2, end)))
    at = end + 1
  }
  if (at < text.length) parts.push({ kind: 'literal', text: text.slice(at) })
  return { parts, hasExpressions: parts.some((part) => part.kind !== 'literal') }
}

/** Checks what only the two prefixes together show. undefined: not given. */
export function checkPrefixes(prefix: string | undefined, errorOutputPrefix: string | undefined): void {
  const data = parsePrefix(prefix ?? '')
  const errors = parsePrefix(errorOutputPrefix ?? '')
  if (has(data, 'errorOutputType'))
    throw constraint('Prefix cannot contain the expression !{firehose:error-output-type}.')
  if (data.hasExpressions && (errorOutputPrefix ?? '') === '')
    throw constraint('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions')
  if (errors.hasExpressions && !has(errors, 'errorOutputType'))
    throw constraint(
      'ErrorOutputPrefix must contain the expression !{firehose:error-output-type} when it contains expressions.',
    )
}

export function evaluatePrefix(expression: PrefixExpression, values: PrefixValues): string {
  return expression.parts.map((part) => partText(part, values)).join('')
}

const RANDOM_STRING_LENGTH = 11

function partText(part: PrefixPart, { date, ids, errorOutputType }: PrefixValues): string {
  switch (part.kind) {
    case 'literal':
      return part.text
    case 'timestamp':
      return part.format(date)
    case 'randomString':
      return ids.alphanumeric(RANDOM_STRING_LENGTH)
    case 'errorOutputType':
      return errorOutputType ?? ''
  }
}

const FIREHOSE_VALUES: Readonly<Record<string, PrefixPart>> = {
  'random-string': { kind: 'randomString' },
  'error-output-type': { kind: 'errorOutputType' },
}

function expression(inner: string): PrefixPart {
  const colon = inner.indexOf(':')
  const namespace = colon === -1 ? inner : inner.slice(0, colon)
  const value = colon === -1 ? '' : inner.slice(colon + 1)
  if (inner.includes('!{')) throw constraint(`Expression !{${inner}} is nested in another one.`)
  if (namespace.startsWith('partitionKeyFrom'))
    throw constraint(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    )
  if (value === '') throw constraint(`Expression !{${inner}} has no value.`)
  if (namespace === 'timestamp') return { kind: 'timestamp', format: timestampFormat(inner, value) }
  const known = namespace === 'firehose' ? FIREHOSE_VALUES[value] : undefined
  if (known === undefined) throw constraint(`Expression !{${inner}} is not supported.`)
  return known
}

function timestampFormat(inner: string, pattern: string): DateTimePattern {
  try {
    return parseDateTimePattern(pattern)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw constraint(`Expression !{${inner}} is not a valid timestamp pattern: ${error.message}`)
  }
}

function has(expression: PrefixExpression, kind: PrefixPart['kind']): boolean {
  return expression.parts.some((part) => part.kind === kind)
}

/** "Ths" is AWS's own spelling, kept so that whoever searches for it finds it. */
function constraint(reason: string): Refusal {
  return new Refusal('invalidDestination', `Ths supplied prefix(es) do not satisfy the following constraint: ${reason}`)
}
