/**
 * Chooses the overload a call means and solves its variables, by Trino's order: exact matches without variables, exact
 * matches with, then matches by coercion, of which the most specific wins.
 */
import { canCoerce, coerceToBase, commonSuperType, isComparable, isOrderable } from '../coercion.ts'
import { type SqlType, sameType, typeText, unknown } from '../types.ts'
import type { FunctionDeclaration, ResolvedFunction } from './declare.ts'
import {
  type NumberPattern,
  numbersOf,
  parseSignature,
  patternText,
  type Signature,
  sizedType,
  type TypePattern,
} from './signature.ts'

/** A lambda's type is known only once its parameters' types are. */
export interface LambdaArgument {
  readonly arity: number
  /** The type of the body for these parameters; throws SqlFailure when the body makes no sense with them. */
  resultFor(parameters: readonly SqlType[]): SqlType
}
export type CallArgument = SqlType | LambdaArgument

export type Resolution =
  | { readonly kind: 'resolved'; readonly function: ResolvedFunction }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly ResolvedFunction[] }

interface Candidate {
  readonly declaration: FunctionDeclaration
  readonly overload: number
  readonly signature: Signature
}

/** Each round widens some variable; more rounds than this means a declaration contradicts itself. */
const SOLVING_ROUNDS_MAX = 8

export function resolveCall(declarations: readonly FunctionDeclaration[], args: readonly CallArgument[]): Resolution {
  const candidates = declarations.flatMap(candidatesOf)
  for (const generic of [false, true]) {
    const exact = candidates.filter((candidate) => candidate.signature.generic === generic)
    const found = applicable(exact, args, false)[0]
    if (found !== undefined) return { kind: 'resolved', function: found }
  }
  const coerced = applicable(candidates, args, true)
  const best = mostSpecific(coerced, args)
  if (best.length > 1) return { kind: 'ambiguous', candidates: best }
  return best[0] === undefined ? { kind: 'none' } : { kind: 'resolved', function: best[0] }
}

/** `abs(bigint), abs(double)`: what error texts offer, sorted as Trino does. */
export function expectedText(name: string, declarations: readonly FunctionDeclaration[]): string {
  const texts = declarations.flatMap(candidatesOf).map(({ signature }) => {
    const parameters = signature.parameters.map((pattern) => patternText(pattern, typeText)).join(', ')
    const constraints = [...variablesOf(signature)].map((variable) => {
      const constraint = signature.constraints.get(variable)
      return constraint === undefined ? variable : `${variable}:${constraint}`
    })
    return `${name}(${parameters}) ${constraints.join(', ')}`.trimEnd()
  })
  return [...new Set(texts)].sort().join(', ')
}

function variablesOf(signature: Signature): Set<string> {
  const names = new Set<string>()
  const visit = (pattern: TypePattern): void => {
    if (pattern.kind === 'variable') names.add(pattern.name)
    for (const part of partsOf(pattern)) visit(part)
  }
  for (const pattern of [...signature.parameters, signature.result]) visit(pattern)
  return names
}

function partsOf(pattern: TypePattern): readonly TypePattern[] {
  switch (pattern.kind) {
    case 'array':
      return [pattern.element]
    case 'map':
      return [pattern.key, pattern.value]
    case 'row':
      return pattern.fields.map((field) => field.type)
    case 'function':
      return [...pattern.parameters, pattern.result]
    default:
      return []
  }
}

const parsed = new WeakMap<FunctionDeclaration, readonly Candidate[]>()

function candidatesOf(declaration: FunctionDeclaration): readonly Candidate[] {
  const known = parsed.get(declaration)
  if (known !== undefined) return known
  const candidates = declaration.signatures.map((signature, overload) => ({
    declaration,
    overload,
    signature: parseSignature(signature.text),
  }))
  parsed.set(declaration, candidates)
  return candidates
}

function applicable(
  candidates: readonly Candidate[],
  args: readonly CallArgument[],
  coercing: boolean,
): readonly ResolvedFunction[] {
  return candidates.flatMap((candidate) => bind(candidate, args, coercing) ?? [])
}

// ---------------------------------------------------------------- binding one signature

interface Bindings {
  readonly types: Map<string, SqlType>
  readonly numbers: Map<string, number>
}

type Step = 'settled' | 'changed' | 'waiting' | 'impossible'

function bind(candidate: Candidate, args: readonly CallArgument[], coercing: boolean): ResolvedFunction | undefined {
  const parameters = expand(candidate.signature, args.length)
  if (parameters === undefined) return undefined
  const bindings: Bindings = { types: new Map(), numbers: new Map() }
  if (!solve(candidate.signature, parameters, args, bindings, coercing)) return undefined

  const computed = candidate.declaration.signatures[candidate.overload]?.bind?.(Object.fromEntries(bindings.numbers))
  for (const [name, value] of Object.entries(computed ?? {})) bindings.numbers.set(name, value)

  const argumentTypes: SqlType[] = []
  for (const [index, pattern] of parameters.entries()) {
    const actual = args[index]
    const formal = pattern.kind === 'any' && isType(actual) ? actual : instantiate(pattern, bindings)
    if (actual === undefined || formal === undefined) return undefined
    if (isType(actual) && !(coercing ? canCoerce(actual, formal) : sameType(actual, formal))) return undefined
    argumentTypes.push(formal)
  }
  const resultType = instantiate(candidate.signature.result, bindings)
  if (resultType === undefined) return undefined
  return { declaration: candidate.declaration, overload: candidate.overload, argumentTypes, resultType }
}

function expand(signature: Signature, count: number): readonly TypePattern[] | undefined {
  const { parameters, variadic } = signature
  if (!variadic) return parameters.length === count ? parameters : undefined
  const last = parameters.at(-1)
  if (last === undefined || count < parameters.length - 1) return undefined
  const fixed = parameters.slice(0, -1)
  return [...fixed, ...Array.from({ length: count - fixed.length }, () => last)]
}

function solve(
  signature: Signature,
  parameters: readonly TypePattern[],
  args: readonly CallArgument[],
  bindings: Bindings,
  coercing: boolean,
): boolean {
  for (let round = 0; round < SOLVING_ROUNDS_MAX; round++) {
    const steps = parameters.map((pattern, index): Step => {
      const argument = args[index]
      if (argument === undefined) return 'impossible'
      return isType(argument)
        ? unify(pattern, argument, signature, bindings, coercing)
        : unifyLambda(pattern, argument, signature, bindings)
    })
    if (steps.includes('impossible')) return false
    if (!steps.includes('changed')) return !steps.includes('waiting')
  }
  return false
}

function unify(
  pattern: TypePattern,
  actual: SqlType,
  signature: Signature,
  bindings: Bindings,
  coercing: boolean,
): Step {
  switch (pattern.kind) {
    case 'concrete':
      return (coercing ? canCoerce(actual, pattern.type) : sameType(actual, pattern.type)) ? 'settled' : 'impossible'
    case 'any':
      return 'settled'
    case 'variable':
      return unifyVariable(pattern.name, actual, signature, bindings)
    case 'sized':
      return unifySized(pattern.base, pattern.numbers, actual, bindings)
    case 'array':
    case 'map':
    case 'row':
      return unifyContainer(pattern, actual, signature, bindings, coercing)
    case 'function':
      if (actual.kind !== 'function' || actual.parameters.length !== pattern.parameters.length) return 'impossible'
      return merge([
        ...pattern.parameters.map((part, index) =>
          unify(part, actual.parameters[index] ?? unknown, signature, bindings, false),
        ),
        unify(pattern.result, actual.result, signature, bindings, false),
      ])
  }
}

function unifyVariable(name: string, actual: SqlType, signature: Signature, bindings: Bindings): Step {
  const bound = bindings.types.get(name)
  const type = bound === undefined ? actual : commonSuperType(bound, actual)
  if (type === undefined || !satisfies(type, signature.constraints.get(name))) return 'impossible'
  if (bound !== undefined && sameType(bound, type)) return 'settled'
  bindings.types.set(name, type)
  return 'changed'
}

function satisfies(type: SqlType, constraint: 'comparable' | 'orderable' | undefined): boolean {
  if (constraint === undefined) return true
  return constraint === 'comparable' ? isComparable(type) : isOrderable(type)
}

function unifySized(
  base: SqlType['kind'],
  numbers: readonly NumberPattern[],
  actual: SqlType,
  bindings: Bindings,
): Step {
  const widened = coerceToBase(actual, base)
  if (widened === undefined) return 'impossible'
  const own = numbersOf(widened)
  const wanted = numbers.map((number, index) =>
    typeof number === 'number' ? number : (bindings.numbers.get(number) ?? own[index] ?? 0),
  )
  const original = sizedType(base, wanted)
  const meeting = original && commonSuperType(original, actual)
  if (meeting === undefined || meeting.kind !== base) return 'impossible'

  let step: Step = 'settled'
  for (const [index, value] of numbersOf(meeting).entries()) {
    const number = numbers[index]
    if (typeof number === 'number') {
      if (number !== value) return 'impossible'
    } else if (number !== undefined && bindings.numbers.get(number) !== value) {
      bindings.numbers.set(number, value)
      step = 'changed'
    }
  }
  return step
}

function unifyContainer(
  pattern: TypePattern,
  actual: SqlType,
  signature: Signature,
  bindings: Bindings,
  coercing: boolean,
): Step {
  const parts = partsOf(pattern)
  const actualParts = actual.kind === 'unknown' ? parts.map(() => unknown) : containerParts(actual)
  if (actual.kind !== pattern.kind && actual.kind !== 'unknown') return 'impossible'
  if (actualParts.length !== parts.length) return 'impossible'
  return merge(parts.map((part, index) => unify(part, actualParts[index] ?? unknown, signature, bindings, coercing)))
}

function containerParts(type: SqlType): readonly SqlType[] {
  if (type.kind === 'array') return [type.element]
  if (type.kind === 'map') return [type.key, type.value]
  return type.kind === 'row' ? type.fields.map((field) => field.type) : []
}

/** Where the result is a variable, what a lambda gives is taken as it is: Trino coerces no function types. */
function unifyLambda(pattern: TypePattern, lambda: LambdaArgument, signature: Signature, bindings: Bindings): Step {
  if (pattern.kind !== 'function' || pattern.parameters.length !== lambda.arity) return 'impossible'
  const parameters: SqlType[] = []
  for (const part of pattern.parameters) {
    const type = instantiate(part, bindings)
    if (type === undefined) return 'waiting'
    parameters.push(type)
  }
  const result = lambda.resultFor(parameters)
  const wanted = instantiate(pattern.result, bindings)
  if (pattern.result.kind === 'concrete') return canCoerce(result, pattern.result.type) ? 'settled' : 'impossible'
  if (wanted !== undefined) return sameType(wanted, result) ? 'settled' : 'impossible'
  return unify(pattern.result, result, signature, bindings, false)
}

function merge(steps: readonly Step[]): Step {
  for (const step of ['impossible', 'changed', 'waiting'] as const) if (steps.includes(step)) return step
  return 'settled'
}

function instantiate(pattern: TypePattern, bindings: Bindings): SqlType | undefined {
  switch (pattern.kind) {
    case 'concrete':
      return pattern.type
    case 'any':
      return unknown
    case 'variable':
      return bindings.types.get(pattern.name)
    case 'sized': {
      const numbers = pattern.numbers.map((number) =>
        typeof number === 'number' ? number : bindings.numbers.get(number),
      )
      return numbers.every((number) => number !== undefined) ? sizedType(pattern.base, numbers) : undefined
    }
    case 'array': {
      const element = instantiate(pattern.element, bindings)
      return element && { kind: 'array', element }
    }
    case 'map': {
      const key = instantiate(pattern.key, bindings)
      const value = instantiate(pattern.value, bindings)
      return key && value && { kind: 'map', key, value }
    }
    case 'row': {
      const fields: { name: string | undefined; type: SqlType }[] = []
      for (const field of pattern.fields) {
        const type = instantiate(field.type, bindings)
        if (type === undefined) return undefined
        fields.push({ name: field.name, type })
      }
      return { kind: 'row', fields }
    }
    case 'function': {
      const result = instantiate(pattern.result, bindings)
      const parameters = pattern.parameters.map((part) => instantiate(part, bindings))
      if (result === undefined || !parameters.every((type) => type !== undefined)) return undefined
      return { kind: 'function', parameters, result }
    }
  }
}

// ---------------------------------------------------------------- choosing among several

function mostSpecific(
  candidates: readonly ResolvedFunction[],
  args: readonly CallArgument[],
): readonly ResolvedFunction[] {
  const best = candidates.filter(
    (candidate) =>
      !candidates.some(
        (other) => other !== candidate && isMoreSpecific(other, candidate) && !isMoreSpecific(candidate, other),
      ),
  )
  if (best.length <= 1) return best
  const types = args.filter(isType)
  if (types.length !== args.length || !types.some((type) => type.kind === 'unknown')) return best

  const castingOnlyUnknown = candidates.filter((candidate) =>
    types.every((type, index) => {
      const formal = candidate.argumentTypes[index]
      return type.kind === 'unknown' || (formal !== undefined && sameType(type, formal))
    }),
  )
  const chosen = castingOnlyUnknown.length > 0 ? castingOnlyUnknown : best
  if (chosen.length === 1) return chosen
  const results = new Set(chosen.map((candidate) => typeText(candidate.resultType)))
  // NULL in, NULL out whichever is taken, so any will do: always the same one.
  return results.size === 1
    ? [...chosen].sort((a, b) => (argumentsText(a) < argumentsText(b) ? 1 : -1)).slice(0, 1)
    : chosen
}

/** Whatever `left` takes, `right` would take too. */
function isMoreSpecific(left: ResolvedFunction, right: ResolvedFunction): boolean {
  const candidate = candidatesOf(right.declaration)[right.overload]
  return candidate !== undefined && bind(candidate, left.argumentTypes, true) !== undefined
}

function argumentsText(candidate: ResolvedFunction): string {
  return candidate.argumentTypes.map(typeText).join(', ')
}

function isType(argument: CallArgument | undefined): argument is SqlType {
  return argument !== undefined && 'kind' in argument
}
