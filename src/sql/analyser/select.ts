/**
 * SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY, unfolded into nodes in the order they happen: read, filter,
 * aggregate, filter, window, project, distinct, sort, cut.
 *
 * All expressions are first typed over the columns of FROM, with aggregate and window calls standing in as columns of
 * their own; only then is it known whether the query aggregates, and what is above gets rewritten to what is below.
 */
import { isComparable } from '../coercion.ts'
import type { Expression, Identifier, QuerySpecification, SelectItem } from '../tree.ts'
import type { Symbol as ColumnSymbol, Relation, SortKey, TypedExpression } from '../typed-tree.ts'
import { typeText } from '../types.ts'
import { type Analysis, refuse } from './analysis.ts'
import type { CallCollector, Environment, ExpressionContext } from './context.ts'
import { refusingCalls } from './context.ts'
import { expressionText } from './expression-text.ts'
import { analyseIn } from './expressions.ts'
import { grouped, groupingSetsOf, type SelectedExpression, selectedOf } from './grouping.ts'
import {
  columnOf,
  fieldOf,
  limited,
  type OutputColumn,
  ordinalOf,
  projectedTo,
  type QueryResult,
  type Tail,
} from './queries.ts'
import { analyseFrom, conditionOf, type FromResult, scopeOf } from './relations.ts'
import { ExpressionNumbers } from './same-expression.ts'
import { fieldsOfRelation, nameChain, nameText, type Scope } from './scope.ts'
import { sortKey } from './sorting.ts'
import { mapChildren, mapWindowCall, symbolsReadBy } from './walk.ts'

interface SelectedColumn extends SelectedExpression {
  readonly column: OutputColumn
}

export function analyseSpecification(
  specification: QuerySpecification,
  tail: Tail,
  environment: Environment,
  analysis: Analysis,
): QueryResult {
  const from = fromOf(specification, environment, analysis)
  const collector = newCollector(specification)
  const context: ExpressionContext = {
    analysis,
    environment,
    scope: scopeOf(from.fields, environment.outer),
    calls: collector,
    lambdaParameters: [],
  }
  const where =
    specification.where && conditionOf(specification.where, 'WHERE clause', refusingCalls(context, 'WHERE clause'))
  const selected = specification.items.flatMap((item) => selectedColumns(item, from, context))
  if (specification.distinct) for (const item of selected) refuseIncomparable(item)
  const sets = groupingSetsOf(specification.groupBy, selected, refusingCalls(context, 'GROUP BY clause'))
  const having = specification.having && {
    ...selectedOf(specification.having, conditionOf(specification.having, 'HAVING clause', context)),
  }
  const sorted = sortItems(tail, selected, context)

  const filtered: Relation =
    where === undefined ? from.relation : { kind: 'Filter', input: from.relation, predicate: where }
  const aggregates =
    specification.groupBy !== undefined ||
    having !== undefined ||
    collector.aggregates.length > 0 ||
    collector.groupings.length > 0
  const grouping = aggregates
    ? grouped(
        { relation: filtered, fields: from.fields },
        sets,
        specification.groupBy?.distinct ?? false,
        collector,
        analysis,
      )
    : { relation: filtered, rewrite: (item: SelectedExpression) => item.expression }

  const kept = having === undefined ? grouping.relation : filter(grouping.relation, grouping.rewrite(having))
  const windowed = withWindows(kept, collector, (expression, at) =>
    grouping.rewrite({ expression, text: 'window', at }),
  )
  return output({
    relation: windowed,
    columns: selected.map((item) => ({ column: item.column, expression: grouping.rewrite(item) })),
    keys: sorted.map(({ key, item }) => ({
      ...key,
      expression: grouping.rewrite({ ...item, expression: key.expression }),
    })),
    specification,
    tail,
    numbers: collector.numbers,
  })
}

function filter(input: Relation, predicate: TypedExpression): Relation {
  return { kind: 'Filter', input, predicate }
}

function fromOf(specification: QuerySpecification, environment: Environment, analysis: Analysis): FromResult {
  if (specification.from !== undefined) return analyseFrom(specification.from, environment, analysis)
  return { relation: { kind: 'Values', fields: [], rows: [[]] }, fields: [] }
}

function newCollector(specification: QuerySpecification): CallCollector {
  const windows = new Map(specification.windows.map(({ name, window }) => [name.value.toLowerCase(), window]))
  return {
    kind: 'collect',
    aggregates: [],
    windows: [],
    groupings: [],
    windowNamed: (name) => windows.get(name.toLowerCase()),
    numbers: new ExpressionNumbers(),
  }
}

// ---------------------------------------------------------------- the select list

function selectedColumns(item: SelectItem, from: FromResult, context: ExpressionContext): readonly SelectedColumn[] {
  if (item.kind === 'SelectAll') return expanded(item, from, context)
  const expression = analyseIn(item.expression, context)
  const name = item.alias?.value ?? impliedName(item.expression)
  return [selectedAs(expression, name, expressionText(item.expression), item.expression, context)]
}

function selectedAs(
  expression: TypedExpression,
  name: string | undefined,
  text: string,
  { at }: Pick<Expression, 'at'>,
  context: ExpressionContext,
): SelectedColumn {
  const column = { symbol: context.analysis.symbol(name ?? 'col'), name, type: expression.type }
  return { expression, text, at, column }
}

/** A column keeps its name, a field of a row too; anything computed has none. */
function impliedName(node: Expression): string | undefined {
  if (node.kind === 'Identifier') return node.value
  return node.kind === 'Dereference' ? node.field.value : undefined
}

type SelectAll = Extract<SelectItem, { readonly kind: 'SelectAll' }>

function expanded(item: SelectAll, from: FromResult, context: ExpressionContext): readonly SelectedColumn[] {
  const columns = item.target === undefined ? allColumns(item, from) : columnsOfTarget(item, item.target, context)
  const { aliases } = item
  if (aliases.length > 0 && aliases.length !== columns.length) {
    refuse(
      'MISMATCHED_COLUMN_ALIASES',
      item.at,
      `Column alias list has ${aliases.length} entries but relation has ${columns.length} columns`,
    )
  }
  return columns.map(({ expression, name }, index) => {
    const label = aliases[index]?.value ?? name
    return selectedAs(expression, label, name ?? '*', item, context)
  })
}

interface StarColumn {
  readonly expression: TypedExpression
  readonly name: string | undefined
}

function allColumns(item: SelectAll, from: FromResult): readonly StarColumn[] {
  const visible = from.fields.filter((field) => !field.hidden)
  if (visible.length === 0) refuse('COLUMN_NOT_FOUND', item.at, 'SELECT * not allowed in queries without FROM clause')
  return visible.map((field) => ({ expression: columnOf(field), name: field.name }))
}

/** `t.*` is a relation's columns if there is one of that name, else the fields of a row. */
function columnsOfTarget(item: SelectAll, target: Expression, context: ExpressionContext): readonly StarColumn[] {
  const names: readonly Identifier[] | undefined = nameChain(target)
  const fields = names && fieldsOfRelation(context.scope, names)
  if (fields !== undefined) return fields.map((field) => ({ expression: columnOf(field), name: field.name }))
  if (names?.length === 1) refuse('TABLE_NOT_FOUND', item.at, `Unable to resolve reference ${nameText(names)}`)
  const base = starBase(item, target, names, context)
  if (base.type.kind !== 'row') {
    return refuse('TYPE_MISMATCH', item.at, `expected expression of type Row`)
  }
  return base.type.fields.map((field, index) => ({
    expression: { kind: 'RowField', type: field.type, base, index },
    name: field.name,
  }))
}

function starBase(
  item: SelectAll,
  target: Expression,
  names: readonly Identifier[] | undefined,
  context: ExpressionContext,
): TypedExpression {
  if (names === undefined) return analyseIn(target, context)
  try {
    return analyseIn(target, context)
  } catch (failure) {
    if (!(failure instanceof Error && 'code' in failure && failure.code === 'COLUMN_NOT_FOUND')) throw failure
    return refuse('TABLE_NOT_FOUND', item.at, `Unable to resolve reference ${nameText(names)}`)
  }
}

function refuseIncomparable(item: SelectedColumn): void {
  if (isComparable(item.column.type)) return
  refuse(
    'TYPE_MISMATCH',
    item.at,
    `DISTINCT can only be applied to comparable types (actual: ${typeText(item.column.type)}): ${item.text}`,
  )
}

// ---------------------------------------------------------------- ORDER BY

interface SortedItem {
  readonly key: SortKey
  readonly item: SelectedExpression
}

/** Names mean columns of the select list first, then columns of FROM. */
function sortItems(tail: Tail, selected: readonly SelectedColumn[], context: ExpressionContext): readonly SortedItem[] {
  const outputs = selected.map(({ column }) => ({ ...column, qualifier: [], hidden: false }))
  const scope: Scope = { fields: outputs, behind: context.scope }
  const columns = selected.map(({ column }) => column)
  const outputSymbols = new Set(columns.map((column) => column.symbol))
  const expressions = new Map(selected.map((item) => [item.column.symbol, item.expression]))
  const { calls } = context
  const collectedBefore =
    calls.kind === 'collect' ? { aggregates: calls.aggregates.length, windows: calls.windows.length } : undefined
  const items = tail.orderBy.map((item) => {
    const expression = ordinalOf(item, columns) ?? analyseIn(item.expression, { ...context, scope })
    return { key: sortKey(item, expression), item: selectedOf(item.expression, expression) }
  })
  if (calls.kind === 'collect' && collectedBefore !== undefined) {
    refuseOutputsIn(calls, collectedBefore.aggregates, outputSymbols)
    unfoldOutputsIn(calls, collectedBefore.windows, expressions)
  }
  return items
}

/** An aggregate is computed before the select list is: it cannot see what that puts out. */
function refuseOutputsIn(calls: CallCollector, from: number, outputs: ReadonlySet<ColumnSymbol>): void {
  for (const { call, at } of calls.aggregates.slice(from)) {
    const read = new Set<ColumnSymbol>()
    for (const argument of call.args) symbolsReadBy(argument, read)
    if ([...read].some((symbol) => outputs.has(symbol))) {
      refuse('COLUMN_NOT_FOUND', at, 'Invalid reference to output projection attribute from ORDER BY aggregation')
    }
  }
}

function unfoldOutputsIn(
  calls: CallCollector,
  from: number,
  expressions: ReadonlyMap<ColumnSymbol, TypedExpression>,
): void {
  const unfold = (node: TypedExpression): TypedExpression =>
    node.kind === 'Column' ? (expressions.get(node.symbol) ?? node) : mapChildren(node, unfold)
  for (let index = from; index < calls.windows.length; index++) {
    const window = calls.windows[index]
    if (window !== undefined) calls.windows[index] = { ...window, call: mapWindowCall(window.call, unfold) }
  }
}

// ---------------------------------------------------------------- windows

function withWindows(
  input: Relation,
  collector: CallCollector,
  rewrite: (expression: TypedExpression, at: SelectedExpression['at']) => TypedExpression,
): Relation {
  if (collector.windows.length === 0) return input
  const calls = collector.windows.map(({ call, at }) => mapWindowCall(call, (expression) => rewrite(expression, at)))
  return { kind: 'Window', input, calls }
}

// ---------------------------------------------------------------- project, distinct, sort, cut

interface Output {
  readonly relation: Relation
  readonly columns: readonly { readonly column: OutputColumn; readonly expression: TypedExpression }[]
  readonly keys: readonly SortKey[]
  readonly specification: QuerySpecification
  readonly tail: Tail
  readonly numbers: ExpressionNumbers
}

function output({ relation, columns, keys, specification, tail, numbers }: Output): QueryResult {
  const outputs = columns.map(({ column }) => column)
  const items = columns.map(({ column, expression }) => ({ field: fieldOf(column), expression }))
  if (specification.distinct) {
    const distinct: Relation = { kind: 'Distinct', input: { kind: 'Project', input: relation, items } }
    const selectedKeys = keys.map((key) => ({
      ...key,
      expression: selectedKey(key.expression, columns, specification, numbers),
    }))
    return { relation: limited(distinct, selectedKeys, tail), columns: outputs }
  }
  const carried = carriedColumns(keys, outputs)
  const projected: Relation = { kind: 'Project', input: relation, items: [...items, ...carried] }
  const cut = limited(projected, keys, tail)
  return { relation: carried.length === 0 ? cut : projectedTo(cut, outputs), columns: outputs }
}

/** With DISTINCT only what was selected can be sorted by. */
function selectedKey(
  expression: TypedExpression,
  columns: Output['columns'],
  specification: QuerySpecification,
  numbers: ExpressionNumbers,
): TypedExpression {
  const number = numbers.numberOf(expression)
  const match = columns.find(
    ({ column, expression: chosen }) =>
      (expression.kind === 'Column' && expression.symbol === column.symbol) || numbers.numberOf(chosen) === number,
  )
  if (match !== undefined) return columnOf(match.column)
  return refuse(
    'EXPRESSION_NOT_IN_DISTINCT',
    specification.at,
    'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
  )
}

/** What the sort reads besides the select list passes through the projection and is dropped after the sort. */
function carriedColumns(keys: readonly SortKey[], outputs: readonly OutputColumn[]) {
  const own = new Set(outputs.map((column) => column.symbol))
  const carried = new Map<ColumnSymbol, TypedExpression>()
  const visit = (node: TypedExpression): TypedExpression => {
    if (node.kind === 'Column' && !own.has(node.symbol)) carried.set(node.symbol, node)
    return mapChildren(node, visit)
  }
  for (const key of keys) visit(key.expression)
  return [...carried].map(([symbol, expression]) => ({
    field: { symbol, name: symbol, type: expression.type },
    expression,
  }))
}
