/** Names of several parts and lists of names. */
import type { Identifier, QualifiedName } from '../tree.ts'
import type { Cursor } from './cursor.ts'

export function qualifiedName(cursor: Cursor): QualifiedName {
  const { at } = cursor
  const parts = [cursor.identifier()]
  while (cursor.accept('.')) parts.push(cursor.identifier())
  return { at, parts }
}

/** `(a, b)` */
export function columnList(cursor: Cursor): Identifier[] {
  cursor.expect('(')
  const names = [cursor.identifier()]
  while (cursor.accept(',')) names.push(cursor.identifier())
  cursor.expect(')')
  return names
}

export function optionalColumnList(cursor: Cursor): Identifier[] | undefined {
  return cursor.is('(') ? columnList(cursor) : undefined
}
