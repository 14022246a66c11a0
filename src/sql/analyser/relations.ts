/** FROM: tables, views, subqueries, joins, LATERAL, UNNEST, samples. Each gives a relation and the names it is seen by. */

import type { TableDefinition } from '../analysis-context.ts'
import { commonSuperType, isComparable } from '../coercion.ts'
import type { Identifier, Relation as ParsedRelation, Position, QualifiedName } from '../tree.ts'
import type { Relation, ScanColumn, TypedExpression } from '../typed-tree.ts'
import { bigint, boolean, integer, type SqlType, timestampWithTimeZone, typeText, varchar } from '../types.ts'
import { type Analysis, coerced, refuse } from './analysis.ts'
import { fitted } from './conditionals.ts'
import { type Environment, type ExpressionContext, type WithTable, withTableNamed } from './context.ts'
import { analyseIn } from './expressions.ts'
import { withSubqueriesBeforeJoin } from './join-subqueries.ts'
import { analyseQuery, columnOf, fieldOf, type QueryResult, standalone } from './queries.ts'
import type { Scope, ScopeField } from './scope.ts'
import { symbolsReadIn } from './walk.ts'

export interface FromResult {
  readonly relation: Relation
  readonly fields: readonly ScopeField[]
}

type NodeOf<K extends ParsedRelation['kind']> = Extract<ParsedRelation, { readonly kind: K }>

const LAKE_CATALOG = 'awsdatacatalog'

/** Columns every table has besides its own; SELECT * leaves them out. */
const HIDDEN_COLUMNS: readonly { readonly name: string; readonly type: SqlType }[] = [
  { name: '$path', type: varchar },
  { name: '$file_size', type: bigint },
  { name: '$file_modified_time', type: timestampWithTimeZone(3) },
]

/** `environment.outer` is what a lateral relation may refer to. */
export function analyseFrom(node: ParsedRelation, environment: Environment, analysis: Analysis): FromResult {
  return analysis.nested(node.at, () => {
    switch (node.kind) {
      case 'Table':
        if (node.asOf !== undefined)
          return refuse('NOT_SUPPORTED', node.at, `FOR ${node.asOf.type} AS OF is not supported`)
        return analyseTable(node.name, node.at, environment, analysis)
      case 'SubqueryRelation':
      case 'Lateral':
        return seenUnnamed(analyseQuery(node.query, environment, analysis))
      case 'Aliased':
        return aliased(node, analyseFrom(node.relation, environment, analysis))
      case 'Sampled':
        return sampled(node, environment, analysis)
      case 'Join':
        return joinOf(node, environment, analysis)
      case 'Unnest':
        return unnestOf(node, environment, analysis)
      case 'TableFunction':
        return refuse('NOT_SUPPORTED', node.at, 'Table functions are not supported')
      case 'JsonTable':
        return refuse('NOT_SUPPORTED', node.at, 'JSON_TABLE is not supported')
      case 'MatchRecognize':
        return refuse('NOT_SUPPORTED', node.at, 'MATCH_RECOGNIZE is not supported')
    }
  })
}

function seenUnnamed({ relation, columns }: QueryResult): FromResult {
  return { relation, fields: columns.map((column) => ({ ...column, qualifier: [], hidden: false })) }
}

// ---------------------------------------------------------------- tables and views

export function analyseTable(
  name: QualifiedName,
  at: Position,
  environment: Environment,
  analysis: Analysis,
): FromResult {
  const parts = name.parts.map((part) => part.value.toLowerCase())
  const table = parts.length === 1 ? withTableNamed(environment.tables, parts[0] ?? '') : undefined
  if (table !== undefined) return withTable(table, parts[0] ?? '', analysis)

  const { schema, tableName } = located(parts, at, environment, analysis)
  const definition = analysis.context.findTable(schema, tableName)
  if (definition === undefined) {
    if (!analysis.context.hasSchema(schema)) refuse('SCHEMA_NOT_FOUND', at, `Schema '${schema}' does not exist`)
    return refuse('TABLE_NOT_FOUND', at, `Table '${LAKE_CATALOG}.${schema}.${tableName}' does not exist`)
  }
  if (definition.unreadable !== undefined) refuse('NOT_SUPPORTED', at, definition.unreadable)
  const qualifier = [LAKE_CATALOG, schema, tableName]
  return definition.view === undefined
    ? scan(definition, qualifier, analysis)
    : expandedView(definition, qualifier, at, analysis)
}

function located(
  parts: readonly string[],
  at: Position,
  environment: Environment,
  analysis: Analysis,
): { schema: string; tableName: string } {
  const [tableName = '', schema, catalog = analysis.context.catalog] = parts.toReversed()
  const isOwn = catalog === LAKE_CATALOG || analysis.context.catalogs?.has(catalog) === true
  if (!isOwn || parts.length > 3) refuse('CATALOG_NOT_FOUND', at, `Catalog '${catalog}' does not exist`)
  const chosen = schema ?? environment.schema
  if (chosen === undefined) {
    return refuse('SCHEMA_NOT_FOUND', at, 'Schema must be specified when session schema is not set')
  }
  return { schema: chosen.toLowerCase(), tableName }
}

function withTable(table: WithTable, name: string, analysis: Analysis): FromResult {
  const columns = table.columns.map((column) => ({
    symbol: analysis.symbol(column.name ?? 'expr'),
    name: column.name,
    type: column.type,
  }))
  return {
    relation: { kind: 'WithReference', id: table.id, fields: columns.map(fieldOf) },
    fields: columns.map((column) => ({ ...column, qualifier: [name], hidden: false })),
  }
}

function scan(table: TableDefinition, qualifier: readonly string[], analysis: Analysis): FromResult {
  const scanId = analysis.scanId()
  const columns: readonly ScanColumn[] = [
    ...table.columns.map((column) => ({
      ...analysis.field(column.name, column.type),
      column: column.name,
      source: column.isPartition ? ('partition' as const) : ('data' as const),
    })),
    ...HIDDEN_COLUMNS.map((column) => ({
      ...analysis.field(column.name, column.type),
      column: column.name,
      source: 'hidden' as const,
    })),
    ...(table.columns.some((column) => column.isPartition) ? [madeHidden('$partition', varchar, scanId)] : []),
    ...(table.isBucketed === true ? [madeHidden('$bucket', integer, scanId)] : []),
  ]
  return {
    relation: {
      kind: 'Scan',
      scanId,
      database: table.database,
      table: table.name,
      fields: columns,
    },
    fields: columns.map(({ symbol, name, type, source }) => ({
      symbol,
      name,
      type,
      qualifier,
      hidden: source === 'hidden',
    })),
  }
}

/** One that not all tables have. Its symbol holds a `$`, which made symbols never do. */
function madeHidden(name: `$${string}`, type: SqlType, scanId: number): ScanColumn {
  return { symbol: `${name}_${scanId}`, name, type, column: name, source: 'hidden' }
}

/** The view's query in the session it was made in, brought to the columns it promised. */
function expandedView(
  table: TableDefinition,
  qualifier: readonly string[],
  at: Position,
  analysis: Analysis,
): FromResult {
  const { view } = table
  if (view === undefined) throw new Error('a view without its query')
  const environment: Environment = { outer: undefined, tables: undefined, schema: view.schema }
  const result = analysis.nestedView(at, () => analyseQuery(view.query, environment, analysis))
  const name = qualifier.join('.')
  const stale = (problem: string) =>
    refuse('VIEW_IS_STALE', at, `View '${name}' is stale or in invalid state: ${problem}`)
  if (result.columns.length !== table.columns.length) {
    stale(
      `stored view column count (${table.columns.length}) does not match column count derived from the view query analysis (${result.columns.length})`,
    )
  }
  const items = table.columns.map((promised, index) => {
    const column = result.columns[index]
    const expression = column && fitted(columnOf(column), promised.type)
    if (column === undefined || expression === undefined) {
      return stale(
        `column [${promised.name}] of type ${column === undefined ? 'nothing' : typeText(column.type)} projected from query view at position ${index} cannot be coerced to column [${promised.name}] of type ${typeText(promised.type)} stored in view definition`,
      )
    }
    return { field: analysis.field(promised.name, promised.type), expression }
  })
  return {
    relation: { kind: 'Project', input: result.relation, items },
    fields: items.map(({ field }) => ({ ...field, qualifier, hidden: false })),
  }
}

// ---------------------------------------------------------------- AS, TABLESAMPLE

function aliased(node: NodeOf<'Aliased'>, { relation, fields }: FromResult): FromResult {
  const qualifier = [node.alias.value.toLowerCase()]
  const { columns } = node
  if (columns === undefined) return { relation, fields: fields.map((field) => ({ ...field, qualifier })) }
  const visible = fields.filter((field) => !field.hidden)
  if (columns.length !== visible.length) {
    refuse(
      'MISMATCHED_COLUMN_ALIASES',
      node.at,
      `Column alias list has ${columns.length} entries but '${node.alias.value}' has ${visible.length} columns available`,
    )
  }
  return {
    relation,
    fields: visible.map((field, index) => ({ ...field, name: columns[index]?.value, qualifier })),
  }
}

function sampled(node: NodeOf<'Sampled'>, environment: Environment, analysis: Analysis): FromResult {
  const { relation, fields } = analyseFrom(node.relation, environment, analysis)
  const value = analyseIn(node.percentage, standalone(environment, analysis, 'TABLESAMPLE clause'))
  const percentage = value.kind === 'Constant' ? numberOf(value) : undefined
  if (percentage === undefined) {
    return refuse('EXPRESSION_NOT_CONSTANT', node.percentage.at, 'Sample percentage cannot contain column references')
  }
  if (percentage < 0) {
    refuse('NUMERIC_VALUE_OUT_OF_RANGE', node.percentage.at, 'Sample percentage must be greater than or equal to 0')
  }
  if (percentage > 100) {
    refuse('NUMERIC_VALUE_OUT_OF_RANGE', node.percentage.at, 'Sample percentage must be less than or equal to 100')
  }
  analysis.foundVolatile()
  return { relation: { kind: 'Sample', input: relation, method: node.method, percentage }, fields }
}

function numberOf(constant: Extract<TypedExpression, { readonly kind: 'Constant' }>): number | undefined {
  const { type, value } = constant
  if (typeof value === 'number') return value
  if (typeof value !== 'bigint') return undefined
  return type.kind === 'decimal' ? Number(value) / 10 ** type.scale : Number(value)
}

// ---------------------------------------------------------------- joins

function joinOf(node: NodeOf<'Join'>, environment: Environment, analysis: Analysis): FromResult {
  const left = analyseFrom(node.left, environment, analysis)
  const lateral = isLateral(node.right)
  const rightEnvironment = lateral ? { ...environment, outer: scopeOf(left.fields, environment.outer) } : environment
  const right = analyseFrom(node.right, rightEnvironment, analysis)
  const correlated = lateral && readsAny(right.relation, left.fields)
  if (correlated && (node.type === 'RIGHT' || node.type === 'FULL')) {
    refuse('INVALID_COLUMN_REFERENCE', node.right.at, `LATERAL reference not allowed in ${node.type} JOIN`)
  }
  const parts = {
    kind: 'Join',
    type: node.type,
    left: left.relation,
    right: right.relation,
    lateral: correlated,
  } as const
  const fields = [...left.fields, ...right.fields]
  switch (node.criteria?.kind) {
    case undefined:
      return { relation: parts, fields }
    case 'Natural':
      return refuse('NOT_SUPPORTED', node.at, 'Natural join not supported')
    case 'Using':
      return joinUsing(node, node.criteria.columns, left, right, correlated, analysis)
    case 'On': {
      const context: ExpressionContext = {
        analysis,
        environment,
        scope: { ...scopeOf(fields, environment.outer), closed: node.type === 'RIGHT' || node.type === 'FULL' },
        calls: { kind: 'refuse', where: 'JOIN clause' },
        lambdaParameters: [],
      }
      const condition = conditionOf(node.criteria.expression, 'JOIN ON clause', context)
      if (isUnnest(node.right) && !isTrue(condition)) {
        const { at } = node.criteria.expression
        refuse('NOT_SUPPORTED', at, `${node.type} JOIN involving UNNEST is only supported with condition ON TRUE`)
      }
      return { relation: withSubqueriesBeforeJoin({ ...parts, condition }, analysis), fields }
    }
  }
}

export function scopeOf(fields: readonly ScopeField[], outer: Scope | undefined): Scope {
  return outer === undefined ? { fields } : { fields, outer }
}

export function conditionOf(
  node: Parameters<typeof analyseIn>[0],
  clause: string,
  context: ExpressionContext,
): TypedExpression {
  const predicate = analyseIn(node, context)
  if (predicate.type.kind === 'boolean' || predicate.type.kind === 'unknown') return coerced(predicate, boolean)
  return refuse(
    'TYPE_MISMATCH',
    node.at,
    `${clause} must evaluate to a boolean: actual type ${typeText(predicate.type)}`,
  )
}

function readsAny(relation: Relation, fields: readonly ScopeField[]): boolean {
  const read = symbolsReadIn(relation)
  return fields.some((field) => read.has(field.symbol))
}

function isTrue(expression: TypedExpression): boolean {
  return expression.kind === 'Constant' && expression.value === true
}

function isUnnest(node: ParsedRelation): boolean {
  return node.kind === 'Unnest' || (node.kind === 'Aliased' && isUnnest(node.relation))
}

function isLateral(node: ParsedRelation): boolean {
  switch (node.kind) {
    case 'Lateral':
    case 'Unnest':
      return true
    case 'Aliased':
    case 'Sampled':
      return isLateral(node.relation)
    default:
      return false
  }
}

/** The columns joined by come first, once, under no table's name; then the rest of the left, then of the right. */
function joinUsing(
  node: NodeOf<'Join'>,
  names: readonly Identifier[],
  left: FromResult,
  right: FromResult,
  lateral: boolean,
  analysis: Analysis,
): FromResult {
  const pairs = names.map((name) => {
    const [mine, theirs] = [sideColumn(name, left, 'left'), sideColumn(name, right, 'right')]
    const type = commonSuperType(mine.type, theirs.type)
    if (type === undefined || !isComparable(type)) {
      return refuse(
        'TYPE_MISMATCH',
        name.at,
        `Column '${name.value}' has incompatible types in join: ${typeText(mine.type)}, ${typeText(theirs.type)}`,
      )
    }
    return { name, mine, theirs, type, field: analysis.field(name.value, type) }
  })
  const equal = pairs.map(
    ({ mine, theirs, type }): TypedExpression => ({
      kind: 'Comparison',
      type: boolean,
      operator: '=',
      left: coerced(columnOf(mine), type),
      right: coerced(columnOf(theirs), type),
    }),
  )
  const [first] = equal
  if (first === undefined) throw new Error('USING without columns')
  const condition: TypedExpression =
    equal.length === 1 ? first : { kind: 'Logical', type: boolean, operator: 'AND', terms: equal }

  const used = new Set(pairs.flatMap(({ mine, theirs }) => [mine.symbol, theirs.symbol]))
  const rest = [...left.fields, ...right.fields].filter((field) => !used.has(field.symbol))
  const joined = pairs.map(({ mine, theirs, type, field }) => ({
    field,
    expression: {
      kind: 'Coalesce',
      type,
      operands: [coerced(columnOf(mine), type), coerced(columnOf(theirs), type)],
    } satisfies TypedExpression,
  }))
  const kept = rest.map((field) => ({ field: fieldOf(field), expression: columnOf(field) }))
  return {
    relation: {
      kind: 'Project',
      input: { kind: 'Join', type: node.type, left: left.relation, right: right.relation, condition, lateral },
      items: [...joined, ...kept],
    },
    fields: [
      ...pairs.map(({ name, field }) => ({ ...field, name: name.value, qualifier: [], hidden: false })),
      ...rest,
    ],
  }
}

function sideColumn(name: Identifier, side: FromResult, which: 'left' | 'right'): ScopeField {
  const matches = side.fields.filter((field) => field.name?.toLowerCase() === name.value.toLowerCase())
  if (matches.length > 1) refuse('AMBIGUOUS_NAME', name.at, `Column '${name.value}' is ambiguous`)
  return (
    matches[0] ?? refuse('COLUMN_NOT_FOUND', name.at, `Column '${name.value}' is missing from ${which} side of join`)
  )
}

// ---------------------------------------------------------------- UNNEST

function unnestOf(node: NodeOf<'Unnest'>, environment: Environment, analysis: Analysis): FromResult {
  const context = standalone(environment, analysis, 'UNNEST')
  const items = node.expressions.map((argument) => {
    const expression = analyseIn(argument, context)
    const columns = unnestedColumns(expression.type)
    if (columns === undefined) {
      return refuse('TYPE_MISMATCH', argument.at, `Cannot unnest type: ${typeText(expression.type)}`)
    }
    return {
      expression,
      columns: columns.map((column) => ({ ...column, symbol: analysis.symbol(column.name ?? 'item') })),
    }
  })
  const ordinality = node.withOrdinality ? analysis.field('ordinality', bigint) : undefined
  const fields = [
    ...items.flatMap((item) => item.columns),
    ...(ordinality === undefined ? [] : [{ ...ordinality, name: undefined }]),
  ]
  return {
    relation: {
      kind: 'Unnest',
      expressions: items.map(({ expression, columns }) => ({ expression, outputs: columns.map(fieldOf) })),
      ...(ordinality === undefined ? {} : { ordinality }),
    },
    fields: fields.map((field) => ({ ...field, qualifier: [], hidden: false })),
  }
}

function unnestedColumns(type: SqlType): readonly { name: string | undefined; type: SqlType }[] | undefined {
  if (type.kind === 'map') {
    return [
      { name: undefined, type: type.key },
      { name: undefined, type: type.value },
    ]
  }
  if (type.kind !== 'array') return undefined
  return type.element.kind === 'row' ? type.element.fields : [{ name: undefined, type: type.element }]
}
