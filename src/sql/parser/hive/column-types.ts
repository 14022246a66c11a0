/**
 * Types of columns in Hive's DDL, read to their shortest text: lower case, no blanks, `array<struct<a:int>>`.
 *
 *   primitive | decimal[(p[,s])] | char(n) | varchar(n) | array<t> | map<k,v> | struct<name:t [COMMENT 's'], …> |
 *   uniontype<t, …>
 *
 * INTEGER is no type here, only INT is (AWS refuses it in DDL).
 */
import type { HiveCursor } from './cursor.ts'

const PRIMITIVES = new Set(
  'TINYINT SMALLINT INT BIGINT BOOLEAN FLOAT DOUBLE STRING BINARY TIMESTAMP DATE DECIMAL'.split(' '),
)

export function columnType(cursor: HiveCursor): string {
  cursor.enter()
  const type = typeText(cursor)
  cursor.leave()
  return type
}

function typeText(cursor: HiveCursor): string {
  const { word } = cursor.token
  switch (word) {
    case 'ARRAY':
    case 'MAP':
    case 'UNIONTYPE': {
      cursor.take()
      const arity = { ARRAY: 1, MAP: 2, UNIONTYPE: undefined }[word]
      return `${word.toLowerCase()}<${members(cursor, () => columnType(cursor), arity).join(',')}>`
    }
    case 'STRUCT':
      cursor.take()
      return `struct<${members(cursor, () => field(cursor), undefined).join(',')}>`
    case 'CHAR':
    case 'VARCHAR':
      cursor.take()
      return `${word.toLowerCase()}(${cursor.list(() => wholeNumber(cursor)).join(',')})`
    case 'DECIMAL':
      cursor.take()
      return cursor.is('(') ? `decimal(${cursor.list(() => wholeNumber(cursor)).join(',')})` : 'decimal'
    default:
      if (!PRIMITIVES.has(word)) throw cursor.failure()
      cursor.take()
      if (word === 'DOUBLE') cursor.accept('PRECISION')
      return word.toLowerCase()
  }
}

/** `<a, b>` */
function members(cursor: HiveCursor, item: () => string, arity: number | undefined): string[] {
  cursor.expect('<')
  const items = [item()]
  while (items.length !== arity && cursor.accept(',')) items.push(item())
  if (arity !== undefined && items.length < arity) throw cursor.failure()
  cursor.expect('>')
  return items
}

function field(cursor: HiveCursor): string {
  const name = cursor.fieldName().toLowerCase()
  cursor.expect(':')
  const type = columnType(cursor)
  if (cursor.accept('COMMENT')) cursor.string()
  return `${name}:${type}`
}

function wholeNumber(cursor: HiveCursor): string {
  if (!cursor.isKind('integer')) throw cursor.failure()
  return cursor.take().text
}
