/**
 * CREATE [EXTERNAL] TABLE with its clauses, in the one order that Hive takes them:
 *
 *   [IF NOT EXISTS] name (column type [COMMENT 's'], …) [COMMENT 's'] [PARTITIONED BY (…)]
 *   [CLUSTERED BY (…) [SORTED BY (…)] INTO n BUCKETS] [ROW FORMAT …] [STORED AS …] [LOCATION 's'] [TBLPROPERTIES (…)]
 */
import type { DdlColumn, HiveStatement, RowFormat } from '../../tree.ts'
import { notSupported } from '../errors.ts'
import { columnType } from './column-types.ts'
import type { HiveCursor } from './cursor.ts'

type CreateTable = Extract<HiveStatement, { kind: 'CreateTable' }>

/** After CREATE. */
export function createTable(cursor: HiveCursor, at: HiveStatement['at']): HiveStatement {
  const external = cursor.accept('EXTERNAL')
  cursor.expect('TABLE')
  const ifNotExists = cursor.ifNotExists()
  const name = cursor.tableName()
  if (cursor.is('LIKE')) throw notSupported('CREATE TABLE LIKE is not supported', cursor.at)
  const columns = cursor.is('(') ? columnDefinitions(cursor) : []
  const comment = optionalString(cursor, 'COMMENT')
  const partitionedBy = cursor.accept('PARTITIONED') ? partitionColumns(cursor) : []
  const clusteredBy = cursor.accept('CLUSTERED') ? clustering(cursor) : undefined
  const rowFormat = cursor.accept('ROW') ? rowFormatClause(cursor) : undefined
  const storedAs = cursor.accept('STORED') ? storage(cursor) : undefined
  const location = optionalString(cursor, 'LOCATION')
  const properties = cursor.accept('TBLPROPERTIES') ? cursor.properties() : {}
  return {
    kind: 'CreateTable',
    at,
    name,
    external,
    ifNotExists,
    columns,
    ...(comment !== undefined && { comment }),
    partitionedBy,
    ...(clusteredBy !== undefined && { clusteredBy }),
    ...(rowFormat !== undefined && { rowFormat }),
    ...(storedAs !== undefined && { storedAs }),
    ...(location !== undefined && { location }),
    properties,
  }
}

/** `(name type [COMMENT 's'], …)` */
export function columnDefinitions(cursor: HiveCursor): DdlColumn[] {
  return cursor.list(() => columnDefinition(cursor))
}

export function columnDefinition(cursor: HiveCursor): DdlColumn {
  const name = cursor.name()
  const type = columnType(cursor)
  const comment = optionalString(cursor, 'COMMENT')
  return { name, type, ...(comment !== undefined && { comment }) }
}

export function optionalString(cursor: HiveCursor, word: string): string | undefined {
  return cursor.accept(word) ? cursor.string() : undefined
}

function partitionColumns(cursor: HiveCursor): DdlColumn[] {
  cursor.expect('BY')
  const next = cursor.ahead(2)
  if (cursor.is('(') && (next.word === '(' || next.word === ',' || next.word === ')')) {
    throw notSupported('partitioning by columns without a type or by transforms (Iceberg) is not supported', cursor.at)
  }
  return columnDefinitions(cursor)
}

function clustering(cursor: HiveCursor): CreateTable['clusteredBy'] {
  cursor.expect('BY')
  const columns = cursor.list(() => cursor.name())
  const sortedBy = cursor.accept('SORTED') ? sortedColumns(cursor) : []
  cursor.expect('INTO')
  const buckets = Number(cursor.expectKind('integer', '<integer>').text)
  cursor.expect('BUCKETS')
  return { columns, sortedBy, buckets }
}

function sortedColumns(cursor: HiveCursor): { column: string; descending: boolean }[] {
  cursor.expect('BY')
  return cursor.list(() => {
    const column = cursor.name()
    return { column, descending: cursor.acceptOneOf(['ASC', 'DESC']) === 'DESC' }
  })
}

function rowFormatClause(cursor: HiveCursor): RowFormat {
  cursor.expect('FORMAT')
  if (cursor.expectOneOf(['DELIMITED', 'SERDE']) === 'DELIMITED') return { delimited: delimiters(cursor) }
  const className = cursor.string()
  if (!cursor.accept('WITH')) return { serde: { className, properties: {} } }
  cursor.expect('SERDEPROPERTIES')
  return { serde: { className, properties: cursor.properties() } }
}

function delimiters(cursor: HiveCursor): RowFormat['delimited'] {
  const fields = terminator(cursor, 'FIELDS')
  const escaped = fields !== undefined && cursor.acceptAll('ESCAPED', 'BY') ? cursor.string() : undefined
  const collectionItems = terminator(cursor, 'COLLECTION', 'ITEMS')
  const mapKeys = terminator(cursor, 'MAP', 'KEYS')
  const lines = terminator(cursor, 'LINES')
  const nullDefinedAs = cursor.acceptAll('NULL', 'DEFINED', 'AS') ? cursor.string() : undefined
  return {
    ...(fields !== undefined && { fields }),
    ...(escaped !== undefined && { escaped }),
    ...(collectionItems !== undefined && { collectionItems }),
    ...(mapKeys !== undefined && { mapKeys }),
    ...(lines !== undefined && { lines }),
    ...(nullDefinedAs !== undefined && { nullDefinedAs }),
  }
}

function terminator(cursor: HiveCursor, ...words: readonly string[]): string | undefined {
  return cursor.acceptAll(...words, 'TERMINATED', 'BY') ? cursor.string() : undefined
}

/** The format's name in upper case, or a pair of class names. */
function storage(cursor: HiveCursor): CreateTable['storedAs'] {
  cursor.expect('AS')
  if (!cursor.accept('INPUTFORMAT')) {
    if (!cursor.isKind('word')) throw cursor.failure()
    return { format: cursor.take().word }
  }
  const inputFormat = cursor.string()
  cursor.expect('OUTPUTFORMAT')
  return { inputFormat, outputFormat: cursor.string() }
}
