/** Names of types as CAST and others write them: text in structure, not yet resolved. */
import type { Identifier, TypeName } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { INTERVAL_FIELDS, intervalField } from './literals.ts'

export function typeName(cursor: Cursor): TypeName {
  const outer = cursor.beginNamed('<type>')
  cursor.enter()
  let type = basicType(cursor)
  let height = cursor.height
  while (cursor.token.word === 'ARRAY') {
    cursor.take()
    if (cursor.accept('[')) {
      cursor.expectKind('integer', '<integer>')
      cursor.expect(']')
    }
    type = { at: type.at, base: 'array', arguments: [type] }
    height += 1
    cursor.growTo(height)
  }
  cursor.wish("'ARRAY'")
  cursor.leave()
  cursor.endNamed(outer)
  return type
}

function basicType(cursor: Cursor): TypeName {
  const { at, word } = cursor.token
  const follower = cursor.ahead(1).word
  switch (word) {
    case 'ROW':
      return follower === '(' ? rowType(cursor) : genericType(cursor)
    case 'INTERVAL':
      return FIELDS.has(follower) ? intervalType(cursor) : genericType(cursor)
    case 'TIMESTAMP':
    case 'TIME':
      return timeType(cursor, word === 'TIME' ? 'time' : 'timestamp')
    case 'DOUBLE':
      if (follower !== 'PRECISION') return genericType(cursor)
      cursor.index += 2
      return { at, base: 'double', arguments: [] }
    case 'ARRAY':
    case 'MAP':
      return follower === '<' ? legacyType(cursor, word) : genericType(cursor)
    default:
      return genericType(cursor)
  }
}

const FIELDS: ReadonlySet<string> = new Set(INTERVAL_FIELDS)

/** `name`, `name(10, 2)`, `name(type)` */
function genericType(cursor: Cursor): TypeName {
  if (!cursor.isIdentifier()) throw cursor.failure('<type>')
  const { at, value } = cursor.identifier()
  return { at, base: value.toLowerCase(), arguments: cursor.accept('(') ? typeArguments(cursor) : [] }
}

function typeArguments(cursor: Cursor): (TypeName | number)[] {
  const list = [typeArgument(cursor)]
  while (cursor.accept(',')) list.push(typeArgument(cursor))
  cursor.expect(')')
  return list
}

function typeArgument(cursor: Cursor): TypeName | number {
  cursor.wish('<integer>')
  return cursor.isKind('integer') ? Number(cursor.take().text.replaceAll('_', '')) : typeName(cursor)
}

/** `row(a integer, varchar)` */
function rowType(cursor: Cursor): TypeName {
  const { at } = cursor.take()
  cursor.expect('(')
  const fields = [rowField(cursor)]
  while (cursor.accept(',')) fields.push(rowField(cursor))
  cursor.expect(')')
  return { at, base: 'row', arguments: [], fields }
}

function rowField(cursor: Cursor): { readonly name?: Identifier; readonly type: TypeName } {
  if (!isNamedField(cursor)) return { type: typeName(cursor) }
  const name = cursor.identifier()
  return { name, type: typeName(cursor) }
}

/** Two names in a row are a field and its type, but for the types that are several words. */
function isNamedField(cursor: Cursor): boolean {
  const [first, second, third] = [cursor.token, cursor.ahead(1), cursor.ahead(2).word]
  if (!cursor.isIdentifier(first) || !cursor.isIdentifier(second)) return false
  const isLast = third === ',' || third === ')'
  if (first.word === 'DOUBLE' && second.word === 'PRECISION') return !isLast && third !== 'ARRAY'
  if (first.word === 'INTERVAL' && FIELDS.has(second.word)) return !isLast && third !== 'TO'
  if (second.word === 'ARRAY') return third === '(' || third === '<'
  if ((first.word === 'TIME' || first.word === 'TIMESTAMP') && second.word === 'WITHOUT') return third !== 'TIME'
  return true
}

function intervalType(cursor: Cursor): TypeName {
  const { at } = cursor.take()
  const from = intervalField(cursor).toLowerCase()
  const base = cursor.accept('TO') ? `interval ${from} to ${intervalField(cursor).toLowerCase()}` : `interval ${from}`
  return { at, base, arguments: [] }
}

/** `timestamp[(p)] [WITH|WITHOUT TIME ZONE]` */
function timeType(cursor: Cursor, name: 'time' | 'timestamp'): TypeName {
  const { at } = cursor.take()
  const precision: (TypeName | number)[] = []
  if (cursor.accept('(')) {
    precision.push(typeArgument(cursor))
    cursor.expect(')')
  }
  const zone = cursor.acceptOneOf(['WITH', 'WITHOUT'])
  if (zone !== undefined) {
    cursor.expect('TIME')
    cursor.expect('ZONE')
  }
  return { at, base: zone === 'WITH' ? `${name} with time zone` : name, arguments: precision }
}

/** `array<t>`, `map<k, v>`: an older spelling that Trino still reads. */
function legacyType(cursor: Cursor, word: 'ARRAY' | 'MAP'): TypeName {
  const { at } = cursor.take()
  cursor.expect('<')
  const list = [typeName(cursor)]
  if (word === 'MAP') {
    cursor.expect(',')
    list.push(typeName(cursor))
  }
  cursor.expect('>')
  return { at, base: word.toLowerCase(), arguments: list }
}
