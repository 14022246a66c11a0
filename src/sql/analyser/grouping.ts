/**
 * GROUP BY: the sets it spells out, the keys they are made of, and the rewriting of what stands above. Expressions are
 * first typed over the columns of FROM; here every part that equals a key becomes that key, and a column left over is the
 * error users know: "must be an aggregate expression or appear in GROUP BY clause".
 */
import { isComparable } from '../coercion.ts'
import type { Expression, GroupingElement, Position, QuerySpecification } from '../tree.ts'
import type { Symbol as ColumnSymbol, Field, Relation, TypedExpression } from '../typed-tree.ts'
import { bigint, boolean, integer, typeText } from '../types.ts'
import { type Analysis, refuse } from './analysis.ts'
import type { CallCollector, ExpressionContext } from './context.ts'
import { expressionText } from './expression-text.ts'
import { analyseIn } from './expressions.ts'
import { columnOf } from './queries.ts'
import type { ExpressionNumbers } from './same-expression.ts'
import type { ScopeField } from './scope.ts'
import { mapChildren, subqueryOf, symbolsReadIn } from './walk.ts'

/** CUBE doubles with each expression: more sets than this are refused. */
const GROUPING_SETS_MAX = 2048

export interface SelectedExpression {
  readonly expression: TypedExpression
  readonly text: string
  readonly at: Position
}

export interface Grouping {
  readonly relation: Relation
  /** An expression over FROM's columns, as it reads above the aggregation. */
  rewrite(selected: SelectedExpression): TypedExpression
}

type GroupBy = NonNullable<QuerySpecification['groupBy']>

/** Typed grouping sets; ordinals stand for items of the select list. */
export function groupingSetsOf(
  groupBy: GroupBy | undefined,
  selected: readonly SelectedExpression[],
  context: ExpressionContext,
): readonly (readonly TypedExpression[])[] {
  if (groupBy === undefined) return [[]]
  const typed = (node: Expression) => groupingExpression(node, selected, context)
  let sets: readonly (readonly TypedExpression[])[] = [[]]
  for (const element of groupBy.elements) {
    const own = setsOf(element).map((set) => set.map(typed))
    if (sets.length * own.length > GROUPING_SETS_MAX) {
      const count = sets.length * own.length
      refuse(
        'NOT_SUPPORTED',
        element.at,
        `GROUP BY has ${count} grouping sets but can contain at most ${GROUPING_SETS_MAX}`,
      )
    }
    sets = sets.flatMap((before) => own.map((set) => [...before, ...set]))
  }
  return sets
}

function setsOf(element: GroupingElement): readonly (readonly Expression[])[] {
  switch (element.kind) {
    case 'Simple':
      return [element.expressions]
    case 'GroupingSets':
      return element.sets
    case 'Rollup':
      return Array.from({ length: element.sets.length + 1 }, (_, dropped) =>
        element.sets.slice(0, element.sets.length - dropped).flat(),
      )
    case 'Cube': {
      const width = element.sets.length
      if (2 ** width > GROUPING_SETS_MAX) {
        return refuse(
          'NOT_SUPPORTED',
          element.at,
          `GROUP BY has ${2 ** width} grouping sets but can contain at most ${GROUPING_SETS_MAX}`,
        )
      }
      return Array.from({ length: 2 ** width }, (_, omitted) =>
        element.sets.filter((_set, index) => (omitted & (1 << (width - 1 - index))) === 0).flat(),
      )
    }
  }
}

function groupingExpression(
  node: Expression,
  selected: readonly SelectedExpression[],
  context: ExpressionContext,
): TypedExpression {
  const expression = node.kind === 'LongLiteral' ? byOrdinal(node, selected, context) : analyseIn(node, context)
  if (!isComparable(expression.type)) {
    refuse(
      'TYPE_MISMATCH',
      node.at,
      `${typeText(expression.type)} is not comparable, and therefore cannot be used in GROUP BY`,
    )
  }
  return expression
}

function byOrdinal(
  node: Extract<Expression, { readonly kind: 'LongLiteral' }>,
  selected: readonly SelectedExpression[],
  context: ExpressionContext,
): TypedExpression {
  const item = selected[Number(node.text) - 1]
  if (item === undefined) {
    return refuse('INVALID_COLUMN_REFERENCE', node.at, `GROUP BY position ${node.text} is not in select list`)
  }
  const symbols = symbolsOf(item.expression)
  const visible = new Set(visibleSymbols(context))
  if ([...symbols].some((symbol) => !visible.has(symbol))) {
    return refuse(
      'EXPRESSION_NOT_SCALAR',
      node.at,
      `GROUP BY clause cannot contain aggregations, window functions or grouping operations: [${item.text}]`,
    )
  }
  return item.expression
}

function symbolsOf(expression: TypedExpression): Set<ColumnSymbol> {
  const found = new Set<ColumnSymbol>()
  const visit = (node: TypedExpression): TypedExpression => {
    if (node.kind === 'Column') found.add(node.symbol)
    return mapChildren(node, visit)
  }
  visit(expression)
  return found
}

function visibleSymbols(context: ExpressionContext): readonly ColumnSymbol[] {
  const symbols: ColumnSymbol[] = []
  for (let scope: typeof context.scope | undefined = context.scope; scope !== undefined; scope = scope.outer) {
    symbols.push(...scope.fields.map((field) => field.symbol))
  }
  return symbols
}

// ---------------------------------------------------------------- the Aggregate node

interface Source {
  readonly relation: Relation
  readonly fields: readonly ScopeField[]
}

export function grouped(
  source: Source,
  sets: readonly (readonly TypedExpression[])[],
  distinctSets: boolean,
  collector: CallCollector,
  analysis: Analysis,
): Grouping {
  const { numbers } = collector
  const keys = new Map<number, Key>()
  for (const expression of sets.flat()) {
    const number = numbers.numberOf(expression)
    if (!keys.has(number)) keys.set(number, keyOf(expression, source, analysis))
  }
  const symbolSets = symbolsOfSets(sets, keys, numbers)
  const groupingSets = distinctSets ? withoutRepeats(symbolSets) : symbolSets
  const groupId = collector.groupings.length > 0 && groupingSets.length > 1 ? analysis.symbol('group_id') : undefined
  const relation: Relation = {
    kind: 'Aggregate',
    input: withComputedKeys(source, [...keys.values()]),
    keys: [...keys.values()].map((key) => key.field),
    groupingSets,
    aggregates: collector.aggregates.map(({ call }) => call),
    ...(groupId === undefined ? {} : { groupId }),
  }
  const replacements = new Map(
    collector.groupings.map((grouping) => [
      grouping.symbol,
      groupingValue(grouping, keys, groupingSets, groupId, numbers),
    ]),
  )
  const local = new Map(source.fields.map((field) => [field.symbol, field.name ?? field.symbol]))
  const kept = new Set([...keys.values()].map((key) => key.field.symbol))
  return {
    relation,
    rewrite: (selected) => rewritten(selected, { keys, numbers, replacements, local, kept }),
  }
}

interface Key {
  readonly field: Field
  readonly expression: TypedExpression
}

/** A plain column is its own key; anything else is computed below the aggregation. */
function keyOf(expression: TypedExpression, source: Source, analysis: Analysis): Key {
  if (expression.kind === 'Column') {
    const column = source.fields.find((field) => field.symbol === expression.symbol)
    if (column !== undefined) {
      return { field: { symbol: column.symbol, name: column.name ?? '', type: column.type }, expression }
    }
  }
  return { field: analysis.field('key', expression.type), expression }
}

function withComputedKeys(source: Source, keys: readonly Key[]): Relation {
  const local = new Set(source.fields.map((field) => field.symbol))
  const computed = keys.filter((key) => !local.has(key.field.symbol))
  if (computed.length === 0) return source.relation
  const passed = source.fields.map((field) => ({
    field: { symbol: field.symbol, name: field.name ?? '', type: field.type },
    expression: columnOf(field),
  }))
  return { kind: 'Project', input: source.relation, items: [...passed, ...computed] }
}

function symbolsOfSets(
  sets: readonly (readonly TypedExpression[])[],
  keys: ReadonlyMap<number, Key>,
  numbers: ExpressionNumbers,
): readonly (readonly ColumnSymbol[])[] {
  return sets.map((set) => [
    ...new Set(set.flatMap((expression) => keys.get(numbers.numberOf(expression))?.field.symbol ?? [])),
  ])
}

function withoutRepeats(sets: readonly (readonly ColumnSymbol[])[]): readonly (readonly ColumnSymbol[])[] {
  const seen = new Map(sets.map((set) => [[...set].sort().join(','), set]))
  return [...seen.values()]
}

function groupingValue(
  grouping: CallCollector['groupings'][number],
  keys: ReadonlyMap<number, Key>,
  sets: readonly (readonly ColumnSymbol[])[],
  groupId: ColumnSymbol | undefined,
  numbers: ExpressionNumbers,
): TypedExpression {
  const symbols = grouping.operands.map((operand) => {
    const key = keys.get(numbers.numberOf(operand))
    if (key !== undefined) return key.field.symbol
    return refuse(
      'INVALID_ARGUMENTS',
      grouping.at,
      'The arguments to GROUPING() must be expressions referenced by the GROUP BY at the current level',
    )
  })
  const values = sets.map((set): TypedExpression => {
    const bits = symbols.reduce((mask, symbol) => mask * 2n + (set.includes(symbol) ? 0n : 1n), 0n)
    return { kind: 'Constant', type: integer, value: bits }
  })
  const [only] = values
  if (groupId === undefined && only !== undefined) return only
  const id: TypedExpression = { kind: 'Column', type: bigint, symbol: groupId ?? '' }
  return {
    kind: 'Case',
    type: integer,
    branches: values.map((then, index) => ({
      when: {
        kind: 'Comparison',
        type: boolean,
        operator: '=',
        left: id,
        right: { kind: 'Constant', type: bigint, value: BigInt(index) },
      },
      then,
    })),
  }
}

// ---------------------------------------------------------------- above the aggregation

interface Rewriting {
  readonly keys: ReadonlyMap<number, Key>
  readonly numbers: ExpressionNumbers
  readonly replacements: ReadonlyMap<ColumnSymbol, TypedExpression>
  /** Columns of FROM with their names; only those kept as keys may be read. */
  readonly local: ReadonlyMap<ColumnSymbol, string>
  readonly kept: ReadonlySet<ColumnSymbol>
}

function rewritten(selected: SelectedExpression, rewriting: Rewriting): TypedExpression {
  const { keys, numbers, replacements, local, kept } = rewriting
  const notGrouped = (): never =>
    refuse(
      'EXPRESSION_NOT_AGGREGATE',
      selected.at,
      `'${selected.text}' must be an aggregate expression or appear in GROUP BY clause`,
    )
  const rewrite = (node: TypedExpression): TypedExpression => {
    const key = keys.get(numbers.numberOf(node))
    if (key !== undefined) return columnOf(key.field)
    if (node.kind === 'Column') {
      if (local.has(node.symbol)) notGrouped()
      return replacements.get(node.symbol) ?? node
    }
    const subquery = subqueryOf(node)
    if (subquery !== undefined) {
      for (const symbol of symbolsReadIn(subquery)) {
        const column = kept.has(symbol) ? undefined : local.get(symbol)
        if (column !== undefined) {
          refuse(
            'EXPRESSION_NOT_AGGREGATE',
            selected.at,
            `Subquery uses '${column}' which must appear in GROUP BY clause`,
          )
        }
      }
    }
    return mapChildren(node, rewrite)
  }
  return rewrite(selected.expression)
}

export function selectedOf(node: Expression, expression: TypedExpression): SelectedExpression {
  return { expression, text: expressionText(node), at: node.at }
}
