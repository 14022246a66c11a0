/**
 * Tells each scan which conjuncts stand above it, so that partitions can be left out before they are opened. A hint is a
 * copy: the filters stay where they are. Conjuncts pass through projections, joins, sorts, unions and grouping keys as
 * far as that keeps every row that could matter.
 */
import {
  type Symbol as ColumnSymbol,
  type Field,
  fieldsOf,
  type Relation,
  type TypedExpression,
} from '../typed-tree.ts'
import { boolean } from '../types.ts'
import {
  childrenOf,
  expressionsOf,
  holdsSubquery,
  inputsOf,
  mapChildren,
  mapExpressions,
  subqueryOf,
  symbolsReadBy,
} from './walk.ts'

type Conjuncts = readonly TypedExpression[]

/** What stands above each reading of a WITH table, in terms of the table's own columns. */
interface Readings {
  readonly found: Map<string, Conjuncts[]>
  /** How many readings there are in all: a hint must satisfy every one of them. */
  readonly total: ReadonlyMap<string, number>
  readonly fields: Map<string, readonly Field[]>
}

export function withPruningHints(relation: Relation): Relation {
  const total = new Map<string, number>()
  countReadings(relation, total)
  return hinted(relation, [], { found: new Map(), total, fields: new Map() })
}

function countReadings(relation: Relation, total: Map<string, number>): void {
  if (relation.kind === 'WithReference') total.set(relation.id, (total.get(relation.id) ?? 0) + 1)
  const visit = (expression: TypedExpression): void => {
    const subquery = subqueryOf(expression)
    if (subquery !== undefined) countReadings(subquery, total)
    for (const child of childrenOf(expression)) visit(child)
  }
  for (const expression of expressionsOf(relation)) visit(expression)
  for (const input of inputsOf(relation)) countReadings(input, total)
}

/** Subqueries are told first: what they read of a WITH table counts before the table is reached. */
function hinted(relation: Relation, conjuncts: Conjuncts, readings: Readings): Relation {
  return hintedNode(
    mapExpressions(relation, (expression) => inside(expression, readings)),
    conjuncts,
    readings,
  )
}

function hintedNode(relation: Relation, conjuncts: Conjuncts, readings: Readings): Relation {
  switch (relation.kind) {
    case 'Scan':
      return scanHinted(relation, conjuncts)
    case 'Values':
    case 'Unnest':
      return relation
    case 'WithReference':
      noteReading(relation, conjuncts, readings)
      return relation
    case 'Filter':
      return {
        ...relation,
        input: hinted(relation.input, [...conjuncts, ...conjunctsOf(relation.predicate)], readings),
      }
    case 'Project': {
      const expressions = new Map(relation.items.map((item) => [item.field.symbol, item.expression]))
      const below = conjuncts.map((conjunct) => unfolded(conjunct, expressions))
      return {
        ...relation,
        input: hinted(relation.input, below, readings),
      }
    }
    case 'Join':
      return joinHinted(relation, conjuncts, readings)
    case 'Aggregate':
      return { ...relation, input: hinted(relation.input, aboutKeys(relation, conjuncts), readings) }
    case 'SetOperation':
      return {
        ...relation,
        inputs: relation.inputs.map((input) => {
          const columns = columnsByPosition(relation.fields, fieldsOf(input))
          const below = conjuncts.map((conjunct) => unfolded(conjunct, columns))
          return hinted(input, below, readings)
        }),
      }
    case 'Sort':
    case 'Distinct':
      return { ...relation, input: hinted(relation.input, conjuncts, readings) }
    case 'Window':
    case 'Limit':
    case 'LimitWithTies':
    case 'Sample':
      return { ...relation, input: hinted(relation.input, [], readings) }
    case 'With':
      return withHinted(relation, conjuncts, readings)
  }
}

/** From the body back to the first table, so that every reading of a table is known before the table is reached. */
function withHinted(relation: Of<'With'>, conjuncts: Conjuncts, readings: Readings): Relation {
  for (const table of relation.tables) readings.fields.set(table.id, table.fields)
  const body = hinted(relation.body, conjuncts, readings)
  const tables = relation.tables.toReversed().map((table) => {
    if (table.recursive !== undefined) {
      const step = hinted(table.recursive.step, [], readings)
      return { ...table, relation: hinted(table.relation, [], readings), recursive: { ...table.recursive, step } }
    }
    return { ...table, relation: hinted(table.relation, sharedHint(table.id, readings), readings) }
  })
  return { ...relation, tables: tables.reverse(), body }
}

function noteReading(reading: Of<'WithReference'>, conjuncts: Conjuncts, readings: Readings): void {
  const columns = columnsByPosition(reading.fields, readings.fields.get(reading.id) ?? [])
  const about = conjuncts
    .filter((conjunct) => {
      const read = [...symbolsReadBy(conjunct)]
      return read.length > 0 && read.every((symbol) => columns.has(symbol)) && !holdsSubquery(conjunct)
    })
    .map((conjunct) => unfolded(conjunct, columns))
  readings.found.set(reading.id, [...(readings.found.get(reading.id) ?? []), about])
}

/** A row of the table matters when any reading wants it; one reading without conditions wants all. */
function sharedHint(id: string, readings: Readings): Conjuncts {
  const found = readings.found.get(id) ?? []
  const [only] = found
  if (only === undefined || found.length !== readings.total.get(id)) return []
  if (found.length === 1) return only
  if (found.some((conjuncts) => conjuncts.length === 0)) return []
  return [{ kind: 'Logical', type: boolean, operator: 'OR', terms: found.map(allOf) }]
}

function allOf(conjuncts: Conjuncts): TypedExpression {
  const [first] = conjuncts
  if (first !== undefined && conjuncts.length === 1) return first
  return { kind: 'Logical', type: boolean, operator: 'AND', terms: conjuncts }
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
  return about.length === 0 ? scan : { ...scan, pruningHint: allOf(about) }
}

/** A side whose rows survive without a partner is only told what stands above; the other also the join's condition. */
function joinHinted(join: Of<'Join'>, conjuncts: Conjuncts, readings: Readings): Relation {
  const condition = join.condition === undefined ? [] : conjunctsOf(join.condition)
  const above = { left: conjuncts, right: conjuncts }
  if (join.type === 'RIGHT' || join.type === 'FULL') above.left = []
  if (join.type === 'LEFT' || join.type === 'FULL') above.right = []
  const on = { left: condition, right: condition }
  if (join.type === 'LEFT' || join.type === 'FULL') on.left = []
  if (join.type === 'RIGHT' || join.type === 'FULL') on.right = []
  return {
    ...join,
    left: hinted(join.left, [...above.left, ...on.left], readings),
    right: hinted(join.right, [...above.right, ...on.right], readings),
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

function columnsByPosition(from: readonly Field[], to: readonly Field[]): ReadonlyMap<ColumnSymbol, TypedExpression> {
  const columns = new Map<ColumnSymbol, TypedExpression>()
  for (const [index, field] of from.entries()) {
    const column = to[index]
    if (column !== undefined) columns.set(field.symbol, { kind: 'Column', type: column.type, symbol: column.symbol })
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

function inside(expression: TypedExpression, readings: Readings): TypedExpression {
  if (!holdsSubquery(expression)) return expression
  return mapChildren(
    expression,
    (child) => inside(child, readings),
    (relation) => hinted(relation, [], readings),
  )
}
