/** What statements about the catalog may use, and how their names are resolved. */

import type { Database, Table } from '../../catalog/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DdlName } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import type { QueryCatalog } from '../guarded-catalog.ts'
import type { QueryObjects } from '../guarded-objects.ts'

export interface DdlContext {
  readonly catalog: QueryCatalog
  readonly objects: QueryObjects
  readonly clock: Clock
  /** Database of names without one. */
  readonly schema: string
  readonly callerArn: string
}

export interface TableName {
  readonly database: string
  readonly table: string
}

export function tableName(name: DdlName, context: DdlContext): TableName {
  return { database: (name.database ?? context.schema).toLowerCase(), table: name.name.toLowerCase() }
}

export async function existingTable(name: DdlName, context: DdlContext): Promise<Table> {
  const { database, table } = tableName(name, context)
  await existingDatabase(database, context)
  const found = await context.catalog.findTable(database, table)
  if (found === undefined) throw tableNotFound(table)
  return found
}

export async function existingDatabase(name: string, context: DdlContext): Promise<Database> {
  const found = await context.catalog.findDatabase(name)
  if (found === undefined) throw databaseNotFound(name)
  return found
}

export function tableNotFound(table: string): HiveFailure {
  return new HiveFailure(`FAILED: SemanticException [Error 10001]: Table not found ${table}`)
}

export function databaseNotFound(database: string): HiveFailure {
  return new HiveFailure(`FAILED: SemanticException [Error 10072]: Database does not exist: ${database}`)
}

const DDL_TASK = 'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask.'

/** `detail` as Hive's task says it; `message` is AthenaError's. */
export function taskFailure(detail: string, message?: string): HiveFailure {
  return new HiveFailure(`${DDL_TASK} ${detail}`, message === undefined ? {} : { message })
}

/** The catalog's `transient_lastDdlTime`: seconds since 1970, as text. */
export function ddlTime(context: DdlContext): string {
  return String(Math.floor(context.clock.nowMs() / 1000))
}
