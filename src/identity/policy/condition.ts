/**
 * Conditions of statements: `{ operator: { key: values } }`. One of the values suffices; of a negated operator none may
 * match. A key that the request does not have fails a positive operator and satisfies a negated one, one with IfExists,
 * and ForAllValues. (IAM user guide, "Condition operators" and "multivalued context keys".)
 */
import { BlockList, isIP } from 'node:net'
import type { RequestFacts } from '../access.ts'
import { arnPatternOf, matches, matchesArn, type PatternOptions, patternOf } from './pattern.ts'
import type { Condition } from './policy.ts'

type Test = (actual: string, facts: RequestFacts) => boolean

interface Operator {
  readonly isNegated: boolean
  /** undefined: the value is not of this operator's kind. */
  readonly test: (value: string, hasVariables: boolean) => Test | undefined
}

const is = (test: Operator['test']): Operator => ({ isNegated: false, test })
const isNot = (test: Operator['test']): Operator => ({ isNegated: true, test })

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: is(text({ hasWildcards: false })),
  StringNotEquals: isNot(text({ hasWildcards: false })),
  StringEqualsIgnoreCase: is(text({ hasWildcards: false, ignoresCase: true })),
  StringNotEqualsIgnoreCase: isNot(text({ hasWildcards: false, ignoresCase: true })),
  StringLike: is(text({ hasWildcards: true })),
  StringNotLike: isNot(text({ hasWildcards: true })),
  NumericEquals: is(ordered(numberOf, (actual, wanted) => actual === wanted)),
  NumericNotEquals: isNot(ordered(numberOf, (actual, wanted) => actual === wanted)),
  NumericLessThan: is(ordered(numberOf, (actual, wanted) => actual < wanted)),
  NumericLessThanEquals: is(ordered(numberOf, (actual, wanted) => actual <= wanted)),
  NumericGreaterThan: is(ordered(numberOf, (actual, wanted) => actual > wanted)),
  NumericGreaterThanEquals: is(ordered(numberOf, (actual, wanted) => actual >= wanted)),
  DateEquals: is(ordered(timeOf, (actual, wanted) => actual === wanted)),
  DateNotEquals: isNot(ordered(timeOf, (actual, wanted) => actual === wanted)),
  DateLessThan: is(ordered(timeOf, (actual, wanted) => actual < wanted)),
  DateLessThanEquals: is(ordered(timeOf, (actual, wanted) => actual <= wanted)),
  DateGreaterThan: is(ordered(timeOf, (actual, wanted) => actual > wanted)),
  DateGreaterThanEquals: is(ordered(timeOf, (actual, wanted) => actual >= wanted)),
  Bool: is((value) => (isBoolean(value) ? (actual) => actual.toLowerCase() === value.toLowerCase() : undefined)),
  BinaryEquals: is((value) => (actual) => actual === value),
  IpAddress: is(address),
  NotIpAddress: isNot(address),
  ArnEquals: is(arn),
  ArnLike: is(arn),
  ArnNotEquals: isNot(arn),
  ArnNotLike: isNot(arn),
}

export type ConditionProblem = 'unknownOperator' | 'badValue'

/** `operator` as written: `ForAnyValue:StringLikeIfExists`. */
export function conditionOf(
  operator: string,
  key: string,
  values: readonly string[],
  hasVariables: boolean,
): Condition | ConditionProblem {
  const found = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(operator)
  const name = found?.[2] ?? ''
  const about = { operator: name, key: key.toLowerCase(), values }
  if (name === 'Null') return found?.[3] === undefined ? nullCondition(about) : 'unknownOperator'
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (known === undefined) return 'unknownOperator'
  const tests = values.map((value) => known.test(value, hasVariables))
  if (!tests.every((test) => test !== undefined)) return 'badValue'
  const quantifier = found?.[1]
  const mayBeAbsent = found?.[3] !== undefined || quantifier === 'ForAllValues'
  const { isNegated } = known
  return {
    ...about,
    isRestricting: !isNegated && !mayBeAbsent,
    holds: (facts) => {
      const actual = facts[about.key]
      if (actual === undefined || actual.length === 0) {
        return mayBeAbsent || (isNegated && quantifier !== 'ForAnyValue')
      }
      const fits = (one: string) => tests.some((test) => test(one, facts)) !== isNegated
      const isEach = quantifier === 'ForAllValues' || (quantifier === undefined && isNegated)
      return isEach ? actual.every(fits) : actual.some(fits)
    },
  }
}

function nullCondition(about: Pick<Condition, 'operator' | 'key' | 'values'>): Condition | ConditionProblem {
  if (!about.values.every(isBoolean)) return 'badValue'
  const wanted = about.values.map((value) => value.toLowerCase() === 'true')
  return {
    ...about,
    isRestricting: false,
    holds: (facts) => wanted.includes((facts[about.key]?.length ?? 0) === 0),
  }
}

function text(options: Omit<PatternOptions, 'hasVariables'>): Operator['test'] {
  return (value, hasVariables) => {
    const pattern = patternOf(value, { ...options, hasVariables })
    return pattern && ((actual, facts) => matches(pattern, actual, facts))
  }
}

function arn(value: string, hasVariables: boolean): Test | undefined {
  const pattern = arnPatternOf(value, hasVariables)
  return pattern && ((actual, facts) => matchesArn(pattern, actual, facts))
}

function ordered(read: (text: string) => number | undefined, compare: (actual: number, wanted: number) => boolean) {
  return (value: string): Test | undefined => {
    const wanted = read(value)
    if (wanted === undefined) return undefined
    return (given) => {
      const actual = read(given)
      return actual !== undefined && compare(actual, wanted)
    }
  }
}

function numberOf(value: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined
}

/** ISO 8601, or seconds of the epoch. */
function timeOf(value: string): number | undefined {
  const seconds = numberOf(value)
  if (seconds !== undefined) return seconds * 1000
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

function isBoolean(value: string): boolean {
  return /^(true|false)$/i.test(value)
}

/** An address or a CIDR range, of either family. */
function address(value: string): Test | undefined {
  const [base = '', bits, ...more] = value.split('/')
  const version = isIP(base)
  const bitsMax = version === 4 ? 32 : 128
  if (version === 0 || more.length > 0) return undefined
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax)) return undefined
  const range = new BlockList()
  range.addSubnet(base, bits === undefined ? bitsMax : Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return (actual) => {
    const given = isIP(actual)
    return given !== 0 && range.check(actual, given === 4 ? 'ipv4' : 'ipv6')
  }
}
