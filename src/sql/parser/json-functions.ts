/** The SQL/JSON functions: JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT, JSON_ARRAY. */
import type { Expression, JsonBehavior, JsonFormat, JsonPathInvocation, TypeName } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { expression } from './expressions.ts'
import { stringValue } from './literals.ts'
import { typeName } from './types.ts'

export const JSON_FORMS: Readonly<Record<string, (cursor: Cursor) => Expression>> = {
  JSON_EXISTS: jsonExists,
  JSON_VALUE: jsonValue,
  JSON_QUERY: jsonQuery,
  JSON_OBJECT: jsonObject,
  JSON_ARRAY: jsonArray,
}

function jsonExists(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const invocation = jsonPathInvocation(cursor)
  const onError = acceptedBehavior(cursor, ['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'])
  if (onError !== undefined) {
    cursor.expect('ON')
    cursor.expect('ERROR')
  }
  cursor.expect(')')
  return { kind: 'JsonExists', at, invocation, ...(onError !== undefined && { onError }) }
}

function jsonValue(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const invocation = jsonPathInvocation(cursor)
  const returning = cursor.accept('RETURNING') ? typeName(cursor) : undefined
  const behaviors = valueBehaviors(cursor)
  cursor.expect(')')
  return { kind: 'JsonValue', at, invocation, ...(returning !== undefined && { returning }), ...behaviors }
}

function jsonQuery(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const invocation = jsonPathInvocation(cursor)
  const output = returningClause(cursor)
  const shape = queryShape(cursor)
  const behaviors = queryBehaviors(cursor)
  cursor.expect(')')
  return { kind: 'JsonQuery', at, invocation, ...output, ...shape, ...behaviors }
}

function jsonObject(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const members: { key: Expression; value: Expression; format?: JsonFormat }[] = []
  let nullOnNull = true
  let uniqueKeys = false
  if (!cursor.is(')') && !isReturning(cursor)) {
    do members.push(jsonMember(cursor))
    while (cursor.accept(','))
    nullOnNull = onNull(cursor) ?? true
    uniqueKeys = hasUniqueKeys(cursor)
  }
  const output = returningClause(cursor)
  cursor.expect(')')
  return { kind: 'JsonObject', at, members, nullOnNull, uniqueKeys, ...output }
}

function jsonArray(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const items: { value: Expression; format?: JsonFormat }[] = []
  let nullOnNull = false
  if (!cursor.is(')') && !isReturning(cursor)) {
    do items.push(jsonInput(cursor))
    while (cursor.accept(','))
    nullOnNull = onNull(cursor) ?? false
  }
  const output = returningClause(cursor)
  cursor.expect(')')
  return { kind: 'JsonArray', at, items, nullOnNull, ...output }
}

/** `RETURNING type`, where a column of that name is not meant. */
const isReturning = (cursor: Cursor): boolean =>
  cursor.token.word === 'RETURNING' && cursor.isIdentifier(cursor.ahead(1))

/** `input [FORMAT …], 'path' [AS name] [PASSING …]` */
export function jsonPathInvocation(cursor: Cursor): JsonPathInvocation {
  const input = jsonInput(cursor)
  cursor.expect(',')
  const path: Expression = { kind: 'StringLiteral', at: cursor.at, value: stringValue(cursor) }
  if (cursor.accept('AS')) cursor.identifier()
  const passing = cursor.accept('PASSING') ? passed(cursor) : []
  return { input: input.value, ...(input.format !== undefined && { inputFormat: input.format }), path, passing }
}

function passed(cursor: Cursor): JsonPathInvocation['passing'] {
  const list: { name: JsonPathInvocation['passing'][number]['name']; value: Expression; format?: JsonFormat }[] = []
  do {
    const input = jsonInput(cursor)
    cursor.expect('AS')
    list.push({ name: cursor.identifier(), ...input })
  } while (cursor.accept(','))
  return list
}

function jsonInput(cursor: Cursor): { readonly value: Expression; readonly format?: JsonFormat } {
  const inner = expression(cursor)
  return cursor.accept('FORMAT') ? { value: inner, format: jsonFormat(cursor) } : { value: inner }
}

/** After FORMAT: `JSON [ENCODING UTF8|UTF16|UTF32]`. */
export function jsonFormat(cursor: Cursor): JsonFormat {
  cursor.expect('JSON')
  return cursor.accept('ENCODING') ? cursor.expectOneOf(['UTF8', 'UTF16', 'UTF32']) : 'JSON'
}

function returningClause(cursor: Cursor): { readonly returning?: TypeName; readonly format?: JsonFormat } {
  if (!cursor.accept('RETURNING')) return {}
  const returning = typeName(cursor)
  return cursor.accept('FORMAT') ? { returning, format: jsonFormat(cursor) } : { returning }
}

/** `[KEY] key VALUE value` or `key : value` */
function jsonMember(cursor: Cursor): { key: Expression; value: Expression; format?: JsonFormat } {
  const follower = cursor.ahead(1)
  const isColumn = follower.word === 'VALUE' || (follower.kind === 'symbol' && follower.word !== '(')
  if (!isColumn) cursor.accept('KEY')
  const key = expression(cursor)
  if (!cursor.accept('VALUE')) cursor.expect(':')
  return { key, ...jsonInput(cursor) }
}

function onNull(cursor: Cursor): boolean | undefined {
  const word = cursor.acceptOneOf(['NULL', 'ABSENT'])
  if (word === undefined) return undefined
  cursor.expect('ON')
  cursor.expect('NULL')
  return word === 'NULL'
}

/** `WITH|WITHOUT UNIQUE [KEYS]` */
function hasUniqueKeys(cursor: Cursor): boolean {
  const word = cursor.acceptOneOf(['WITH', 'WITHOUT'])
  if (word === undefined) return false
  cursor.expect('UNIQUE')
  cursor.accept('KEYS')
  return word === 'WITH'
}

/** `[WITHOUT|WITH … WRAPPER] [KEEP|OMIT QUOTES [ON SCALAR STRING]]` */
export function queryShape(cursor: Cursor): {
  readonly wrapper?: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL'
  readonly quotes?: 'KEEP' | 'OMIT'
} {
  const wrapper = wrapperClause(cursor)
  const quotes = cursor.acceptOneOf(['KEEP', 'OMIT'])
  if (quotes !== undefined) {
    cursor.expect('QUOTES')
    if (cursor.acceptAll('ON', 'SCALAR')) cursor.expect('STRING')
  }
  return { ...(wrapper !== undefined && { wrapper }), ...(quotes !== undefined && { quotes }) }
}

function wrapperClause(cursor: Cursor): 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL' | undefined {
  const word = cursor.acceptOneOf(['WITHOUT', 'WITH'])
  if (word === undefined) return undefined
  const condition = word === 'WITH' ? (cursor.acceptOneOf(['CONDITIONAL', 'UNCONDITIONAL']) ?? 'UNCONDITIONAL') : word
  cursor.accept('ARRAY')
  cursor.expect('WRAPPER')
  return condition
}

interface Behaviors {
  readonly onEmpty?: JsonBehavior
  readonly onError?: JsonBehavior
}

/** `[ERROR|NULL|DEFAULT x ON EMPTY] [… ON ERROR]` */
export function valueBehaviors(cursor: Cursor): Behaviors {
  return behaviors(cursor, (inner) => {
    if (inner.accept('DEFAULT')) return { kind: 'DEFAULT', value: expression(inner) }
    return acceptedBehavior(inner, ['ERROR', 'NULL'])
  })
}

/** `[ERROR|NULL|EMPTY ARRAY|EMPTY OBJECT ON EMPTY] [… ON ERROR]` */
export function queryBehaviors(cursor: Cursor): Behaviors {
  return behaviors(cursor, (inner) => {
    if (!inner.accept('EMPTY')) return acceptedBehavior(inner, ['ERROR', 'NULL'])
    return { kind: inner.expectOneOf(['ARRAY', 'OBJECT']) === 'ARRAY' ? 'EMPTY_ARRAY' : 'EMPTY_OBJECT' }
  })
}

function behaviors(cursor: Cursor, rule: (cursor: Cursor) => JsonBehavior | undefined): Behaviors {
  const first = rule(cursor)
  if (first === undefined) return {}
  cursor.expect('ON')
  if (cursor.expectOneOf(['EMPTY', 'ERROR']) === 'ERROR') return { onError: first }
  const second = rule(cursor)
  if (second === undefined) return { onEmpty: first }
  cursor.expect('ON')
  cursor.expect('ERROR')
  return { onEmpty: first, onError: second }
}

function acceptedBehavior(
  cursor: Cursor,
  words: readonly ('TRUE' | 'FALSE' | 'UNKNOWN' | 'ERROR' | 'NULL')[],
): JsonBehavior | undefined {
  const kind = cursor.acceptOneOf(words)
  return kind === undefined ? undefined : { kind }
}
