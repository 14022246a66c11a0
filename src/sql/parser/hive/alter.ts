/** ALTER TABLE and ALTER DATABASE. */
import type { DdlName, HiveStatement, PartitionTerm, Position } from '../../tree.ts'
import { notSupported } from '../errors.ts'
import { columnDefinition, columnDefinitions, optionalString } from './create-table.ts'
import type { HiveCursor } from './cursor.ts'
import { partition, partitionFilter } from './partitions.ts'

export function alter(cursor: HiveCursor): HiveStatement {
  const { at } = cursor.expect('ALTER')
  const { word } = cursor.token
  switch (word) {
    case 'DATABASE':
    case 'SCHEMA':
      return alterDatabase(cursor, at)
    case 'VIEW':
      throw notSupported('ALTER VIEW is not supported', at)
    default:
      cursor.expect('TABLE')
      return alterTable(cursor, at, cursor.tableName())
  }
}

function alterDatabase(cursor: HiveCursor, at: Position): HiveStatement {
  cursor.take()
  const name = cursor.databaseName()
  cursor.expect('SET')
  cursor.expect('DBPROPERTIES')
  return { kind: 'AlterDatabaseProperties', at, name, properties: cursor.properties() }
}

function alterTable(cursor: HiveCursor, at: Position, table: DdlName): HiveStatement {
  if (cursor.is('PARTITION')) return alterPartition(cursor, at, table, partition(cursor))
  switch (cursor.expectOneOf(['ADD', 'DROP', 'SET', 'REPLACE', 'CHANGE', 'RENAME'])) {
    case 'ADD':
      return add(cursor, at, table)
    case 'DROP':
      return drop(cursor, at, table)
    case 'SET':
      if (cursor.expectOneOf(['LOCATION', 'TBLPROPERTIES']) === 'LOCATION') {
        return { kind: 'SetLocation', at, table, location: cursor.string() }
      }
      return { kind: 'SetTableProperties', at, table, properties: cursor.properties() }
    case 'REPLACE':
      cursor.expect('COLUMNS')
      return { kind: 'ReplaceColumns', at, table, columns: columnDefinitions(cursor) }
    case 'CHANGE':
      return change(cursor, at, table)
    case 'RENAME':
      throw notSupported('ALTER TABLE RENAME is not supported', at)
  }
}

function alterPartition(cursor: HiveCursor, at: Position, table: DdlName, from: PartitionTerm[]): HiveStatement {
  if (cursor.expectOneOf(['RENAME', 'SET']) === 'SET') {
    cursor.expect('LOCATION')
    return { kind: 'SetLocation', at, table, partition: from, location: cursor.string() }
  }
  cursor.expect('TO')
  return { kind: 'RenamePartition', at, table, from, to: partition(cursor) }
}

function add(cursor: HiveCursor, at: Position, table: DdlName): HiveStatement {
  if (cursor.accept('COLUMNS')) return { kind: 'AddColumns', at, table, columns: columnDefinitions(cursor) }
  const ifNotExists = cursor.ifNotExists()
  const partitions: { terms: PartitionTerm[]; location?: string }[] = []
  do {
    const terms = partition(cursor)
    const location = optionalString(cursor, 'LOCATION')
    partitions.push({ terms, ...(location !== undefined && { location }) })
  } while (cursor.is('PARTITION'))
  return { kind: 'AddPartitions', at, table, ifNotExists, partitions }
}

function drop(cursor: HiveCursor, at: Position, table: DdlName): HiveStatement {
  if (cursor.is('COLUMN')) throw notSupported('ALTER TABLE DROP COLUMN is not supported', at)
  const ifExists = cursor.ifExists()
  const partitions = [partitionFilter(cursor)]
  while (cursor.accept(',')) partitions.push(partitionFilter(cursor))
  return { kind: 'DropPartitions', at, table, ifExists, partitions }
}

/** `CHANGE [COLUMN] old new type [COMMENT 's']`; a place (FIRST, AFTER x) is only for Iceberg. */
function change(cursor: HiveCursor, at: Position, table: DdlName): HiveStatement {
  cursor.accept('COLUMN')
  const column = cursor.name()
  const to = columnDefinition(cursor)
  if (cursor.is('FIRST') || cursor.is('AFTER')) {
    throw notSupported('moving a column with FIRST or AFTER is not supported', cursor.at)
  }
  return { kind: 'ChangeColumn', at, table, column, to }
}
