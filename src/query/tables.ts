/**
 * The tables that a statement names, looked up before it is analysed: views bring the tables of their own queries with
 * them. Names that the catalog does not have (they may be WITH tables) are simply not there; those that the caller may not
 * see are refused only when the analysis wants them from the catalog.
 */

import type { Table } from '../catalog/types.ts'
import { tableReferences } from '../sql/analyser/table-references.ts'
import type { AnalysisContext, TableDefinition } from '../sql/analysis-context.ts'
import { SqlFailure } from '../sql/failure.ts'
import { parseHiveType } from '../sql/hive-type.ts'
import type { Expression, Query } from '../sql/tree.ts'
import { type SqlType, unknown as unknownType } from '../sql/types.ts'
import { tableBuckets } from './buckets.ts'
import { AccessDenied } from './data-access.ts'
import type { QueryCatalog } from './guarded-catalog.ts'
import { type Described, findMetadataTable, INFORMATION_SCHEMA } from './metadata-tables.ts'
import { readable } from './serde.ts'
import { isView, viewColumns, viewDefinition, viewQuery } from './view.ts'

export const LAKE_CATALOG = 'awsdatacatalog'

export interface Session {
  readonly catalog: string
  readonly schema: string | undefined
  /** Other names of the lake's own catalog, lower-case. */
  readonly catalogs?: ReadonlySet<string>
}

/** Whether a name, lower-case, is one of the lake's own catalog. */
export function isLakeCatalog(name: string, { catalogs }: Pick<Session, 'catalogs'>): boolean {
  return name === LAKE_CATALOG || catalogs?.has(name) === true
}

export interface LoadedTables {
  readonly context: AnalysisContext
  table(database: string, name: string): Table | undefined
}

/** Views in views: deeper than this is a circle. */
const VIEW_DEPTH_MAX = 64

interface Reference {
  readonly schema: string
  readonly name: string
}

export async function loadTables(
  catalog: QueryCatalog,
  query: Query,
  session: Session,
  parameters: readonly Expression[] = [],
): Promise<LoadedTables> {
  const schemas = new Map<string, Looked<boolean>>()
  const tables = new Map<string, Looked<LoadedTable>>()
  const seen = new Set<string>()
  let wanted = references(query, session)
  for (let depth = 0; wanted.length > 0; depth++) {
    if (depth > VIEW_DEPTH_MAX) throw new SqlFailure('INVALID_VIEW', 'Views are nested too deeply')
    const next: Reference[] = []
    for (const { schema, name } of wanted) {
      const key = keyOf(schema, name)
      if (seen.has(key)) continue
      seen.add(key)
      if (!schemas.has(schema)) schemas.set(schema, await hasSchema(catalog, schema))
      if (schemas.get(schema) !== true) continue
      const loaded = await unlessDenied(loadTable(catalog, schema, name))
      if (loaded === undefined) continue
      tables.set(key, loaded)
      if (loaded instanceof AccessDenied || loaded.table === undefined) continue
      const { view } = loaded.definition
      if (view !== undefined)
        next.push(...references(view.query, { ...session, catalog: LAKE_CATALOG, schema: view.schema }))
    }
    wanted = next
  }
  if (session.schema !== undefined && !schemas.has(session.schema))
    schemas.set(session.schema, await hasSchema(catalog, session.schema))
  return {
    context: {
      catalog: session.catalog,
      schema: session.schema,
      ...(session.catalogs && { catalogs: session.catalogs }),
      hasSchema: (schema) => allowed(schemas.get(schema)) === true,
      findTable: (schema, name) => allowed(tables.get(keyOf(schema, name)))?.definition,
      parameters,
    },
    table: (database, name) => allowed(tables.get(keyOf(database, name)))?.table,
  }
}

interface LoadedTable {
  /** Absent of tables that are made of the catalog. */
  readonly table?: Table
  readonly definition: TableDefinition
}

/** What a look into the catalog gave: perhaps that the caller may not look. */
type Looked<Found> = Found | AccessDenied

async function unlessDenied<Found>(look: Promise<Found>): Promise<Looked<Found>> {
  try {
    return await look
  } catch (error) {
    if (error instanceof AccessDenied) return error
    throw error
  }
}

function allowed<Found>(looked: Looked<Found>): Found {
  if (looked instanceof AccessDenied) throw looked
  return looked
}

function hasSchema(catalog: QueryCatalog, schema: string): Promise<Looked<boolean>> {
  if (schema === INFORMATION_SCHEMA) return Promise.resolve(true)
  return unlessDenied(catalog.findDatabase(schema).then((found) => found !== undefined))
}

async function loadTable(catalog: QueryCatalog, schema: string, name: string): Promise<LoadedTable | undefined> {
  const table = await catalog.findTable(schema, name)
  if (table !== undefined) return { table, definition: definitionOf(table) }
  const definition = await findMetadataTable(schema, name, { catalog, catalogName: LAKE_CATALOG, describe })
  return definition && { definition }
}

/** A table that cannot be read has no columns to tell of. */
function describe(table: Table): Described {
  const viewText = isView(table) ? '' : undefined
  try {
    if (viewText === undefined) return { columns: typedColumns(table).known, viewText }
    const definition = viewDefinition(table)
    const columns = viewColumns(definition).map((column) => ({ ...column, isPartition: false }))
    return { columns, viewText: definition.originalSql }
  } catch (error) {
    if (error instanceof SqlFailure) return { columns: [], viewText }
    throw error
  }
}

function keyOf(schema: string, name: string): string {
  return `${schema}\u0000${name}`
}

/** Names of other catalogs and of no schema are left to the analyser, which refuses them. */
function references(query: Query, session: Session): Reference[] {
  return tableReferences(query).flatMap(({ parts }) => {
    const names = parts.map((part) => part.value.toLowerCase())
    const [name, schema = session.schema, catalog = session.catalog] = names.reverse()
    if (name === undefined || schema === undefined || !isLakeCatalog(catalog, session)) return []
    return [{ schema, name }]
  })
}

function definitionOf(table: Table): TableDefinition {
  const base = { database: table.database, name: table.name }
  if (isView(table)) {
    const definition = viewDefinition(table)
    return {
      ...base,
      columns: viewColumns(definition).map((column) => ({ ...column, isPartition: false })),
      view: { query: viewQuery(table, definition), schema: definition.schema },
    }
  }
  const format = readable(table)
  const bucketed = tableBuckets(table) !== undefined && { isBucketed: true }
  const columns = typedColumns(table)
  if ('unreadable' in format) return { ...base, columns: columns.known, unreadable: format.unreadable }
  return {
    ...base,
    columns: columns.known,
    ...bucketed,
    ...(columns.unknown !== undefined && { unreadable: columns.unknown }),
  }
}

/** Data columns, then partition columns. `unknown`: the sentence about a type that cannot be read. */
export function typedColumns(table: Table): { known: TableDefinition['columns']; unknown: string | undefined } {
  let unknown: string | undefined
  const typed = (isPartition: boolean) => (column: { name: string; type: string }) => {
    const type = readableType(column.type)
    if (type === undefined) unknown = `Column ${column.name} has the type ${column.type}, which cannot be queried`
    return { name: column.name.toLowerCase(), type: type ?? unknownType, isPartition }
  }
  const known = [...(table.storage?.columns ?? []).map(typed(false)), ...table.partitionKeys.map(typed(true))]
  return { known, unknown }
}

function readableType(text: string): SqlType | undefined {
  try {
    return parseHiveType(text)
  } catch (error) {
    if (error instanceof SqlFailure) return undefined
    throw error
  }
}
