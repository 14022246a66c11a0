/**
 * Tells each scan which conjuncts stand above it, so that partitions can be left out before they are opened. A hint is a
 * copy: the filters stay where they are. Conjuncts pass through projections, joins, sorts, unions and grouping keys as
 * far as that keeps every row that could matter.
 */
import { type Symbol as ColumnSymbol, fieldsOf, type Relation, type TypedExpression } from '../typed-tree.ts'
import { boolean } from '../types.ts'
import { childrenOf, mapChildren, subqueryOf, symbolsReadBy } from './walk.ts'

type Conjuncts = readonly TypedExpression[]

export function withPruningHints(relation: Relation): Relation {
  return hinted(relation, [])
}

function hinted(relation: Relation, conjuncts: Conjuncts): Relation {
  switch (relation.kind) {
    case 'Scan':
      return scanHinted(relation, conjuncts)
    case 'Values':
    case 'WithReference':
    case 'Unnest':
      return relation
    case 'Filter':
      return {
        ...relation,
        predicate: inside(relation.predicate),
        input: hinted(relation.input, [...conjuncts, ...conjunctsOf(relation.predicate)]),
      }
    case 'Project': {
      const expressions = new Map(relation.items.map((item) => [item.field.symbol, item.expression]))
      return {
        ...relation,
        items: relation.items.map((item) => ({ ...item, expression: inside(item.expression) })),
        input: hinted(
          relation.input,
          conjuncts.map((conjunct) => unfolded(conjunct, expressions)),
        ),
      }
    }
    case 'Join':
      return joinHinted(relation, conjuncts)
    case 'Aggregate':
      return { ...relation, input: hinted(relation.input, aboutKeys(relation, conjuncts)) }
    case 'SetOperation':
      return {
        ...relation,
        inputs: relation.inputs.map((input) => {
          const columns = columnsByPosition(relation, input)
          return hinted(
            input,
            conjuncts.map((conjunct) => unfolded(conjunct, columns)),
          )
        }),
      }
    case 'Sort':
    case 'Distinct':
      return { ...relation, input: hinted(relation.input, conjuncts) }
    case 'Window':
    case 'Limit':
    case 'LimitWithTies':
    case 'Sample':
      return { ...relation, input: hinted(relation.input, []) }
    case 'With':
      return {
        ...relation,
        tables: relation.tables.map((table) => ({
          ...table,
          relation: hinted(table.relation, []),
          ...(table.recursive === undefined ? {} : { recursive: { step: hinted(table.recursive.step, []) } }),
        })),
        body: hinted(relation.body, conjuncts),
      }
  }
}

type Of<K extends Relation['kind']> = Extract<Relation, { readonly kind: K }>

/** Only conjuncts about this scan alone say anything about its files. */
function scanHinted(scan: Of<'Scan'>, conjuncts: Conjuncts): Relation {
  const own = new Set(scan.fields.map((field) => field.symbol))
  const about = conjuncts.filter((conjunct) => {
    const read = [...symbolsReadBy(conjunct)]
    if (read.length === 0) return conjunct.kind === 'Constant' && conjunct.value !== true
    return read.every((symbol) => own.has(symbol)) && !holdsSubquery(conjunct)
  })
  const [first] = about
  if (first === undefined) return scan
  const pruningHint: TypedExpression =
    about.length === 1 ? first : { kind: 'Logical', type: boolean, operator: 'AND', terms: about }
  return { ...scan, pruningHint }
}

/** A side whose rows survive without a partner is only told what stands above; the other also the join's condition. */
function joinHinted(join: Of<'Join'>, conjuncts: Conjuncts): Relation {
  const condition = join.condition === undefined ? [] : conjunctsOf(join.condition)
  const above = { left: conjuncts, right: conjuncts }
  if (join.type === 'RIGHT' || join.type === 'FULL') above.left = []
  if (join.type === 'LEFT' || join.type === 'FULL') above.right = []
  const on = { left: condition, right: condition }
  if (join.type === 'LEFT' || join.type === 'FULL') on.left = []
  if (join.type === 'RIGHT' || join.type === 'FULL') on.right = []
  return {
    ...join,
    left: hinted(join.left, [...above.left, ...on.left]),
    right: hinted(join.right, [...above.right, ...on.right]),
  }
}

/** A key that is in every grouping set is never filled with NULL, so a condition on it holds below as well. */
function aboutKeys(aggregate: Of<'Aggregate'>, conjuncts: Conjuncts): Conjuncts {
  const always = new Set(
    aggregate.keys
      .map((key) => key.symbol)
      .filter((symbol) => aggregate.groupingSets.every((set) => set.includes(symbol))),
  )
  return conjuncts.filter((conjunct) => [...symbolsReadBy(conjunct)].every((symbol) => always.has(symbol)))
}

function columnsByPosition(relation: Of<'SetOperation'>, input: Relation): ReadonlyMap<ColumnSymbol, TypedExpression> {
  const columns = new Map<ColumnSymbol, TypedExpression>()
  for (const [index, field] of fieldsOf(input).entries()) {
    const output = relation.fields[index]
    if (output !== undefined) columns.set(output.symbol, { kind: 'Column', type: field.type, symbol: field.symbol })
  }
  return columns
}

function unfolded(conjunct: TypedExpression, columns: ReadonlyMap<ColumnSymbol, TypedExpression>): TypedExpression {
  if (conjunct.kind === 'Column') return columns.get(conjunct.symbol) ?? conjunct
  return mapChildren(conjunct, (child) => unfolded(child, columns))
}

function conjunctsOf(predicate: TypedExpression): Conjuncts {
  return predicate.kind === 'Logical' && predicate.operator === 'AND'
    ? predicate.terms.flatMap(conjunctsOf)
    : [predicate]
}

function inside(expression: TypedExpression): TypedExpression {
  if (!holdsSubquery(expression)) return expression
  return mapChildren(expression, inside, withPruningHints)
}

function holdsSubquery(expression: TypedExpression): boolean {
  return subqueryOf(expression) !== undefined || childrenOf(expression).some(holdsSubquery)
}
