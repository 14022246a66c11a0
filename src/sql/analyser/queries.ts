/**
 * A query: WITH, a body, ORDER BY, OFFSET, LIMIT. The body of a plain SELECT sorts itself, because its ORDER BY may look
 * behind the select list; other bodies are sorted by what they put out.
 */
import { commonSuperType, isComparable } from '../coercion.ts'
import type { Expression, Query, QueryBody, SortItem } from '../tree.ts'
import type { Symbol as ColumnSymbol, Field, Relation, SortKey, TypedExpression } from '../typed-tree.ts'
import { type SqlType, typeText } from '../types.ts'
import { type Analysis, coerced, refuse } from './analysis.ts'
import type { Environment, ExpressionContext } from './context.ts'
import { analyseIn } from './expressions.ts'
import { analyseTable } from './relations.ts'
import type { Scope } from './scope.ts'
import { analyseSpecification } from './select.ts'
import { sortKey } from './sorting.ts'
import { analyseWith } from './with.ts'

export interface OutputColumn {
  readonly symbol: ColumnSymbol
  readonly name: string | undefined
  readonly type: SqlType
}

export interface QueryResult {
  readonly relation: Relation
  readonly columns: readonly OutputColumn[]
}

/** What follows a body. */
export interface Tail {
  readonly orderBy: readonly SortItem[]
  readonly offset: bigint | undefined
  readonly limit: { readonly count: bigint; readonly withTies: boolean } | undefined
}

const NO_TAIL: Tail = { orderBy: [], offset: undefined, limit: undefined }

export function analyseQuery(query: Query, environment: Environment, analysis: Analysis): QueryResult {
  return analysis.nestedQuery(query.at, () => {
    const { tables, environment: inner } = analyseWith(query, environment, analysis)
    const tail = tailOf(query, inner, analysis)
    const result =
      query.body.kind === 'QuerySpecification'
        ? analyseSpecification(query.body, tail, inner, analysis)
        : finished(analyseBody(query.body, inner, analysis), tail, inner, analysis)
    if (tables.length === 0) return result
    return { relation: { kind: 'With', tables, body: result.relation }, columns: result.columns }
  })
}

/** A body without ORDER BY of its own. */
export function analyseBody(body: QueryBody, environment: Environment, analysis: Analysis): QueryResult {
  switch (body.kind) {
    case 'QuerySpecification':
      return analyseSpecification(body, NO_TAIL, environment, analysis)
    case 'Subquery':
      return analyseQuery(body.query, environment, analysis)
    case 'TableQuery': {
      const { relation, fields } = analyseTable(body.name, body.at, environment, analysis)
      return { relation, columns: fields.filter((field) => !field.hidden) }
    }
    case 'Values':
      return valuesOf(body, environment, analysis)
    case 'SetOperation':
      return setOperationOf(body, environment, analysis)
  }
}

export function columnOf(column: { readonly symbol: ColumnSymbol; readonly type: SqlType }): TypedExpression {
  return { kind: 'Column', type: column.type, symbol: column.symbol }
}

/** Exactly these columns, in this order, under their names. */
export function projectedTo(relation: Relation, columns: readonly OutputColumn[]): Relation {
  const items = columns.map((column) => ({ field: fieldOf(column), expression: columnOf(column) }))
  return { kind: 'Project', input: relation, items }
}

export function fieldOf(column: OutputColumn): Field {
  return { symbol: column.symbol, name: column.name ?? '', type: column.type }
}

/** A context for expressions that stand alone: no columns but those of enclosing queries. */
export function standalone(environment: Environment, analysis: Analysis, where: string): ExpressionContext {
  const scope: Scope = environment.outer === undefined ? { fields: [] } : { fields: [], outer: environment.outer }
  return { analysis, environment, scope, calls: { kind: 'refuse', where }, lambdaParameters: [] }
}

// ---------------------------------------------------------------- ORDER BY, OFFSET, LIMIT

function tailOf(query: Query, environment: Environment, analysis: Analysis): Tail {
  const count = (expression: Expression, what: string) => countOf(expression, what, environment, analysis)
  if (query.limit?.withTies && query.orderBy.length === 0) {
    refuse('MISSING_ORDER_BY', query.limit.count.at, 'FETCH FIRST WITH TIES clause requires ORDER BY')
  }
  return {
    orderBy: query.orderBy,
    offset: query.offset && count(query.offset, 'OFFSET'),
    limit: query.limit && { count: count(query.limit.count, 'LIMIT'), withTies: query.limit.withTies },
  }
}

function countOf(node: Expression, what: string, environment: Environment, analysis: Analysis): bigint {
  const expression = analyseIn(node, standalone(environment, analysis, `${what} clause`))
  if (expression.kind === 'Constant' && typeof expression.value === 'bigint' && expression.value >= 0n) {
    return expression.value
  }
  const shown = expression.kind === 'Constant' ? `: ${String(expression.value)}` : ''
  return refuse('INVALID_LIMIT_CLAUSE', node.at, `${what} row count must be a whole number, zero or more${shown}`)
}

function finished(result: QueryResult, tail: Tail, environment: Environment, analysis: Analysis): QueryResult {
  const scope: Scope = {
    fields: result.columns.map((column) => ({ ...column, qualifier: [], hidden: false })),
    ...(environment.outer === undefined ? {} : { outer: environment.outer }),
  }
  const context = { ...standalone(environment, analysis, 'ORDER BY clause'), scope }
  const keys = tail.orderBy.map((item) =>
    sortKey(item, ordinalOf(item, result.columns) ?? analyseIn(item.expression, context)),
  )
  return { relation: limited(result.relation, keys, tail), columns: result.columns }
}

/** `ORDER BY 2`: the second column. */
export function ordinalOf(item: SortItem, columns: readonly OutputColumn[]): TypedExpression | undefined {
  const { expression } = item
  if (expression.kind !== 'LongLiteral') return undefined
  const column = columns[Number(expression.text) - 1]
  if (column === undefined) {
    return refuse(
      'INVALID_COLUMN_REFERENCE',
      expression.at,
      `ORDER BY position ${expression.text} is not in select list`,
    )
  }
  return columnOf(column)
}

export function limited(relation: Relation, keys: readonly SortKey[], tail: Tail): Relation {
  const sorted: Relation = keys.length === 0 ? relation : { kind: 'Sort', input: relation, keys }
  const { offset, limit } = tail
  if (limit?.withTies) {
    const input: Relation = offset === undefined ? sorted : { kind: 'Limit', input: sorted, offset }
    return { kind: 'LimitWithTies', input, count: limit.count, keys }
  }
  if (limit === undefined && offset === undefined) return sorted
  return {
    kind: 'Limit',
    input: sorted,
    ...(limit === undefined ? {} : { count: limit.count }),
    ...(offset === undefined ? {} : { offset }),
  }
}

// ---------------------------------------------------------------- VALUES

type ValuesBody = Extract<QueryBody, { readonly kind: 'Values' }>

function valuesOf(body: ValuesBody, environment: Environment, analysis: Analysis): QueryResult {
  const context = standalone(environment, analysis, 'VALUES clause')
  const rows = body.rows.map((row) => ({ at: row.at, cells: cellsOf(row, context) }))
  const width = rows[0]?.cells.length ?? 0
  const types: SqlType[] = []
  for (const { cells } of rows) {
    if (cells.length !== width) {
      refuse('TYPE_MISMATCH', body.at, `Values rows have mismatched sizes: ${width} vs ${cells.length}`)
    }
    for (const [index, cell] of cells.entries()) {
      const sofar = types[index]
      const type = sofar === undefined ? cell.type : commonSuperType(sofar, cell.type)
      if (type === undefined) {
        const [left, right] = [types, cells.map((other) => other.type)].map((row) => row.map(typeText).join(', '))
        refuse('TYPE_MISMATCH', body.at, `Values rows have mismatched types: row(${left}) vs row(${right})`)
      }
      types[index] = type
    }
  }
  const fields = types.map((type, index) => analysis.field(`_col${index}`, type))
  const typed = rows.map(({ cells }) => cells.map((cell, index) => coerced(cell, types[index] ?? cell.type)))
  return {
    relation: { kind: 'Values', fields, rows: typed },
    columns: fields.map((field) => ({ symbol: field.symbol, name: undefined, type: field.type })),
  }
}

/** A row, written out or computed, fills a line; anything else is a line of one. */
function cellsOf(node: Expression, context: ExpressionContext): readonly TypedExpression[] {
  const value = analyseIn(node, context)
  if (value.kind === 'RowConstructor') return value.items
  if (value.type.kind !== 'row') return [value]
  return value.type.fields.map((field, index) => ({ kind: 'RowField', type: field.type, base: value, index }))
}

// ---------------------------------------------------------------- UNION, INTERSECT, EXCEPT

type SetBody = Extract<QueryBody, { readonly kind: 'SetOperation' }>

function setOperationOf(body: SetBody, environment: Environment, analysis: Analysis): QueryResult {
  const terms = termsOf(body)
  const inputs = terms.map((term) => analysis.nested(term.at, () => analyseBody(term, environment, analysis)))
  const columns = metColumns(body, inputs, analysis)
  return {
    relation: {
      kind: 'SetOperation',
      operator: body.operator,
      all: body.all,
      fields: columns.map(fieldOf),
      inputs: inputs.map((input) => coercedColumns(input, columns, analysis)),
    },
    columns,
  }
}

/** `a UNION ALL b UNION ALL c` is one operation of three. EXCEPT does not join up. */
function termsOf(body: SetBody): readonly QueryBody[] {
  const right: QueryBody[] = []
  let left: QueryBody = body
  while (
    left.kind === 'SetOperation' &&
    left.operator === body.operator &&
    left.all === body.all &&
    (body.operator !== 'EXCEPT' || left === body)
  ) {
    right.unshift(left.right)
    left = left.left
  }
  return [left, ...right]
}

function metColumns(body: SetBody, inputs: readonly QueryResult[], analysis: Analysis): readonly OutputColumn[] {
  const [first, ...others] = inputs
  const types = (first?.columns ?? []).map((column) => column.type)
  for (const other of others) {
    if (other.columns.length !== types.length) {
      const counts = `${types.length}, ${other.columns.length}`
      refuse('TYPE_MISMATCH', body.at, `${body.operator} query has different number of fields: ${counts}`)
    }
    for (const [index, column] of other.columns.entries()) {
      const sofar = types[index] ?? column.type
      const type = commonSuperType(sofar, column.type)
      if (type === undefined) {
        const pair = `${typeText(sofar)}, ${typeText(column.type)}`
        refuse(
          'TYPE_MISMATCH',
          body.at,
          `column ${index + 1} in ${body.operator} query has incompatible types: ${pair}`,
        )
      }
      types[index] = type
    }
  }
  for (const [index, type] of types.entries()) {
    if (!(body.all && body.operator === 'UNION') && !isComparable(type)) {
      refuse(
        'TYPE_MISMATCH',
        body.at,
        `Type ${typeText(type)} is not comparable and therefore cannot be used in ${body.operator} (column ${index + 1})`,
      )
    }
  }
  return types.map((type, index) => {
    const name = first?.columns[index]?.name
    return { symbol: analysis.symbol(name ?? `_col${index}`), name, type }
  })
}

/** The input with its columns in order and at the types wanted; itself when it already puts out exactly that. */
export function coercedColumns(
  input: QueryResult,
  wanted: readonly { readonly type: SqlType }[],
  analysis: Analysis,
): Relation {
  const items = input.columns.map((column, index) => {
    const type = wanted[index]?.type ?? column.type
    return { field: analysis.field(column.name ?? '', type), expression: coerced(columnOf(column), type) }
  })
  return { kind: 'Project', input: input.relation, items }
}
