/** Forms whose operands meet at one type: CASE, IF, COALESCE, NULLIF, IN, BETWEEN, and lists of any kind. */
import { canCoerce, commonSuperType, isComparable, isOrderable } from '../coercion.ts'
import type { Expression, Position } from '../tree.ts'
import type { TypedExpression } from '../typed-tree.ts'
import { boolean, type SqlType, typeText, unknown } from '../types.ts'
import { coerced, refuse } from './analysis.ts'
import type { ExpressionContext } from './context.ts'
import { analyseAs, analyseIn, negatedIf } from './expressions.ts'

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export interface Unified {
  readonly type: SqlType
  readonly expressions: readonly TypedExpression[]
}

/** `what` begins the error text: 'All CASE results', 'IN value and list items'. */
export function unified(nodes: readonly Expression[], what: string, context: ExpressionContext): Unified {
  const expressions = nodes.map((node) => analyseIn(node, context))
  const type = meetingType(
    expressions.map((expression, index) => ({ type: expression.type, at: nodes[index]?.at })),
    what,
  )
  return { type, expressions: expressions.map((expression) => coerced(expression, type)) }
}

function meetingType(
  operands: readonly { readonly type: SqlType; readonly at: Position | undefined }[],
  what: string,
): SqlType {
  let common: SqlType = unknown
  for (const { type, at } of operands) {
    const wider = commonSuperType(common, type)
    if (wider === undefined) {
      const all = [...new Set(operands.map((operand) => typeText(operand.type)))].join(', ')
      refuse(
        'TYPE_MISMATCH',
        at,
        `${what} must be the same type or coercible to a common type. Cannot find common type between ${typeText(common)} and ${typeText(type)}, all types (without duplicates): [${all}]`,
      )
    }
    common = wider
  }
  return common
}

/** A simple CASE compares its operand with each WHEN, each at the type the two meet at. */
export function caseOf(node: NodeOf<'Case'>, context: ExpressionContext): TypedExpression {
  const conditions =
    node.operand === undefined
      ? node.branches.map(({ when }) => analyseAs(when, boolean, 'CASE WHEN clause', context))
      : simpleConditions(node.operand, node.branches, context)
  const otherwise = node.otherwise === undefined ? [] : [node.otherwise]
  const results = unified([...node.branches.map(({ then }) => then), ...otherwise], 'All CASE results', context)
  return conditional(conditions, results)
}

function simpleConditions(
  operandNode: Expression,
  branches: NodeOf<'Case'>['branches'],
  context: ExpressionContext,
): readonly TypedExpression[] {
  const operand = analyseIn(operandNode, context)
  const values = branches.map(({ when }) => analyseIn(when, context))
  const type = meetingType(
    [operand, ...values].map((value, index) => ({
      type: value.type,
      at: index === 0 ? operandNode.at : branches[index - 1]?.when.at,
    })),
    'CASE operand and WHEN clauses',
  )
  return values.map((value) => ({
    kind: 'Comparison',
    type: boolean,
    operator: '=',
    left: coerced(operand, type),
    right: coerced(value, type),
  }))
}

function conditional(conditions: readonly TypedExpression[], results: Unified): TypedExpression {
  const branches = conditions.flatMap((when, index) => {
    const then = results.expressions[index]
    return then === undefined ? [] : [{ when, then }]
  })
  const otherwise = results.expressions[conditions.length]
  return { kind: 'Case', type: results.type, branches, ...(otherwise === undefined ? {} : { otherwise }) }
}

export function ifOf(args: readonly Expression[], at: Position, context: ExpressionContext): TypedExpression {
  const [condition, ...results] = args
  if (condition === undefined || results.length < 1 || results.length > 2) {
    return refuse('SYNTAX_ERROR', at, "Invalid number of arguments for 'if' function")
  }
  const when = analyseAs(condition, boolean, 'IF condition', context)
  const typed = results.map((result) => analyseIn(result, context))
  const types = typed.map((result) => result.type)
  const type = types.length === 1 ? types[0] : commonSuperType(types[0] ?? unknown, types[1] ?? unknown)
  if (type === undefined) {
    return refuse('TYPE_MISMATCH', at, `Result types for IF must be the same: ${types.map(typeText).join(' vs ')}`)
  }
  return conditional([when], { type, expressions: typed.map((result) => coerced(result, type)) })
}

export function coalesceOf(args: readonly Expression[], at: Position, context: ExpressionContext): TypedExpression {
  if (args.length < 2) {
    return refuse('SYNTAX_ERROR', at, "The 'coalesce' function must have at least two arguments")
  }
  const operands = unified(args, 'All COALESCE operands', context)
  return { kind: 'Coalesce', type: operands.type, operands: operands.expressions }
}

export function nullIfOf(args: readonly Expression[], at: Position, context: ExpressionContext): TypedExpression {
  const [firstNode, secondNode] = args
  if (firstNode === undefined || secondNode === undefined || args.length > 2) {
    return refuse('SYNTAX_ERROR', at, "Invalid number of arguments for 'nullif' function")
  }
  const first = analyseIn(firstNode, context)
  const second = analyseIn(secondNode, context)
  const comparedAs = commonSuperType(first.type, second.type)
  if (comparedAs === undefined || !isComparable(comparedAs)) {
    const types = `${typeText(first.type)} vs ${typeText(second.type)}`
    return refuse('TYPE_MISMATCH', at, `Types are not comparable with NULLIF: ${types}`)
  }
  return { kind: 'NullIf', type: first.type, first, second, comparedAs }
}

export function betweenOf(node: NodeOf<'Between'>, context: ExpressionContext): TypedExpression {
  const [operand, low, high] = [node.operand, node.low, node.high].map((part) => analyseIn(part, context)) as [
    TypedExpression,
    TypedExpression,
    TypedExpression,
  ]
  const lower = commonSuperType(operand.type, low.type)
  const type = lower && commonSuperType(lower, high.type)
  if (type === undefined || !isOrderable(type)) {
    const bounds = `${typeText(low.type)} and ${typeText(high.type)}`
    return refuse('TYPE_MISMATCH', node.at, `Cannot check if ${typeText(operand.type)} is BETWEEN ${bounds}`)
  }
  return negatedIf(node.negated, {
    kind: 'Between',
    type: boolean,
    operand: coerced(operand, type),
    low: coerced(low, type),
    high: coerced(high, type),
  })
}

export function inListOf(node: NodeOf<'InList'>, context: ExpressionContext): TypedExpression {
  const { type, expressions } = unified([node.operand, ...node.list], 'IN value and list items', context)
  const [operand, ...list] = expressions
  if (operand === undefined || !isComparable(type)) {
    return refuse(
      'TYPE_MISMATCH',
      node.at,
      `Type ${typeText(type)} is not comparable, and therefore cannot be used in IN`,
    )
  }
  return negatedIf(node.negated, { kind: 'In', type: boolean, operand, list })
}

/** As a column of this type would take it, or undefined when it does not fit. */
export function fitted(expression: TypedExpression, type: SqlType): TypedExpression | undefined {
  return canCoerce(expression.type, type) ? coerced(expression, type) : undefined
}
