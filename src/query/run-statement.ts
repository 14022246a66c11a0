/** Athena is a router: queries go to the engine, statements about the catalog to the catalog. */
import { SqlFailure } from '../sql/failure.ts'
import { parseStatement } from '../sql/parser/index.ts'
import type { Expression, HiveStatement, Query, Statement, TrinoStatement } from '../sql/tree.ts'
import * as alterTable from './ddl/alter-table.ts'
import type { DdlContext } from './ddl/context.ts'
import { createTable } from './ddl/create-table.ts'
import { alterDatabase, createDatabase, dropDatabase } from './ddl/databases.ts'
import { describe } from './ddl/describe.ts'
import { addPartitions, dropPartitions, renamePartition } from './ddl/partitions.ts'
import { repairTable } from './ddl/repair-table.ts'
import * as show from './ddl/show.ts'
import { createView, dropView, showCreateView } from './ddl/views.ts'
import { explain } from './explain.ts'
import type { QueryStatements } from './guarded-statements.ts'
import { nothing, type Outcome } from './outcome.ts'
import { parameterCount } from './parameters.ts'
import { type SelectParts, type SelectRequest, select } from './select.ts'
import { showFunctionsQuery } from './show-functions.ts'
import type { Session } from './tables.ts'
import { createTableAs } from './writes/create-table-as.ts'
import { insert } from './writes/insert.ts'
import { unload } from './writes/unload.ts'

export interface RunRequest {
  readonly id: string
  readonly statement: Statement
  readonly workgroup: string
  readonly session: Session
  /** Values of ExecutionParameters. */
  readonly parameters: readonly Expression[]
  readonly callerArn: string
  readonly submittedAtMs: number
  readonly bytesScannedCutoff?: number
  /** Of the execution. */
  readonly outputLocation: string
  /** The workgroup says where results go, whatever a statement says. */
  readonly isLocationEnforced: boolean
}

export interface RunParts extends SelectParts {
  readonly prepared: QueryStatements
}

/** Database of names without one, when the call names none either. */
export const DEFAULT_SCHEMA = 'default'

export async function runStatement(request: RunRequest, parts: RunParts, signal: AbortSignal): Promise<Outcome> {
  const { statement } = request
  const context: DdlContext = {
    catalog: parts.catalog,
    objects: parts.objects,
    clock: parts.clock,
    schema: request.session.schema ?? DEFAULT_SCHEMA,
    callerArn: request.callerArn,
  }
  return isHive(statement) ? runHive(statement, context, signal) : runTrino(statement, request, parts, context, signal)
}

async function runTrino(
  statement: TrinoStatement,
  request: RunRequest,
  parts: RunParts,
  context: DdlContext,
  signal: AbortSignal,
): Promise<Outcome> {
  switch (statement.kind) {
    case 'QueryStatement':
      return select(selectRequest(request, statement), parts, signal)
    case 'Explain':
      return explain(statement, (inner) => selectRequest(request, inner), parts, signal)
    case 'ShowFunctions':
      return select(selectRequest(request, { query: showFunctionsQuery(statement) }), parts, signal)
    case 'Insert':
      return insert(statement, selectRequest(request, statement), parts, signal)
    case 'CreateTableAs': {
      const { outputLocation, isLocationEnforced } = request
      const writing = { ...selectRequest(request, statement), outputLocation, isLocationEnforced }
      return createTableAs(statement, writing, parts, signal)
    }
    case 'Unload':
      return unload(statement, selectRequest(request, statement), parts, signal)
    case 'CreateView':
      return createView(statement, request.session, context)
    case 'DropView':
      return dropView(statement, request.session, context)
    case 'ShowCreateView':
      return showCreateView(statement, request.session, context)
    case 'Prepare':
      await parts.prepared.create(
        { workgroup: request.workgroup, name: statement.name.value, sql: statement.statementText },
        { orReplace: true },
      )
      return nothing()
    case 'Deallocate':
      await parts.prepared.delete(request.workgroup, statement.name.value)
      return nothing()
    case 'Execute':
      return runPrepared(statement, request, parts, signal)
    default:
      throw new SqlFailure(
        'NOT_SUPPORTED',
        `${OFFERED_LATER[statement.kind]} is not supported by this lake`,
        statement.at,
      )
  }
}

const OFFERED_LATER = {
  Delete: 'DELETE',
  Update: 'UPDATE',
  Merge: 'MERGE',
  Optimize: 'OPTIMIZE',
  Vacuum: 'VACUUM',
} as const

/** EXECUTE name USING …: the values may also come as ExecutionParameters. */
async function runPrepared(
  statement: Extract<TrinoStatement, { kind: 'Execute' }>,
  request: RunRequest,
  parts: RunParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { sql } = parts.prepared.named(request.workgroup, statement.name.value)
  const prepared = parseStatement(sql)
  const parameters = statement.using.length > 0 ? statement.using : request.parameters
  const wanted = parameterCount(prepared)
  if (wanted !== parameters.length)
    throw new SqlFailure(
      'INVALID_PARAMETER_USAGE',
      `Incorrect number of parameters: expected ${wanted} but found ${parameters.length}`,
      statement.at,
    )
  if (prepared.kind === 'Execute')
    throw new SqlFailure('NOT_SUPPORTED', 'A prepared statement cannot be EXECUTE', statement.at)
  return runStatement({ ...request, statement: prepared, parameters }, parts, signal)
}

function selectRequest(request: RunRequest, { query }: { readonly query: Query }): SelectRequest {
  const { id, session, parameters, callerArn, submittedAtMs, bytesScannedCutoff } = request
  return {
    id,
    query,
    session,
    parameters,
    user: callerArn,
    submittedAtMs,
    ...(bytesScannedCutoff !== undefined && { bytesScannedCutoff }),
  }
}

function runHive(statement: HiveStatement, context: DdlContext, signal: AbortSignal): Promise<Outcome> {
  switch (statement.kind) {
    case 'CreateDatabase':
      return createDatabase(statement, context)
    case 'DropDatabase':
      return dropDatabase(statement, context)
    case 'AlterDatabaseProperties':
      return alterDatabase(statement, context)
    case 'CreateTable':
      return createTable(statement, context)
    case 'DropTable':
      return alterTable.dropTable(statement, context)
    case 'AddPartitions':
      return addPartitions(statement, context)
    case 'DropPartitions':
      return dropPartitions(statement, context)
    case 'RenamePartition':
      return renamePartition(statement, context)
    case 'SetLocation':
      return alterTable.setLocation(statement, context)
    case 'SetTableProperties':
      return alterTable.setTableProperties(statement, context)
    case 'AddColumns':
    case 'ReplaceColumns':
      return alterTable.changeColumns(statement, context)
    case 'ChangeColumn':
      return alterTable.changeColumn(statement, context)
    case 'RepairTable':
      return repairTable(statement, context, signal)
    case 'ShowDatabases':
      return show.showDatabases(statement, context)
    case 'ShowTables':
      return show.showTables(statement, context)
    case 'ShowViews':
      return show.showViews(statement, context)
    case 'ShowColumns':
      return show.showColumns(statement, context)
    case 'ShowPartitions':
      return show.showPartitions(statement, context)
    case 'ShowTableProperties':
      return show.showTableProperties(statement, context)
    case 'ShowCreateTable':
      return show.showCreateTable(statement, context)
    case 'Describe':
      return describe(statement, context)
  }
}

const TRINO_KINDS: ReadonlySet<string> = new Set([
  'QueryStatement',
  'Explain',
  'Insert',
  'CreateTableAs',
  'Unload',
  'CreateView',
  'DropView',
  'ShowCreateView',
  'ShowFunctions',
  'Prepare',
  'Execute',
  'Deallocate',
  'Delete',
  'Update',
  'Merge',
  'Optimize',
  'Vacuum',
])

export function isHive(statement: Statement): statement is HiveStatement {
  return !TRINO_KINDS.has(statement.kind)
}
