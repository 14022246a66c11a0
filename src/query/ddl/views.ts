/** CREATE VIEW, DROP VIEW, SHOW CREATE VIEW: the Trino side's statements about the catalog. */
import { analyse } from '../../sql/analyser/index.ts'
import { SqlFailure } from '../../sql/failure.ts'
import type { QualifiedName, TrinoStatement } from '../../sql/tree.ts'
import { varchar } from '../../sql/types.ts'
import { nothing, type Outcome, textOutcome } from '../outcome.ts'
import { resultColumn } from '../result-column.ts'
import { isLakeCatalog, LAKE_CATALOG, loadTables, type Session } from '../tables.ts'
import { isView, viewDefinition, viewTable } from '../view.ts'
import type { DdlContext, TableName } from './context.ts'

type Of<Kind extends TrinoStatement['kind']> = Extract<TrinoStatement, { kind: Kind }>

export async function createView(statement: Of<'CreateView'>, session: Session, context: DdlContext): Promise<Outcome> {
  const { database, table: name } = viewName(statement.name, session)
  if ((await context.catalog.findDatabase(database)) === undefined) throw schemaNotFound(statement.name, database)
  const { context: analysis } = await loadTables(context.catalog, statement.query, session)
  const query = analyse(statement.query, analysis)
  const names = query.output.map((field) => field.name.toLowerCase())
  const repeated = names.find((column, index) => names.indexOf(column) < index)
  if (repeated !== undefined)
    throw new SqlFailure('DUPLICATE_COLUMN_NAME', `Column name '${repeated}' specified more than once`, statement.at)
  const input = viewTable(
    name,
    { originalSql: statement.queryText, catalog: LAKE_CATALOG, ...(session.schema && { schema: session.schema }) },
    query.output.map((field) => ({ name: field.name.toLowerCase(), type: field.type })),
  )
  const current = await context.catalog.findTable(database, name)
  if (current === undefined) {
    await context.catalog.createTable(database, input, context.callerArn)
    return nothing()
  }
  if (!isView(current))
    throw new SqlFailure('NOT_SUPPORTED', `'${LAKE_CATALOG}.${database}.${name}' is a table, not a view`, statement.at)
  if (!statement.orReplace)
    throw new SqlFailure('NOT_SUPPORTED', `View already exists: ${LAKE_CATALOG}.${database}.${name}`, statement.at)
  await context.catalog.updateTable(database, name, () => input)
  return nothing()
}

export async function dropView(statement: Of<'DropView'>, session: Session, context: DdlContext): Promise<Outcome> {
  const { database, table } = viewName(statement.name, session)
  const found = await context.catalog.findTable(database, table)
  if (found !== undefined && isView(found)) {
    await context.catalog.deleteTable(database, table)
    return nothing()
  }
  if (statement.ifExists && found === undefined) return nothing()
  const what = found === undefined ? 'does not exist' : 'is not a view'
  throw new SqlFailure('TABLE_NOT_FOUND', `View '${LAKE_CATALOG}.${database}.${table}' ${what}`, statement.at)
}

export async function showCreateView(
  statement: Of<'ShowCreateView'>,
  session: Session,
  context: DdlContext,
): Promise<Outcome> {
  const { database, table } = viewName(statement.name, session)
  const found = await context.catalog.findTable(database, table)
  if (found === undefined || !isView(found))
    throw new SqlFailure('TABLE_NOT_FOUND', `View '${LAKE_CATALOG}.${database}.${table}' does not exist`, statement.at)
  const lines = `CREATE VIEW ${database}.${table} AS\n${viewDefinition(found).originalSql}`.split('\n')
  return textOutcome([resultColumn('create view', varchar)], lines, { updateCount: 0 })
}

/** `view`, `database.view` or `awsdatacatalog.database.view`. */
function viewName(name: QualifiedName, session: Session): TableName {
  const [table = '', database = session.schema ?? '', catalog = LAKE_CATALOG] = name.parts
    .map((part) => part.value.toLowerCase())
    .reverse()
  if (!isLakeCatalog(catalog, session))
    throw new SqlFailure('CATALOG_NOT_FOUND', `Catalog '${catalog}' does not exist`, name.at)
  return { database, table }
}

function schemaNotFound(name: QualifiedName, schema: string): SqlFailure {
  return new SqlFailure('SCHEMA_NOT_FOUND', `Schema '${schema}' does not exist`, name.at)
}
