/**
 * Ways through the typed tree that do not care what a node means: the expressions inside an expression, the expressions
 * and inputs of a relation, and every symbol that is read somewhere below.
 */
import type {
  Symbol as ColumnSymbol,
  FrameBound,
  Relation,
  SortKey,
  TypedExpression,
  WindowCall,
} from '../typed-tree.ts'

export function childrenOf(node: TypedExpression): readonly TypedExpression[] {
  switch (node.kind) {
    case 'Constant':
    case 'Column':
    case 'LambdaParameter':
    case 'ScalarSubquery':
    case 'Exists':
      return []
    case 'Lambda':
      return [node.body]
    case 'Call':
      return node.args
    case 'Cast':
    case 'Not':
    case 'IsNull':
    case 'Try':
    case 'InSubquery':
    case 'Quantified':
      return [node.operand]
    case 'Comparison':
    case 'IsDistinctFrom':
      return [node.left, node.right]
    case 'Between':
      return [node.operand, node.low, node.high]
    case 'In':
      return [node.operand, ...node.list]
    case 'Like':
      return [node.operand, node.pattern, ...(node.escape === undefined ? [] : [node.escape])]
    case 'Logical':
      return node.terms
    case 'Case':
      return [
        ...node.branches.flatMap(({ when, then }) => [when, then]),
        ...(node.otherwise === undefined ? [] : [node.otherwise]),
      ]
    case 'Coalesce':
      return node.operands
    case 'NullIf':
      return [node.first, node.second]
    case 'ArrayConstructor':
    case 'RowConstructor':
      return node.items
    case 'RowField':
      return [node.base]
    case 'Subscript':
      return [node.base, node.index]
  }
}

/** The same node with its children, and the relation of a subquery, replaced; itself when nothing changed. */
export function mapChildren(
  node: TypedExpression,
  map: (child: TypedExpression) => TypedExpression,
  mapRelation: (relation: Relation) => Relation = (relation) => relation,
): TypedExpression {
  switch (node.kind) {
    case 'Constant':
    case 'Column':
    case 'LambdaParameter':
      return node
    case 'ScalarSubquery':
    case 'Exists':
      return { ...node, relation: mapRelation(node.relation) }
    case 'InSubquery':
    case 'Quantified':
      return { ...node, operand: map(node.operand), relation: mapRelation(node.relation) }
    case 'Lambda':
      return { ...node, body: map(node.body) }
    case 'Call':
      return { ...node, args: node.args.map(map) }
    case 'Cast':
    case 'Not':
    case 'IsNull':
    case 'Try':
      return { ...node, operand: map(node.operand) }
    case 'Comparison':
    case 'IsDistinctFrom':
      return { ...node, left: map(node.left), right: map(node.right) }
    case 'Between':
      return { ...node, operand: map(node.operand), low: map(node.low), high: map(node.high) }
    case 'In':
      return { ...node, operand: map(node.operand), list: node.list.map(map) }
    case 'Like':
      return {
        ...node,
        operand: map(node.operand),
        pattern: map(node.pattern),
        ...(node.escape === undefined ? {} : { escape: map(node.escape) }),
      }
    case 'Logical':
      return { ...node, terms: node.terms.map(map) }
    case 'Case':
      return {
        ...node,
        // biome-ignore lint/suspicious/noThenProperty: the tree says what SQL says; branches are never awaited.
        branches: node.branches.map(({ when, then }) => ({ when: map(when), then: map(then) })),
        ...(node.otherwise === undefined ? {} : { otherwise: map(node.otherwise) }),
      }
    case 'Coalesce':
      return { ...node, operands: node.operands.map(map) }
    case 'NullIf':
      return { ...node, first: map(node.first), second: map(node.second) }
    case 'ArrayConstructor':
    case 'RowConstructor':
      return { ...node, items: node.items.map(map) }
    case 'RowField':
      return { ...node, base: map(node.base) }
    case 'Subscript':
      return { ...node, base: map(node.base), index: map(node.index) }
  }
}

export function subqueryOf(node: TypedExpression): Relation | undefined {
  return 'relation' in node ? node.relation : undefined
}

/** The expressions that stand directly in a relation, not those of its inputs. */
export function expressionsOf(relation: Relation): readonly TypedExpression[] {
  switch (relation.kind) {
    case 'Values':
      return relation.rows.flat()
    case 'Project':
      return relation.items.map((item) => item.expression)
    case 'Filter':
      return [relation.predicate]
    case 'Aggregate':
      return relation.aggregates.flatMap((call) => [
        ...call.args,
        ...(call.filter === undefined ? [] : [call.filter]),
        ...call.orderBy.map((key) => key.expression),
      ])
    case 'Window':
      return relation.calls.flatMap((call) => [
        ...call.args,
        ...(call.filter === undefined ? [] : [call.filter]),
        ...call.partitionBy,
        ...call.orderBy.map((key) => key.expression),
        ...[call.frame?.start.value, call.frame?.end.value].filter((value) => value !== undefined),
      ])
    case 'Join':
      return relation.condition === undefined ? [] : [relation.condition]
    case 'Unnest':
      return relation.expressions.map((item) => item.expression)
    case 'Sort':
    case 'LimitWithTies':
      return relation.keys.map((key) => key.expression)
    case 'Scan':
    case 'Distinct':
    case 'SetOperation':
    case 'Limit':
    case 'Sample':
    case 'With':
    case 'WithReference':
      return []
  }
}

type Mapping = (expression: TypedExpression) => TypedExpression

/** The same relation with the expressions that stand directly in it replaced; its inputs stay. */
export function mapExpressions<R extends Relation>(relation: R, map: Mapping): R
export function mapExpressions(relation: Relation, map: Mapping): Relation {
  switch (relation.kind) {
    case 'Values':
      return { ...relation, rows: relation.rows.map((row) => row.map(map)) }
    case 'Project':
      return { ...relation, items: relation.items.map((item) => ({ ...item, expression: map(item.expression) })) }
    case 'Filter':
      return { ...relation, predicate: map(relation.predicate) }
    case 'Aggregate':
      return {
        ...relation,
        aggregates: relation.aggregates.map((call) => ({
          ...call,
          args: call.args.map(map),
          orderBy: call.orderBy.map((key) => mapKey(key, map)),
          ...(call.filter === undefined ? {} : { filter: map(call.filter) }),
        })),
      }
    case 'Window':
      return { ...relation, calls: relation.calls.map((call) => mapWindowCall(call, map)) }
    case 'Join':
      return relation.condition === undefined ? relation : { ...relation, condition: map(relation.condition) }
    case 'Unnest':
      return {
        ...relation,
        expressions: relation.expressions.map((item) => ({ ...item, expression: map(item.expression) })),
      }
    case 'Sort':
    case 'LimitWithTies':
      return { ...relation, keys: relation.keys.map((key) => mapKey(key, map)) }
    case 'Scan':
    case 'Distinct':
    case 'SetOperation':
    case 'Limit':
    case 'Sample':
    case 'With':
    case 'WithReference':
      return relation
  }
}

function mapKey(key: SortKey, map: Mapping): SortKey {
  return { ...key, expression: map(key.expression) }
}

export function mapWindowCall(call: WindowCall, map: Mapping): WindowCall {
  const { frame, filter } = call
  const bound = (edge: FrameBound) => (edge.value === undefined ? edge : { ...edge, value: map(edge.value) })
  return {
    ...call,
    args: call.args.map(map),
    partitionBy: call.partitionBy.map(map),
    orderBy: call.orderBy.map((key) => mapKey(key, map)),
    ...(filter === undefined ? {} : { filter: map(filter) }),
    ...(frame === undefined ? {} : { frame: { unit: frame.unit, start: bound(frame.start), end: bound(frame.end) } }),
  }
}

export function holdsSubquery(expression: TypedExpression): boolean {
  return subqueryOf(expression) !== undefined || childrenOf(expression).some(holdsSubquery)
}

export function inputsOf(relation: Relation): readonly Relation[] {
  switch (relation.kind) {
    case 'Scan':
    case 'Values':
    case 'Unnest':
    case 'WithReference':
      return []
    case 'Join':
      return [relation.left, relation.right]
    case 'SetOperation':
      return relation.inputs
    case 'With':
      return [
        ...relation.tables.flatMap((table) => [table.relation, ...(table.recursive ? [table.recursive.step] : [])]),
        relation.body,
      ]
    default:
      return [relation.input]
  }
}

/** Every symbol that is read below this expression, its subqueries included. */
export function symbolsReadBy(node: TypedExpression, into: Set<ColumnSymbol> = new Set()): Set<ColumnSymbol> {
  if (node.kind === 'Column') into.add(node.symbol)
  const relation = subqueryOf(node)
  if (relation !== undefined) symbolsReadIn(relation, into)
  for (const child of childrenOf(node)) symbolsReadBy(child, into)
  return into
}

export function symbolsReadIn(relation: Relation, into: Set<ColumnSymbol> = new Set()): Set<ColumnSymbol> {
  for (const expression of expressionsOf(relation)) symbolsReadBy(expression, into)
  if (relation.kind === 'Aggregate') for (const key of relation.keys) into.add(key.symbol)
  for (const input of inputsOf(relation)) symbolsReadIn(input, into)
  return into
}
