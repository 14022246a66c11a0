/** A view as Glue keeps it (D8): its query and columns as JSON, in base64, inside a comment. */
import type { Column, Table, TableInput } from '../catalog/types.ts'
import { SqlFailure } from '../sql/failure.ts'
import { hiveTypeText } from '../sql/hive-type.ts'
import { parseExpression, parseQuery } from '../sql/parser/index.ts'
import type { Query } from '../sql/tree.ts'
import { resolveTypeName } from '../sql/type-names.ts'
import { type SqlType, typeText } from '../sql/types.ts'

export const VIEW_TABLE_TYPE = 'VIRTUAL_VIEW'

export interface ViewDefinition {
  readonly originalSql: string
  readonly catalog: string
  readonly schema?: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

const TEXT_START = '/* Presto View: '
const TEXT_END = ' */'
const EXPANDED_TEXT = '/* Presto View */'

export function isView(table: Pick<Table, 'tableType'>): boolean {
  return table.tableType === VIEW_TABLE_TYPE
}

export function viewTable(
  name: string,
  definition: Omit<ViewDefinition, 'columns'>,
  columns: readonly { readonly name: string; readonly type: SqlType }[],
): TableInput {
  const view: ViewDefinition = {
    ...definition,
    columns: columns.map((column) => ({ name: column.name, type: typeText(column.type) })),
  }
  const encoded = Buffer.from(JSON.stringify(view)).toString('base64')
  const hiveColumns: Column[] = columns.map((column) => ({ name: column.name, type: viewColumnType(column.type) }))
  return {
    name,
    owner: 'hadoop',
    lastAccessMs: 0,
    retention: 0,
    storage: {
      columns: hiveColumns,
      location: '',
      compressed: false,
      numberOfBuckets: 0,
      serde: { parameters: {} },
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
    },
    partitionKeys: [],
    viewOriginalText: `${TEXT_START}${encoded}${TEXT_END}`,
    viewExpandedText: EXPANDED_TEXT,
    tableType: VIEW_TABLE_TYPE,
    parameters: { presto_view: 'true', comment: 'Presto View' },
  }
}

/** Glue wants a Hive type for each column; what Hive has none for is shown as text, the view's own JSON says the truth. */
function viewColumnType(type: SqlType): string {
  try {
    return hiveTypeText(type)
  } catch (error) {
    if (error instanceof SqlFailure) return 'string'
    throw error
  }
}

/** Throws INVALID_VIEW when the entry is no view that can be read. */
export function viewDefinition(table: Table): ViewDefinition {
  const text = table.viewOriginalText?.trim() ?? ''
  if (!text.startsWith(TEXT_START) || !text.endsWith(TEXT_END.trim())) throw invalidView(table)
  const encoded = text.slice(TEXT_START.length, text.lastIndexOf('*/')).trim()
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as ViewDefinition
  } catch {
    throw invalidView(table)
  }
}

export function viewQuery(table: Table, definition: ViewDefinition): Query {
  try {
    return parseQuery(definition.originalSql)
  } catch (error) {
    throw invalidView(table, error instanceof Error ? `: ${error.message}` : '')
  }
}

export function viewColumns(definition: ViewDefinition): readonly { name: string; type: SqlType }[] {
  return definition.columns.map((column) => ({ name: column.name.toLowerCase(), type: trinoType(column.type) }))
}

/** Trino's own notation: `row(a integer, b varchar)`. */
function trinoType(text: string): SqlType {
  const cast = parseExpression(`CAST(NULL AS ${text})`)
  if (cast.kind !== 'Cast') throw new SqlFailure('INVALID_VIEW', `Column type ${text} cannot be read`)
  return resolveTypeName(cast.type, cast.at)
}

function invalidView(table: Table, detail = ''): SqlFailure {
  return new SqlFailure('INVALID_VIEW', `View '${table.database}.${table.name}' cannot be read${detail}`)
}
