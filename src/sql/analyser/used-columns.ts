/**
 * Drops columns nobody reads, from the top down: scans read less, projections compute less. Columns that decide about
 * rows (keys, DISTINCT, set operations other than UNION ALL) stay.
 */
import { type Symbol as ColumnSymbol, fieldsOf, type Relation, type TypedExpression } from '../typed-tree.ts'
import { expressionsOf, holdsSubquery, mapChildren, mapExpressions, symbolsReadBy, symbolsReadIn } from './walk.ts'

type Needed = ReadonlySet<ColumnSymbol>

/** Which columns of each WITH table are read, by position. Filled in the first round, obeyed in the second. */
type TableUse = Map<string, Set<number>>

export function withUsedColumnsOnly(relation: Relation, output: Needed): Relation {
  const use: TableUse = new Map()
  prune(relation, output, use)
  return prune(relation, output, use)
}

/** Subqueries in a relation's expressions lose their unused columns first; what they read counts for the relation. */
function prune(relation: Relation, needed: Needed, use: TableUse): Relation {
  return pruneNode(
    mapExpressions(relation, (expression) => inside(expression, use)),
    needed,
    use,
  )
}

function pruneNode(relation: Relation, needed: Needed, use: TableUse): Relation {
  switch (relation.kind) {
    case 'Scan':
      return { ...relation, fields: relation.fields.filter((field) => needed.has(field.symbol)) }
    case 'Values':
      return pruneValues(relation, needed)
    case 'Project':
      return pruneProject(relation, needed, use)
    case 'Filter':
      return {
        ...relation,
        input: prune(relation.input, including(needed, [relation.predicate]), use),
      }
    case 'Aggregate':
      return pruneAggregate(relation, needed, use)
    case 'Window': {
      const calls = relation.calls.filter((call) => needed.has(call.symbol))
      const kept = { ...relation, calls }
      const input = prune(relation.input, including(needed, expressionsOf(kept)), use)
      return calls.length === 0 ? input : { ...kept, input }
    }
    case 'Distinct':
      return { ...relation, input: prune(relation.input, all(relation.input), use) }
    case 'Join':
      return pruneJoin(relation, needed, use)
    case 'Unnest':
      return relation
    case 'SetOperation':
      return pruneSetOperation(relation, needed, use)
    case 'Sort':
    case 'LimitWithTies':
      return {
        ...relation,
        input: prune(
          relation.input,
          including(
            needed,
            relation.keys.map((key) => key.expression),
          ),
          use,
        ),
      }
    case 'Limit':
    case 'Sample':
      return { ...relation, input: prune(relation.input, needed, use) }
    case 'With':
      return pruneWith(relation, needed, use)
    case 'WithReference': {
      const positions = use.get(relation.id) ?? new Set()
      for (const [index, field] of relation.fields.entries()) if (needed.has(field.symbol)) positions.add(index)
      use.set(relation.id, positions)
      return { ...relation, fields: relation.fields.filter((_field, index) => positions.has(index)) }
    }
  }
}

type Of<K extends Relation['kind']> = Extract<Relation, { readonly kind: K }>

function pruneValues(relation: Of<'Values'>, needed: Needed): Relation {
  const kept = relation.fields.flatMap((field, index) => (needed.has(field.symbol) ? [index] : []))
  return {
    ...relation,
    fields: relation.fields.filter((_field, index) => kept.includes(index)),
    rows: relation.rows.map((row) => row.filter((_cell, index) => kept.includes(index))),
  }
}

function pruneProject(relation: Of<'Project'>, needed: Needed, use: TableUse): Relation {
  const items = relation.items.filter((item) => needed.has(item.field.symbol))
  const expressions = items.map((item) => item.expression)
  const input = prune(relation.input, including(new Set(), expressions), use)
  if (items.length === 0) return input
  return { ...relation, input, items }
}

function pruneAggregate(relation: Of<'Aggregate'>, needed: Needed, use: TableUse): Relation {
  const read = relation.aggregates.filter((call) => needed.has(call.symbol))
  // A row of nothing is no row: without keys one aggregate stays.
  const aggregates = read.length + relation.keys.length === 0 ? relation.aggregates.slice(0, 1) : read
  const kept = { ...relation, aggregates }
  const below = including(new Set(relation.keys.map((key) => key.symbol)), expressionsOf(kept))
  return { ...kept, input: prune(relation.input, below, use) }
}

function pruneJoin(relation: Of<'Join'>, needed: Needed, use: TableUse): Relation {
  const conditions = relation.condition === undefined ? [] : [relation.condition]
  const read = including(needed, conditions)
  const right = prune(relation.right, read, use)
  const leftRead = relation.lateral ? new Set([...read, ...symbolsReadIn(relation.right)]) : read
  return {
    ...relation,
    left: prune(relation.left, leftRead, use),
    right,
  }
}

function pruneSetOperation(relation: Of<'SetOperation'>, needed: Needed, use: TableUse): Relation {
  const keepsAll = relation.operator !== 'UNION' || !relation.all
  const kept = relation.fields.flatMap((field, index) => (keepsAll || needed.has(field.symbol) ? [index] : []))
  // A union of nothing but rows still needs one column to be a union.
  const positions = kept.length === 0 ? [0] : kept
  return {
    ...relation,
    fields: relation.fields.filter((_field, index) => positions.includes(index)),
    inputs: relation.inputs.map((input) => {
      const fields = fieldsOf(input)
      return prune(input, new Set(positions.flatMap((index) => fields[index]?.symbol ?? [])), use)
    }),
  }
}

/**
 * The body first, then the tables from the last back: a table may be read by those after it. A table that nobody reads is
 * dropped; one of which only the rows count keeps its first column.
 */
function pruneWith(relation: Of<'With'>, needed: Needed, use: TableUse): Relation {
  const body = prune(relation.body, needed, use)
  const tables = relation.tables.toReversed().flatMap((table) => {
    const read = use.get(table.id)
    if (read === undefined) return []
    if (table.recursive !== undefined) use.set(table.id, new Set(table.fields.keys()))
    else if (read.size === 0) use.set(table.id, new Set([0]))
    const positions = use.get(table.id) ?? new Set()
    const fields = table.fields.filter((_field, index) => positions.has(index))
    const symbols = new Set(fields.map((field) => field.symbol))
    return {
      ...table,
      fields,
      ...(table.recursive === undefined
        ? {}
        : { recursive: { ...table.recursive, step: prune(table.recursive.step, all(table.recursive.step), use) } }),
      relation: prune(table.relation, symbols, use),
    }
  })
  return tables.length === 0 ? body : { ...relation, tables: tables.reverse(), body }
}

/** Subqueries inside an expression lose their unused columns too; what they put out stays. */
function inside(expression: TypedExpression, use: TableUse): TypedExpression {
  if (!holdsSubquery(expression)) return expression
  return mapChildren(
    expression,
    (child) => inside(child, use),
    (relation) => prune(relation, expression.kind === 'Exists' ? new Set() : all(relation), use),
  )
}

function all(relation: Relation): Needed {
  return new Set(fieldsOf(relation).map((field) => field.symbol))
}

function including(needed: Needed, expressions: readonly TypedExpression[]): Needed {
  const read = new Set(needed)
  for (const expression of expressions) symbolsReadBy(expression, read)
  return read
}
