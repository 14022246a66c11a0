/**
 * Expressions: names become columns, operators and calls get their overload, every coercion becomes a Cast. One reader
 * per kind of node; those with rules of their own live in neighbouring files.
 */

import { canCast } from '../casts.ts'
import { canCoerce, commonSuperType, isComparable, isOrderable } from '../coercion.ts'
import { functionsNamed } from '../functions/registry.ts'
import { resolveCall } from '../functions/resolve.ts'
import { doubleLiteral, stringLiteral } from '../literals.ts'
import type { Expression, Position } from '../tree.ts'
import { resolveTypeName } from '../type-names.ts'
import type { TypedExpression } from '../typed-tree.ts'
import { bigint, boolean, type SqlType, typeText, unknown, varchar } from '../types.ts'
import { coerced, NESTING_MAX, refuse } from './analysis.ts'
import { callOf, groupingCall, invoke, lambdaOutsideCall } from './calls.ts'
import { betweenOf, caseOf, inListOf, unified } from './conditionals.ts'
import { genericLiteral, integerConstant, intervalConstant } from './constants.ts'
import type { ExpressionContext } from './context.ts'
import { concatenated } from './expression-text.ts'
import { findColumn, nameChain, nameText } from './scope.ts'
import { jsonArrayOf, jsonExistsOf, jsonObjectOf, jsonQueryOf, jsonValueOf } from './sql-json.ts'
import { existsOf, inSubqueryOf, quantifiedOf, scalarSubqueryOf } from './subqueries.ts'

type Kind = Expression['kind']
type NodeOf<K extends Kind> = Extract<Expression, { readonly kind: K }>
type Reader<K extends Kind> = (node: NodeOf<K>, context: ExpressionContext) => TypedExpression

export function analyseIn(node: Expression, context: ExpressionContext): TypedExpression {
  const read = READERS[node.kind] as Reader<Kind>
  return context.analysis.nested(node.at, () => read(node, context))
}

/** As `analyseIn`, refusing with Trino's text when the type does not turn into `type`. */
export function analyseAs(node: Expression, type: SqlType, what: string, context: ExpressionContext): TypedExpression {
  const expression = analyseIn(node, context)
  if (canCoerce(expression.type, type)) return coerced(expression, type)
  return refuse(
    'TYPE_MISMATCH',
    node.at,
    `${what} must evaluate to a ${typeText(type)} (actual: ${typeText(expression.type)})`,
  )
}

const ATHENA_COLUMN_NOT_FOUND = 'cannot be resolved or requester is not authorized to access requested resources'

export function columnNotFound(at: Position, name: string): never {
  return refuse('COLUMN_NOT_FOUND', at, `Column '${name}' ${ATHENA_COLUMN_NOT_FOUND}`)
}

const READERS: { readonly [K in Kind]: Reader<K> } = {
  Identifier: (node, context) => named(node, context) ?? columnNotFound(node.at, node.value),
  Dereference: dereferenceOf,
  NullLiteral: () => ({ kind: 'Constant', type: unknown, value: null }),
  BooleanLiteral: (node) => ({ kind: 'Constant', type: boolean, value: node.value }),
  LongLiteral: (node) => integerConstant(node.text, node.at),
  DecimalLiteral: (node) => ({ kind: 'Constant', ...doubleLiteral(node.text) }),
  DoubleLiteral: (node) => ({ kind: 'Constant', ...doubleLiteral(node.text) }),
  StringLiteral: (node) => ({ kind: 'Constant', ...stringLiteral(node.value) }),
  BinaryLiteral: (node) => ({ kind: 'Constant', type: { kind: 'varbinary' }, value: node.value }),
  GenericLiteral: genericLiteral,
  IntervalLiteral: intervalConstant,
  Unary: unaryOf,
  Arithmetic: (node, context) =>
    operator(node.operator, [analyseIn(node.left, context), analyseIn(node.right, context)], node.at, context),
  Concat: (node, context) => concatOf(node, context),
  AtTimeZone: (node, context) =>
    invoke('at_timezone', [analyseIn(node.operand, context), analyseIn(node.zone, context)], node.at, context),
  Comparison: comparisonOf,
  IsDistinctFrom: distinctOf,
  Logical: (node, context) => ({
    kind: 'Logical',
    type: boolean,
    operator: node.operator,
    terms: node.terms.map((term) => analyseAs(term, boolean, 'Logical expression term', context)),
  }),
  Not: (node, context) => negated(analyseAs(node.operand, boolean, 'Value of logical NOT expression', context)),
  IsNull: (node, context) =>
    negatedIf(node.negated, { kind: 'IsNull', type: boolean, operand: analyseIn(node.operand, context) }),
  Between: betweenOf,
  InList: inListOf,
  InSubquery: inSubqueryOf,
  Like: likeOf,
  Exists: existsOf,
  ScalarSubquery: scalarSubqueryOf,
  QuantifiedComparison: quantifiedOf,
  Case: caseOf,
  Cast: castOf,
  Extract: extractOf,
  CurrentTime: currentOf,
  Trim: trimOf,
  FunctionCall: callOf,
  Lambda: lambdaOutsideCall,
  ArrayConstructor: (node, context) => {
    const items = unified(node.items, 'All ARRAY elements', context)
    return { kind: 'ArrayConstructor', type: { kind: 'array', element: items.type }, items: items.expressions }
  },
  RowConstructor: (node, context) => {
    const items = node.fields.map((field) => analyseIn(field.value, context))
    const fields = items.map((item, index) => ({
      name: node.fields[index]?.name?.value.toLowerCase(),
      type: item.type,
    }))
    return { kind: 'RowConstructor', type: { kind: 'row', fields }, items }
  },
  Subscript: subscriptOf,
  Parameter: (node, context) => {
    const value = context.analysis.context.parameters[node.index]
    if (value === undefined)
      return refuse('INVALID_PARAMETER_USAGE', node.at, `No value for parameter ${node.index + 1}`)
    return analyseIn(value, { ...context, scope: { fields: [] }, lambdaParameters: [] })
  },
  Grouping: groupingCall,
  JsonExists: jsonExistsOf,
  JsonValue: jsonValueOf,
  JsonQuery: jsonQueryOf,
  JsonObject: jsonObjectOf,
  JsonArray: jsonArrayOf,
}

// ---------------------------------------------------------------- names

function named(node: Expression, context: ExpressionContext): TypedExpression | undefined {
  const names = nameChain(node)
  const first = names?.[0]
  if (names === undefined || first === undefined) return undefined
  const name = first.value.toLowerCase()
  const parameter = context.lambdaParameters.findLast((candidate) => candidate.name === name)
  if (parameter !== undefined) {
    const base: TypedExpression = { kind: 'LambdaParameter', type: parameter.type, name: parameter.symbol }
    return fieldsOf(base, names.slice(1), node)
  }
  const found = findColumn(context.scope, names, node)
  if (found === undefined) return undefined
  const base: TypedExpression = { kind: 'Column', type: found.field.type, symbol: found.field.symbol }
  return fieldsOf(base, names.slice(found.parts), node)
}

function fieldsOf(
  base: TypedExpression,
  names: readonly { readonly value: string }[],
  node: Expression,
): TypedExpression {
  return names.reduce((inner, name) => rowField(inner, name.value, node), base)
}

function dereferenceOf(node: NodeOf<'Dereference'>, context: ExpressionContext): TypedExpression {
  const names = nameChain(node)
  if (names === undefined) return rowField(analyseIn(node.base, context), node.field.value, node)
  return named(node, context) ?? columnNotFound(node.at, nameText(names))
}

function rowField(base: TypedExpression, name: string, node: Expression): TypedExpression {
  if (base.type.kind !== 'row') {
    const text = nameText(nameChain(node) ?? [])
    if (text !== '') columnNotFound(node.at, text)
    refuse(
      'TYPE_MISMATCH',
      node.at,
      `Expression of type ${typeText(base.type)} has no field ${name}: it is not of type ROW`,
    )
  }
  const folded = name.toLowerCase()
  const matches = base.type.fields.flatMap((field, index) =>
    field.name?.toLowerCase() === folded ? [{ field, index }] : [],
  )
  if (matches.length > 1) refuse('AMBIGUOUS_NAME', node.at, `Ambiguous row field reference: ${name}`)
  const match = matches[0]
  if (match === undefined) columnNotFound(node.at, nameText(nameChain(node) ?? []) || name)
  return { kind: 'RowField', type: match.field.type, base, index: match.index }
}

// ---------------------------------------------------------------- operators

export function operator(
  name: string,
  operands: readonly TypedExpression[],
  at: Position,
  context: ExpressionContext,
): TypedExpression {
  const resolution = resolveCall(
    functionsNamed(`operator ${name}`),
    operands.map((operand) => operand.type),
  )
  const types = operands.map((operand) => typeText(operand.type)).join(', ')
  if (resolution.kind !== 'resolved') {
    const problem = name === 'negate' ? `Cannot negate ${types}` : `'${name}' cannot be applied to ${types}`
    return refuse('TYPE_MISMATCH', at, problem)
  }
  return invokeResolved(resolution.function, operands, at, context)
}

function invokeResolved(
  resolved: Parameters<typeof typedCall>[0],
  operands: readonly TypedExpression[],
  at: Position,
  context: ExpressionContext,
): TypedExpression {
  if (resolved.declaration.volatile) context.analysis.foundVolatile()
  return typedCall(resolved, operands, at)
}

function typedCall(
  resolved: Extract<TypedExpression, { readonly kind: 'Call' }>['function'],
  operands: readonly TypedExpression[],
  at: Position,
): TypedExpression {
  const args = operands.map((operand, index) => coerced(operand, resolved.argumentTypes[index] ?? operand.type))
  return { kind: 'Call', type: resolved.resultType, function: resolved, args, at }
}

/** The sign belongs to a literal that follows it: -9223372036854775808 is a bigint, though its digits alone are not. */
function unaryOf(node: NodeOf<'Unary'>, context: ExpressionContext): TypedExpression {
  const { operand } = node
  if (node.operator === '+') return analyseIn(operand, context)
  if (operand.kind === 'LongLiteral' && !operand.text.startsWith('-'))
    return integerConstant(`-${operand.text}`, node.at)
  if ((operand.kind === 'DecimalLiteral' || operand.kind === 'DoubleLiteral') && !operand.text.startsWith('-')) {
    return { kind: 'Constant', ...doubleLiteral(`-${operand.text}`) }
  }
  return operator('negate', [analyseIn(operand, context)], node.at, context)
}

/** Operands of one `||` chain that are still put together from left to right, as written. */
const CONCAT_IN_ORDER_MAX = 16

/**
 * Long chains of text become a balanced tree: putting text together may be bracketed in any way, and the engine's time
 * grows steeply with a tree's height.
 */
function concatOf(node: NodeOf<'Concat'>, context: ExpressionContext): TypedExpression {
  const operands = concatenated(node).map((operand) => analyseIn(operand, context))
  const isText = operands.every(({ type }) => type.kind === 'varchar')
  if (isText && operands.length > CONCAT_IN_ORDER_MAX) return balanced(operands, node.at, context)
  if (operands.length > NESTING_MAX / 2) return refuse('NOT_SUPPORTED', node.at, 'The statement is nested too deeply')
  const places = concatPlaces(node)
  return operands.reduce((left, right, index) => concatPair(left, right, places[index - 1] ?? node.at, context))
}

function balanced(operands: readonly TypedExpression[], at: Position, context: ExpressionContext): TypedExpression {
  const middle = operands.length >> 1
  const [first] = operands
  if (middle === 0 && first !== undefined) return first
  const halves = [operands.slice(0, middle), operands.slice(middle)]
  const [left, right] = halves.map((half) => balanced(half, at, context)) as [TypedExpression, TypedExpression]
  return concatPair(left, right, at, context)
}

/** Where each `||` of the chain stands. */
function concatPlaces(node: NodeOf<'Concat'>): readonly Position[] {
  const places: Position[] = []
  for (let link: Expression = node; link.kind === 'Concat'; link = link.left) places.push(link.at)
  return places.reverse()
}

function concatPair(
  left: TypedExpression,
  right: TypedExpression,
  at: Position,
  context: ExpressionContext,
): TypedExpression {
  const operands = [left, right]
  const resolution = resolveCall(
    functionsNamed('operator ||'),
    operands.map((operand) => operand.type),
  )
  // Trino reads || as its function concat, and says so when the types do not fit.
  if (resolution.kind !== 'resolved') return invoke('concat', operands, at, context)
  return typedCall(resolution.function, operands, at)
}

function comparisonOf(node: NodeOf<'Comparison'>, context: ExpressionContext): TypedExpression {
  const left = analyseIn(node.left, context)
  const right = analyseIn(node.right, context)
  const type = commonSuperType(left.type, right.type)
  const equality = node.operator === '=' || node.operator === '<>'
  if (type === undefined || !(equality ? isComparable(type) : isOrderable(type))) {
    return refuse(
      'TYPE_MISMATCH',
      node.at,
      `Cannot apply operator: ${comparisonText(node.operator, left.type, right.type)}`,
    )
  }
  return {
    kind: 'Comparison',
    type: boolean,
    operator: node.operator,
    left: coerced(left, type),
    right: coerced(right, type),
  }
}

/** Trino knows only =, < and <=; the others are these turned round, and its texts show it. */
function comparisonText(operatorText: string, left: SqlType, right: SqlType): string {
  const [a, b] = [typeText(left), typeText(right)]
  switch (operatorText) {
    case '<>':
      return `${a} = ${b}`
    case '>':
      return `${b} < ${a}`
    case '>=':
      return `${b} <= ${a}`
    default:
      return `${a} ${operatorText} ${b}`
  }
}

function distinctOf(node: NodeOf<'IsDistinctFrom'>, context: ExpressionContext): TypedExpression {
  const left = analyseIn(node.left, context)
  const right = analyseIn(node.right, context)
  const type = commonSuperType(left.type, right.type)
  if (type === undefined || !isComparable(type)) {
    const types = `${typeText(left.type)} is distinct from ${typeText(right.type)}`
    return refuse('TYPE_MISMATCH', node.at, `Cannot check if ${types}`)
  }
  return negatedIf(node.negated, {
    kind: 'IsDistinctFrom',
    type: boolean,
    left: coerced(left, type),
    right: coerced(right, type),
  })
}

export function negatedIf(negative: boolean, expression: TypedExpression): TypedExpression {
  return negative ? negated(expression) : expression
}

function negated(operand: TypedExpression): TypedExpression {
  return { kind: 'Not', type: boolean, operand }
}

function likeOf(node: NodeOf<'Like'>, context: ExpressionContext): TypedExpression {
  const operand = analyseIn(node.operand, context)
  const text =
    operand.type.kind === 'varchar' || operand.type.kind === 'char'
      ? operand
      : analyseAs(node.operand, varchar, 'Left side of LIKE expression', context)
  const pattern = analyseAs(node.pattern, varchar, 'Pattern for LIKE expression', context)
  const escaping = node.escape && analyseAs(node.escape, varchar, 'Escape for LIKE expression', context)
  return negatedIf(node.negated, {
    kind: 'Like',
    type: boolean,
    operand: text,
    pattern,
    ...(escaping === undefined ? {} : { escape: escaping }),
  })
}

function castOf(node: NodeOf<'Cast'>, context: ExpressionContext): TypedExpression {
  const type = resolveTypeName(node.type, node.at)
  const operand = analyseIn(node.operand, context)
  if (!canCast(operand.type, type)) {
    refuse('TYPE_MISMATCH', node.at, `Cannot cast ${typeText(operand.type)} to ${typeText(type)}`)
  }
  if (typeText(operand.type) === typeText(type)) return operand
  return { kind: 'Cast', type, operand, isTry: node.isTry, implicit: false, at: node.at }
}

function subscriptOf(node: NodeOf<'Subscript'>, context: ExpressionContext): TypedExpression {
  const base = analyseIn(node.base, context)
  const index = analyseIn(node.index, context)
  const cannot = () =>
    refuse('TYPE_MISMATCH', node.at, `Cannot use ${typeText(index.type)} for subscript of ${typeText(base.type)}`)
  switch (base.type.kind) {
    case 'array':
      if (!canCoerce(index.type, bigint)) return cannot()
      return { kind: 'Subscript', type: base.type.element, base, index: coerced(index, bigint) }
    case 'map': {
      const key = commonSuperType(base.type.key, index.type)
      if (key === undefined) return cannot()
      const type: SqlType = { kind: 'map', key, value: base.type.value }
      return { kind: 'Subscript', type: base.type.value, base: coerced(base, type), index: coerced(index, key) }
    }
    case 'row': {
      if (index.kind !== 'Constant' || typeof index.value !== 'bigint') {
        return refuse('EXPRESSION_NOT_CONSTANT', node.index.at, 'Subscript expression on ROW requires a constant index')
      }
      const position = Number(index.value)
      const field = base.type.fields[position - 1]
      if (field === undefined) {
        const width = base.type.fields.length
        return refuse(
          'INVALID_FUNCTION_ARGUMENT',
          node.index.at,
          `Invalid subscript index: ${position}. ROW index must be between 1 and ${width}`,
        )
      }
      return { kind: 'RowField', type: field.type, base, index: position - 1 }
    }
    default:
      return cannot()
  }
}

// ---------------------------------------------------------------- forms that are calls in disguise

const EXTRACTORS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'day_of_week',
  dow: 'day_of_week',
  day_of_year: 'day_of_year',
  doy: 'day_of_year',
  year_of_week: 'year_of_week',
  yow: 'year_of_week',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  timezone_hour: 'timezone_hour',
  timezone_minute: 'timezone_minute',
}

function extractOf(node: NodeOf<'Extract'>, context: ExpressionContext): TypedExpression {
  const operand = analyseIn(node.operand, context)
  const name = EXTRACTORS[node.field.toLowerCase()]
  if (name === undefined) return refuse('SYNTAX_ERROR', node.at, `Invalid EXTRACT field: ${node.field}`)
  const resolution = resolveCall(functionsNamed(name), [operand.type])
  const kind = resolution.kind === 'resolved' ? resolution.function.argumentTypes[0]?.kind : undefined
  // Other than a function of the same name, EXTRACT coerces nothing: a date has no hour.
  if (resolution.kind !== 'resolved' || (kind !== operand.type.kind && operand.type.kind !== 'unknown')) {
    return refuse(
      'TYPE_MISMATCH',
      node.operand.at,
      `Cannot extract ${node.field.toUpperCase()} from ${typeText(operand.type)}`,
    )
  }
  return typedCall(resolution.function, [operand], node.at)
}

const TRIMMERS = { LEADING: 'ltrim', TRAILING: 'rtrim', BOTH: 'trim' } as const

function trimOf(node: NodeOf<'Trim'>, context: ExpressionContext): TypedExpression {
  const args = [node.operand, ...(node.characters === undefined ? [] : [node.characters])]
  return invoke(
    TRIMMERS[node.side],
    args.map((argument) => analyseIn(argument, context)),
    node.at,
    context,
  )
}

function currentOf(node: NodeOf<'CurrentTime'>, context: ExpressionContext): TypedExpression {
  const { analysis, environment } = context
  if (node.function === 'current_path') return refuse('NOT_SUPPORTED', node.at, 'CURRENT_PATH is not supported')
  if (node.function === 'current_catalog') return { kind: 'Constant', type: varchar, value: analysis.context.catalog }
  if (node.function === 'current_schema') {
    return { kind: 'Constant', type: varchar, value: environment.schema ?? null }
  }
  const call = invoke(node.function, [], node.at, context)
  if (node.precision === undefined || call.kind !== 'Call' || !('precision' in call.type)) return call
  if (node.precision > 12) {
    return refuse('INVALID_LITERAL', node.at, `TIMESTAMP precision must be in range [0, 12]: ${node.precision}`)
  }
  const type = { ...call.type, precision: node.precision } as SqlType
  return { ...call, type, function: { ...call.function, resultType: type } }
}
