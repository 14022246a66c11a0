/**
 * WITH: each table is analysed once and read by reference. A recursive one has a base and a step that reads the table
 * itself; its column names must be given, and the step's types must turn into the base's.
 */
import { canCoerce } from '../coercion.ts'
import type { NamedQuery, Query, QueryBody } from '../tree.ts'
import type { Relation } from '../typed-tree.ts'
import { typeText } from '../types.ts'
import { type Analysis, refuse } from './analysis.ts'
import type { Environment, WithTable } from './context.ts'
import { analyseBody, analyseQuery, coercedColumns, fieldOf, type OutputColumn, type QueryResult } from './queries.ts'
import { readsTable } from './table-references.ts'

type Table = Extract<Relation, { readonly kind: 'With' }>['tables'][number]

interface WithResult {
  readonly tables: readonly Table[]
  /** What the body sees. */
  readonly environment: Environment
}

export function analyseWith(query: Query, environment: Environment, analysis: Analysis): WithResult {
  if (query.with === undefined) return { tables: [], environment }
  const tables: Table[] = []
  const own = new Map<string, WithTable>()
  const visible: Environment = { ...environment, tables: { own, outer: environment.tables } }
  for (const named of query.with.queries) {
    const name = named.name.value.toLowerCase()
    if (own.has(name)) {
      refuse('DUPLICATE_NAMED_QUERY', named.at, `WITH query name '${named.name.value}' specified more than once`)
    }
    const recursive = query.with.recursive && readsTable(named.query, name)
    const { table, entry } = recursive
      ? recursiveTable(named, visible, analysis)
      : plainTable(named, analyseQuery(named.query, visible, analysis), analysis)
    tables.push(table)
    own.set(name, entry)
  }
  return { tables, environment: visible }
}

interface Named {
  readonly table: Table
  readonly entry: WithTable
}

function plainTable(named: NamedQuery, result: QueryResult, analysis: Analysis): Named {
  const columns = renamed(named, result.columns)
  const id = analysis.tableId(named.name.value)
  return {
    table: { id, fields: columns.map(fieldOf), relation: coercedTo(result, columns) },
    entry: { id, columns },
  }
}

/** The columns a table puts out are made exactly its fields, so that references may count on their order. */
function coercedTo(result: QueryResult, columns: readonly OutputColumn[]): Relation {
  return {
    kind: 'Project',
    input: result.relation,
    items: result.columns.map((column, index) => ({
      field: fieldOf(columns[index] ?? column),
      expression: { kind: 'Column', type: column.type, symbol: column.symbol },
    })),
  }
}

function renamed(named: NamedQuery, columns: readonly OutputColumn[]): readonly OutputColumn[] {
  if (named.columns === undefined) return columns
  if (named.columns.length !== columns.length) {
    refuse(
      'MISMATCHED_COLUMN_ALIASES',
      named.at,
      `WITH column alias list has ${named.columns.length} entries but WITH query(${named.name.value}) has ${columns.length} columns`,
    )
  }
  return columns.map((column, index) => ({ ...column, name: named.columns?.[index]?.value ?? column.name }))
}

function recursiveTable(named: NamedQuery, environment: Environment, analysis: Analysis): Named {
  const name = named.name.value.toLowerCase()
  if (named.columns === undefined) {
    refuse('MISSING_COLUMN_ALIASES', named.at, 'missing column aliases in recursive WITH query')
  }
  const { query } = named
  if (query.with !== undefined) refuse('NOT_SUPPORTED', query.at, 'immediate WITH clause in recursive query')
  if (query.orderBy.length > 0) refuse('NOT_SUPPORTED', query.at, 'immediate ORDER BY clause in recursive query')
  if (query.offset !== undefined) refuse('NOT_SUPPORTED', query.at, 'immediate OFFSET clause in recursive query')
  if (query.limit !== undefined)
    refuse('NOT_SUPPORTED', query.at, 'immediate FETCH FIRST / LIMIT clause in recursive query')
  const { base, step, distinct } = halves(query.body, name)

  const first = analyseBody(base, environment, analysis)
  const columns = renamed(named, first.columns)
  const id = analysis.tableId(named.name.value)
  const entry: WithTable = { id, columns }
  const inner: Environment = { ...environment, tables: { own: new Map([[name, entry]]), outer: environment.tables } }
  const next = analyseBody(step, inner, analysis)
  if (next.columns.length !== columns.length) {
    refuse(
      'TYPE_MISMATCH',
      step.at,
      `base and step relations of recursion have different number of fields: ${columns.length}, ${next.columns.length}`,
    )
  }
  for (const [index, column] of next.columns.entries()) {
    const wanted = columns[index]
    if (wanted !== undefined && !canCoerce(column.type, wanted.type)) {
      refuse(
        'TYPE_MISMATCH',
        step.at,
        `recursion step relation output type (${typeText(column.type)}) is not coercible to recursion base relation output type (${typeText(wanted.type)}) at column ${index + 1}`,
      )
    }
  }
  return {
    table: {
      id,
      fields: columns.map(fieldOf),
      relation: coercedTo(first, columns),
      recursive: { step: coercedColumns(next, columns, analysis), distinct },
    },
    entry,
  }
}

/** UNION of a base that does not read the table and a step that does. */
function halves(body: QueryBody, name: string): { base: QueryBody; step: QueryBody; distinct: boolean } {
  if (body.kind !== 'SetOperation' || body.operator !== 'UNION') {
    return refuse('INVALID_RECURSIVE_REFERENCE', body.at, 'recursive reference outside of a UNION of base and step')
  }
  if (readsTable(body.left, name)) {
    return refuse(
      'INVALID_RECURSIVE_REFERENCE',
      body.left.at,
      'WITH table name is referenced in the base relation of recursion',
    )
  }
  return { base: body.left, step: body.right, distinct: !body.all }
}
