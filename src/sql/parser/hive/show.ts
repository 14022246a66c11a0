/** SHOW … and DESCRIBE. */
import type { HiveStatement, Position } from '../../tree.ts'
import { notOffered } from '../errors.ts'
import type { HiveCursor } from './cursor.ts'
import { partition } from './partitions.ts'

export function show(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.expect('SHOW')
  const subject = cursor.expectOneOf(SUBJECTS)
  return RULES[subject](cursor, at)
}

const SUBJECTS = [
  'DATABASES',
  'SCHEMAS',
  'TABLES',
  'VIEWS',
  'COLUMNS',
  'PARTITIONS',
  'TBLPROPERTIES',
  'CREATE',
] as const

const RULES: Readonly<Record<(typeof SUBJECTS)[number], (cursor: HiveCursor, at: Position) => HiveStatement>> = {
  DATABASES: showDatabases,
  SCHEMAS: showDatabases,
  TABLES: (cursor, at) => ({ kind: 'ShowTables', at, ...inDatabase(cursor), ...pattern(cursor) }),
  VIEWS: (cursor, at) => ({ kind: 'ShowViews', at, ...inDatabase(cursor), ...pattern(cursor) }),
  COLUMNS: showColumns,
  PARTITIONS: (cursor, at) => {
    const table = cursor.tableName()
    return cursor.is('PARTITION')
      ? { kind: 'ShowPartitions', at, table, partition: partition(cursor) }
      : { kind: 'ShowPartitions', at, table }
  },
  TBLPROPERTIES: showProperties,
  CREATE: (cursor, at) => {
    cursor.expect('TABLE')
    return { kind: 'ShowCreateTable', at, table: cursor.tableName() }
  },
}

function showDatabases(cursor: HiveCursor, at: Position): HiveStatement {
  return { kind: 'ShowDatabases', at, ...pattern(cursor) }
}

/** `[LIKE] 'pattern'` */
function pattern(cursor: HiveCursor): { readonly pattern?: string } {
  const isLike = cursor.accept('LIKE')
  return isLike || cursor.isKind('string') ? { pattern: cursor.string() } : {}
}

/** `IN|FROM database` */
function inDatabase(cursor: HiveCursor): { readonly database?: string } {
  return cursor.acceptOneOf(['IN', 'FROM']) === undefined ? {} : { database: cursor.name() }
}

/** `FROM|IN [database.]table [FROM|IN database]` */
function showColumns(cursor: HiveCursor, at: Position): HiveStatement {
  cursor.expectOneOf(['FROM', 'IN'])
  const table = cursor.tableName()
  return { kind: 'ShowColumns', at, table: { ...table, ...inDatabase(cursor) } }
}

function showProperties(cursor: HiveCursor, at: Position): HiveStatement {
  const table = cursor.tableName()
  if (!cursor.accept('(')) return { kind: 'ShowTableProperties', at, table }
  const property = cursor.string()
  cursor.expect(')')
  return { kind: 'ShowTableProperties', at, table, property }
}

/** `DESCRIBE|DESC [EXTENDED|FORMATTED] [database.]table [PARTITION (…)] [column[.field]…]` */
export function describe(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.take()
  if ((cursor.is('INPUT') || cursor.is('OUTPUT')) && cursor.isName(cursor.ahead(1))) throw notOffered(at)
  const style = cursor.acceptOneOf(['EXTENDED', 'FORMATTED'])
  const table = cursor.tableName()
  const terms = cursor.is('PARTITION') ? partition(cursor) : undefined
  const column = cursor.isName() ? columnPath(cursor) : undefined
  return {
    kind: 'Describe',
    at,
    table,
    ...(style !== undefined && { style }),
    ...(terms !== undefined && { partition: terms }),
    ...(column !== undefined && { column }),
  }
}

function columnPath(cursor: HiveCursor): string {
  const parts = [cursor.name()]
  while (cursor.accept('.')) parts.push(cursor.isKind('string') ? cursor.string() : cursor.fieldName())
  return parts.join('.')
}
