/**
 * JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY. Paths and options are settled here and travel as one
 * constant (`JsonInvocation`); values become JSON text.
 */
import { canCast } from '../casts.ts'
import { canCoerce } from '../coercion.ts'
import { scalar } from '../functions/declare.ts'
import { JSON_CALLS, type JsonInvocation, type JsonOutcome } from '../json-path/invocation.ts'
import { JsonPathError, parseJsonPath } from '../json-path/parse.ts'
import type { Expression, JsonBehavior, JsonFormat, JsonPathInvocation, Position, TypeName } from '../tree.ts'
import { resolveTypeName } from '../type-names.ts'
import type { TypedExpression } from '../typed-tree.ts'
import { boolean, type SqlType, typeText, varchar } from '../types.ts'
import { coerced, refuse } from './analysis.ts'
import { invoke } from './calls.ts'
import type { ExpressionContext } from './context.ts'
import { analyseIn } from './expressions.ts'
import { holdsSubquery } from './walk.ts'

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

const json: SqlType = { kind: 'json' }
const NO_VALUE: TypedExpression = { kind: 'Constant', type: varchar, value: null }

export function jsonExistsOf(node: NodeOf<'JsonExists'>, context: ExpressionContext): TypedExpression {
  const onError = outcomeOf(node.onError, 'FALSE')
  return call('exists', boolean, pathArguments(node.invocation, { onError }, node.at, context), node.at)
}

export function jsonValueOf(node: NodeOf<'JsonValue'>, context: ExpressionContext): TypedExpression {
  const type = node.returning === undefined ? varchar : resolveTypeName(node.returning, node.at)
  const scalarFor = SCALARS[type.kind]
  if (scalarFor === undefined) {
    return refuse('TYPE_MISMATCH', node.at, `Invalid return type of function JSON_VALUE: ${typeText(type)}`)
  }
  const [onEmpty, onError] = [outcomeOf(node.onEmpty, 'NULL'), outcomeOf(node.onError, 'NULL')]
  const args = pathArguments(node.invocation, { onEmpty, onError, scalarFor }, node.at, context)
  if (onEmpty !== 'DEFAULT' && onError !== 'DEFAULT') {
    const text = call('value', varchar, args, node.at)
    if (typeText(type) === typeText(varchar)) return text
    return { kind: 'Cast', type, operand: text, isTry: onError === 'NULL', implicit: false, at: node.at }
  }
  const defaults = [node.onEmpty, node.onError].map((behavior) => defaultOf(behavior, type, context))
  return call('valueOrDefault', type, [...args, ...defaults], node.at)
}

export function jsonQueryOf(node: NodeOf<'JsonQuery'>, context: ExpressionContext): TypedExpression {
  const wrapper = node.wrapper ?? 'WITHOUT'
  if (wrapper !== 'WITHOUT' && node.quotes !== undefined) {
    const text = `${node.quotes} QUOTES behavior specified with WITH ${wrapper} ARRAY WRAPPER behavior`
    return refuse('INVALID_FUNCTION_ARGUMENT', node.at, text)
  }
  const options = {
    wrapper,
    omitQuotes: node.quotes === 'OMIT',
    onEmpty: outcomeOf(node.onEmpty, 'NULL'),
    onError: outcomeOf(node.onError, 'NULL'),
  }
  const text = call('query', varchar, pathArguments(node.invocation, options, node.at, context), node.at)
  return returned(text, node, 'JSON_QUERY')
}

export function jsonObjectOf(node: NodeOf<'JsonObject'>, context: ExpressionContext): TypedExpression {
  const keys = node.members.map(({ key }) => {
    const typed = analyseIn(key, context)
    if (canCoerce(typed.type, varchar)) return coerced(typed, varchar)
    return refuse('INVALID_FUNCTION_ARGUMENT', key.at, `Invalid type of JSON object key: ${typeText(typed.type)}`)
  })
  const values = node.members.map((member) => itemOf(member.value, member.format, context))
  const flags = [node.nullOnNull, node.uniqueKeys].map(flag)
  return returned(call('object', varchar, [texts(keys), texts(values), ...flags], node.at), node, 'JSON_OBJECT')
}

export function jsonArrayOf(node: NodeOf<'JsonArray'>, context: ExpressionContext): TypedExpression {
  const items = node.items.map((item) => itemOf(item.value, item.format, context))
  return returned(call('array', varchar, [texts(items), flag(node.nullOnNull)], node.at), node, 'JSON_ARRAY')
}

// ---------------------------------------------------------------- arguments

/** Input, invocation, PASSING values. */
function pathArguments(
  { input, inputFormat, path, passing }: JsonPathInvocation,
  options: Partial<JsonInvocation>,
  at: Position,
  context: ExpressionContext,
): readonly TypedExpression[] {
  const invocation: JsonInvocation = {
    path: path.kind === 'StringLiteral' ? path.value : '',
    // Trino folds names without quotes to upper case here.
    passing: passing.map(({ name }) => (name.quoted ? name.value : name.value.toUpperCase())),
    wrapper: 'WITHOUT',
    omitQuotes: false,
    onEmpty: 'NULL',
    onError: 'NULL',
    scalarFor: 'text',
    ...options,
  }
  checkPath(invocation, path.at)
  const values = passing.map(({ value, format }) =>
    format === undefined ? itemOf(value, undefined, context) : jsonText(value, format, context),
  )
  const constant: TypedExpression = { kind: 'Constant', type: varchar, value: JSON.stringify(invocation) }
  return [jsonText(input, inputFormat ?? 'JSON', context, at), constant, texts(values)]
}

function checkPath({ path, passing }: JsonInvocation, at: Position): void {
  try {
    const missing = parseJsonPath(path).variables.find((name) => !passing.includes(name))
    if (missing !== undefined) refuse('INVALID_PATH', at, `no value passed for parameter ${missing}`)
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error
    refuse(error.notOffered ? 'NOT_SUPPORTED' : 'INVALID_PATH', at, error.message)
  }
}

/** Text that holds JSON, unread. */
function jsonText(node: Expression, format: JsonFormat, context: ExpressionContext, at = node.at): TypedExpression {
  const typed = analyseIn(node, context)
  if (typed.type.kind === 'varbinary' && format === 'UTF8') return invoke('from_utf8', [typed], at, context)
  if (typed.type.kind === 'varbinary' && format !== 'JSON') {
    return refuse('NOT_SUPPORTED', node.at, `JSON in encoding ${format} is not supported`)
  }
  const isText = ['varchar', 'char', 'unknown'].includes(typed.type.kind)
  if (isText && format === 'JSON') return coerced(typed, varchar)
  const formatting = format === 'JSON' ? 'JSON' : `JSON ENCODING ${format}`
  return refuse(
    'TYPE_MISMATCH',
    node.at,
    `Cannot read input of type ${typeText(typed.type)} as JSON using formatting ${formatting}`,
  )
}

const WRITES_JSON: ReadonlySet<Expression['kind']> = new Set(['JsonObject', 'JsonArray', 'JsonQuery'])
const ITEM_TYPES: ReadonlySet<SqlType['kind']> = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'varchar',
  'char',
  'unknown',
])

/** A value as JSON. What writes JSON itself counts as formatted; types that JSON does not know become text. */
function itemOf(node: Expression, format: JsonFormat | undefined, context: ExpressionContext): TypedExpression {
  if (format !== undefined || WRITES_JSON.has(node.kind)) {
    return call('input', json, [jsonText(node, format ?? 'JSON', context)], node.at)
  }
  const typed = analyseIn(node, context)
  if (ITEM_TYPES.has(typed.type.kind)) return coerced(typed, json)
  if (!canCast(typed.type, varchar)) {
    return refuse('TYPE_MISMATCH', node.at, `Cannot cast ${typeText(typed.type)} to varchar`)
  }
  const text: TypedExpression = { kind: 'Cast', type: varchar, operand: typed, isTry: false, implicit: true }
  return coerced(text, json)
}

function texts(items: readonly TypedExpression[]): TypedExpression {
  return { kind: 'ArrayConstructor', type: { kind: 'array', element: varchar }, items }
}

function flag(value: boolean): TypedExpression {
  return { kind: 'Constant', type: boolean, value }
}

function defaultOf(behavior: JsonBehavior | undefined, type: SqlType, context: ExpressionContext): TypedExpression {
  if (behavior?.kind !== 'DEFAULT') return NO_VALUE
  const { value } = behavior
  const typed = analyseIn(value, context)
  if (holdsSubquery(typed)) {
    refuse('UNSUPPORTED_SUBQUERY', value.at, 'Subqueries are not supported in JSON_VALUE default expressions')
  }
  if (canCoerce(typed.type, type)) return coerced(typed, type)
  // Trino casts a default to what the call returns, also where nothing else would be coerced.
  if (canCast(typed.type, type)) return { kind: 'Cast', type, operand: typed, isTry: false, implicit: false }
  const types = `${typeText(type)} (actual: ${typeText(typed.type)})`
  return refuse('TYPE_MISMATCH', value.at, `Function JSON_VALUE default must evaluate to a ${types}`)
}

function outcomeOf(behavior: JsonBehavior | undefined, otherwise: JsonOutcome): JsonOutcome {
  return behavior?.kind ?? otherwise
}

// ---------------------------------------------------------------- results

const SCALARS: Readonly<Partial<Record<SqlType['kind'], JsonInvocation['scalarFor']>>> = {
  varchar: 'text',
  char: 'text',
  boolean: 'boolean',
  tinyint: 'integer',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  real: 'number',
  double: 'number',
  decimal: 'number',
  date: 'moment',
  time: 'moment',
  'time with time zone': 'moment',
  timestamp: 'moment',
  'timestamp with time zone': 'moment',
}

interface Output {
  readonly at: Position
  readonly returning?: TypeName
  readonly format?: JsonFormat
}

function returned(text: TypedExpression, { at, returning, format }: Output, name: string): TypedExpression {
  const type = returning === undefined ? varchar : resolveTypeName(returning, at)
  if (format === 'UTF16' || format === 'UTF32') {
    return refuse('NOT_SUPPORTED', at, `JSON in encoding ${format} is not supported`)
  }
  const fits = type.kind === 'varbinary' ? format === 'UTF8' : type.kind === 'varchar' || type.kind === 'char'
  if (!fits || (type.kind !== 'varbinary' && format === 'UTF8')) {
    return refuse('TYPE_MISMATCH', at, `Cannot output JSON value as ${typeText(type)} in ${name}`)
  }
  if (typeText(type) === typeText(varchar)) return text
  return { kind: 'Cast', type, operand: text, isTry: false, implicit: false, at }
}

function call(
  which: keyof typeof JSON_CALLS,
  type: SqlType,
  args: readonly TypedExpression[],
  at: Position,
): TypedExpression {
  const declaration = scalar(JSON_CALLS[which], [])
  const argumentTypes = args.map((argument) => argument.type)
  return { kind: 'Call', type, function: { declaration, overload: 0, argumentTypes, resultType: type }, args, at }
}
