/** Statements of the Hive side, by their first word. */
import type { HiveStatement, Position } from '../../tree.ts'
import { alter } from './alter.ts'
import { createTable, optionalString } from './create-table.ts'
import type { HiveCursor } from './cursor.ts'
import { describe, show } from './show.ts'

const RULES: Readonly<Record<string, ((cursor: HiveCursor) => HiveStatement) | undefined>> = {
  __proto__: null as never,
  ALTER: alter,
  CREATE: create,
  DESC: describe,
  DESCRIBE: describe,
  DROP: drop,
  MSCK: repair,
  SHOW: show,
}

export function hiveStatement(cursor: HiveCursor): HiveStatement {
  const rule = RULES[cursor.token.word]
  if (rule === undefined) throw cursor.failure()
  const statement = rule(cursor)
  cursor.expectEnd()
  return statement
}

function create(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.expect('CREATE')
  const isDatabase = cursor.acceptOneOf(['DATABASE', 'SCHEMA']) !== undefined
  return isDatabase ? createDatabase(cursor, at) : createTable(cursor, at)
}

function createDatabase(cursor: HiveCursor, at: Position): HiveStatement {
  const ifNotExists = cursor.ifNotExists()
  const name = cursor.databaseName()
  const comment = optionalString(cursor, 'COMMENT')
  const location = optionalString(cursor, 'LOCATION')
  const properties = cursor.acceptAll('WITH', 'DBPROPERTIES') ? cursor.properties() : {}
  return {
    kind: 'CreateDatabase',
    at,
    name,
    ifNotExists,
    ...(comment !== undefined && { comment }),
    ...(location !== undefined && { location }),
    properties,
  }
}

function drop(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.expect('DROP')
  if (cursor.expectOneOf(['TABLE', 'DATABASE', 'SCHEMA']) === 'TABLE') {
    const ifExists = cursor.ifExists()
    return { kind: 'DropTable', at, ifExists, name: cursor.tableName() }
  }
  const ifExists = cursor.ifExists()
  const name = cursor.databaseName()
  const cascade = cursor.acceptOneOf(['CASCADE', 'RESTRICT']) === 'CASCADE'
  return { kind: 'DropDatabase', at, name, ifExists, cascade }
}

function repair(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.expect('MSCK')
  cursor.expect('REPAIR')
  cursor.expect('TABLE')
  return { kind: 'RepairTable', at, table: cursor.tableName() }
}
