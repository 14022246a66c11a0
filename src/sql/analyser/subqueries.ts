/** Queries inside expressions. Columns of the enclosing query are seen through the scope, which makes them correlated. */
import { commonSuperType, isComparable, isOrderable } from '../coercion.ts'
import type { Expression, Query } from '../tree.ts'
import type { Relation, TypedExpression } from '../typed-tree.ts'
import { boolean, type SqlType, typeText } from '../types.ts'
import { coerced, refuse } from './analysis.ts'
import type { Environment, ExpressionContext } from './context.ts'
import { analyseIn, negatedIf } from './expressions.ts'
import { analyseQuery, type OutputColumn, type QueryResult } from './queries.ts'

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export function scalarSubqueryOf(node: NodeOf<'ScalarSubquery'>, context: ExpressionContext): TypedExpression {
  const { relation, column } = singleColumn(analyse(node.query, context), context)
  return { kind: 'ScalarSubquery', type: column.type, relation }
}

export function existsOf(node: NodeOf<'Exists'>, context: ExpressionContext): TypedExpression {
  return { kind: 'Exists', type: boolean, relation: analyse(node.query, context).relation }
}

export function inSubqueryOf(node: NodeOf<'InSubquery'>, context: ExpressionContext): TypedExpression {
  const operand = analyseIn(node.operand, context)
  const { relation, column } = comparedColumn(operand, analyse(node.query, context), context)
  const type = commonSuperType(operand.type, column.type)
  if (type === undefined || !isComparable(type)) {
    const types = `${rowText(operand.type)} vs ${rowText(column.type)}`
    return refuse(
      'TYPE_MISMATCH',
      node.at,
      `Value expression and result of subquery must be of the same type: ${types}`,
    )
  }
  return negatedIf(node.negated, {
    kind: 'InSubquery',
    type: boolean,
    operand: coerced(operand, type),
    relation: columnAs(relation, column, type, context),
  })
}

export function quantifiedOf(node: NodeOf<'QuantifiedComparison'>, context: ExpressionContext): TypedExpression {
  const operand = analyseIn(node.operand, context)
  const { relation, column } = comparedColumn(operand, analyse(node.query, context), context)
  const type = commonSuperType(operand.type, column.type)
  const equality = node.operator === '=' || node.operator === '<>'
  if (type === undefined) {
    const types = `${typeText(operand.type)} vs ${typeText(column.type)}`
    return refuse(
      'TYPE_MISMATCH',
      node.at,
      `Value expression and result of subquery must be of the same type for quantified comparison: ${types}`,
    )
  }
  if (!(equality ? isComparable(type) : isOrderable(type))) {
    return refuse(
      'TYPE_MISMATCH',
      node.at,
      `Type [${typeText(type)}] must be ${equality ? 'comparable' : 'orderable'} in order to be used in quantified comparison`,
    )
  }
  return {
    kind: 'Quantified',
    type: boolean,
    operator: node.operator,
    quantifier: node.quantifier === 'ALL' ? 'ALL' : 'ANY',
    operand: coerced(operand, type),
    relation: columnAs(relation, column, type, context),
  }
}

function analyse(query: Query, context: ExpressionContext): QueryResult {
  if (context.lambdaParameters.length > 0) {
    return refuse('NOT_SUPPORTED', query.at, 'Lambda expression cannot contain subqueries')
  }
  const environment: Environment = { ...context.environment, outer: context.scope }
  return analyseQuery(query, environment, context.analysis)
}

/** What an operand is compared with: a row is compared with the columns taken together, even if there is but one. */
function comparedColumn(operand: TypedExpression, result: QueryResult, context: ExpressionContext): SingleColumn {
  return operand.type.kind === 'row' ? asRow(result, context) : singleColumn(result, context)
}

/** The language compares rows: a single value is a row of one field. */
function rowText(type: SqlType): string {
  return type.kind === 'row' ? typeText(type) : `row(${typeText(type)})`
}

interface SingleColumn {
  readonly relation: Relation
  readonly column: OutputColumn
}

/** Several columns stand for one row. */
function singleColumn(result: QueryResult, context: ExpressionContext): SingleColumn {
  const [only] = result.columns
  if (only !== undefined && result.columns.length === 1) return { relation: result.relation, column: only }
  return asRow(result, context)
}

function asRow({ relation, columns }: QueryResult, context: ExpressionContext): SingleColumn {
  const fields = columns.map((column) => ({ name: column.name?.toLowerCase(), type: column.type }))
  const type: SqlType = { kind: 'row', fields }
  const field = context.analysis.field('row', type)
  const items: readonly TypedExpression[] = columns.map((column) => ({
    kind: 'Column',
    type: column.type,
    symbol: column.symbol,
  }))
  return {
    relation: {
      kind: 'Project',
      input: relation,
      items: [{ field, expression: { kind: 'RowConstructor', type, items } }],
    },
    column: { symbol: field.symbol, name: undefined, type },
  }
}

function columnAs(relation: Relation, column: OutputColumn, type: SqlType, context: ExpressionContext): Relation {
  if (typeText(column.type) === typeText(type)) return relation
  const field = context.analysis.field(column.name ?? 'expr', type)
  const value: TypedExpression = { kind: 'Column', type: column.type, symbol: column.symbol }
  return { kind: 'Project', input: relation, items: [{ field, expression: coerced(value, type) }] }
}
