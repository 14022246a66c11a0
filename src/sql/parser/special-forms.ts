/**
 * Expressions that begin with a word of their own, one entry each. A rule answers undefined when the word is only a name
 * here: `interval`, `row`, `if` and others are not reserved.
 */
import type { Expression, FunctionCall, Identifier, Position } from '../tree.ts'
import { functionTail } from './calls.ts'
import type { Cursor } from './cursor.ts'
import { syntaxError } from './errors.ts'
import { expression, expressionAfter, expressions, nestedValue } from './expressions.ts'
import { JSON_FORMS } from './json-functions.ts'
import { intervalLiteral, isIntervalAhead, isString, stringValue } from './literals.ts'
import { beginsExpression } from './lookahead.ts'
import { qualifiedName } from './names.ts'
import { query } from './queries.ts'
import { typeName } from './types.ts'
import { withinGroup } from './windows.ts'

type Rule = (cursor: Cursor) => Expression | undefined

export const SPECIAL_FORMS: Readonly<Record<string, Rule | undefined>> = {
  __proto__: null as never,
  NULL: (cursor) => ({ kind: 'NullLiteral', at: cursor.take().at }),
  TRUE: (cursor) => ({ kind: 'BooleanLiteral', at: cursor.take().at, value: true }),
  FALSE: (cursor) => ({ kind: 'BooleanLiteral', at: cursor.take().at, value: false }),
  INTERVAL: (cursor) => (isIntervalAhead(cursor) ? intervalLiteral(cursor) : undefined),
  DOUBLE: doublePrecision,
  CASE: caseExpression,
  CAST: (cursor) => cast(cursor, false),
  TRY_CAST: (cursor) => (isBracket(cursor) ? cast(cursor, true) : undefined),
  EXISTS: exists,
  ROW: (cursor) => (isBracket(cursor) && cursor.ahead(2).word !== ')' ? row(cursor) : undefined),
  ARRAY: (cursor) => (cursor.ahead(1).word === '[' ? array(cursor) : undefined),
  EXTRACT: extract,
  TRIM: trim,
  SUBSTRING: (cursor) => (isBracket(cursor) ? substring(cursor) : undefined),
  POSITION: (cursor) => (isBracket(cursor) ? position(cursor) : undefined),
  NORMALIZE: normalize,
  LISTAGG: listagg,
  GROUPING: grouping,
  ...JSON_FORMS,
}

const isBracket = (cursor: Cursor): boolean => cursor.ahead(1).word === '('

function doublePrecision(cursor: Cursor): Expression | undefined {
  if (cursor.ahead(1).word !== 'PRECISION' || !isString(cursor.ahead(2))) return undefined
  const { at } = cursor.take()
  cursor.take()
  return { kind: 'GenericLiteral', at, type: 'double', value: stringValue(cursor) }
}

function caseExpression(cursor: Cursor): Expression {
  const { at } = cursor.take()
  const operand = cursor.is('WHEN') ? undefined : expression(cursor)
  const branches: { when: Expression; then: Expression }[] = []
  do {
    cursor.expect('WHEN')
    const when = expression(cursor)
    cursor.expect('THEN')
    // biome-ignore lint/suspicious/noThenProperty: the tree says what SQL says; branches are never awaited.
    branches.push({ when, then: expression(cursor) })
  } while (cursor.is('WHEN'))
  const otherwise = cursor.accept('ELSE') ? expression(cursor) : undefined
  cursor.expect('END')
  return {
    kind: 'Case',
    at,
    ...(operand !== undefined && { operand }),
    branches,
    ...(otherwise !== undefined && { otherwise }),
  }
}

function cast(cursor: Cursor, isTry: boolean): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const operand = expression(cursor)
  cursor.expect('AS')
  const type = typeName(cursor)
  cursor.expect(')')
  return { kind: 'Cast', at, operand, type, isTry }
}

function exists(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const inner = query(cursor)
  cursor.expect(')')
  return { kind: 'Exists', at, query: inner }
}

function row(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const fields: { name?: Identifier; value: Expression }[] = []
  do {
    const item = expression(cursor)
    fields.push(cursor.accept('AS') ? { name: cursor.identifier(), value: item } : { value: item })
  } while (cursor.accept(','))
  cursor.expect(')')
  return { kind: 'RowConstructor', at, fields }
}

function array(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('[')
  const items = cursor.is(']') ? [] : expressions(cursor)
  cursor.expect(']')
  return { kind: 'ArrayConstructor', at, items }
}

const EXTRACT_FIELDS = new Set(
  `YEAR QUARTER MONTH WEEK DAY DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW HOUR MINUTE SECOND
   TIMEZONE_MINUTE TIMEZONE_HOUR`.split(/\s+/),
)

/** The field comes back in upper case. */
function extract(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const written = cursor.identifier().value
  const field = written.toUpperCase()
  cursor.expect('FROM')
  const operand = nestedValue(cursor)
  cursor.expect(')')
  if (!EXTRACT_FIELDS.has(field)) throw syntaxError(`Invalid EXTRACT field: ${written}`, at)
  return { kind: 'Extract', at, field, operand }
}

/** `TRIM([LEADING|TRAILING|BOTH] [characters] FROM source)`, `TRIM(source [, characters])`. */
function trim(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const side = trimSide(cursor)
  if (cursor.accept('FROM')) return trimmed(cursor, at, side ?? 'BOTH', undefined)
  const first = nestedValue(cursor)
  if (cursor.accept('FROM')) return trimmed(cursor, at, side ?? 'BOTH', first)
  if (side !== undefined) throw cursor.failure("'FROM'")
  if (!cursor.accept(',')) {
    cursor.expect(')')
    return { kind: 'Trim', at, side: 'BOTH', operand: first }
  }
  const characters = nestedValue(cursor)
  cursor.expect(')')
  return { kind: 'Trim', at, side: 'BOTH', operand: first, characters }
}

function trimSide(cursor: Cursor): 'LEADING' | 'TRAILING' | 'BOTH' | undefined {
  const follower = cursor.ahead(1)
  const isName = follower.kind === 'symbol' && follower.word !== '('
  if (isName) return undefined
  return follower.word === 'FROM' || beginsExpression(follower)
    ? cursor.acceptOneOf(['LEADING', 'TRAILING', 'BOTH'])
    : undefined
}

function trimmed(
  cursor: Cursor,
  at: Position,
  side: 'LEADING' | 'TRAILING' | 'BOTH',
  characters: Expression | undefined,
): Expression {
  const operand = nestedValue(cursor)
  cursor.expect(')')
  return { kind: 'Trim', at, side, operand, ...(characters !== undefined && { characters }) }
}

/** `SUBSTRING(x FROM a [FOR b])` is substring(x, a[, b]); anything else is the plain function. */
function substring(cursor: Cursor): Expression {
  const word = cursor.take()
  cursor.expect('(')
  if (cursor.is(')') || cursor.is('DISTINCT') || cursor.is('*')) return plainCall(cursor, word.text, word.at, [])
  const source = expression(cursor)
  if (!cursor.accept('FROM')) return plainCall(cursor, word.text, word.at, [source])
  const args = [source, nestedValue(cursor)]
  if (cursor.accept('FOR')) args.push(nestedValue(cursor))
  cursor.expect(')')
  return call('substring', word.at, args)
}

/** `POSITION(a IN b)` is strpos(b, a). */
function position(cursor: Cursor): Expression {
  const word = cursor.take()
  cursor.expect('(')
  if (!beginsExpression(cursor.token) || cursor.is('NOT')) {
    return plainCall(cursor, word.text, word.at, cursor.is(')') ? [] : [expression(cursor)])
  }
  const needle = nestedValue(cursor)
  if (!cursor.accept('IN')) return plainCall(cursor, word.text, word.at, [expressionAfter(cursor, needle)])
  const haystack = nestedValue(cursor)
  cursor.expect(')')
  return call('strpos', word.at, [haystack, needle])
}

/** After `name(` and its first argument. */
function plainCall(cursor: Cursor, name: string, at: Position, first: readonly Expression[]): Expression {
  return functionTail(cursor, { at, parts: [{ kind: 'Identifier', at, value: name, quoted: false }] }, first)
}

function normalize(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const source = nestedValue(cursor)
  let form: string = 'NFC'
  let place = at
  if (cursor.accept(',')) {
    place = cursor.at
    form = cursor.expectOneOf(['NFD', 'NFC', 'NFKD', 'NFKC'])
  }
  cursor.expect(')')
  return call('normalize', at, [source, { kind: 'StringLiteral', at: place, value: form }])
}

function call(name: string, at: Position, args: readonly Expression[], more?: Partial<FunctionCall>): FunctionCall {
  return {
    kind: 'FunctionCall',
    at,
    name: { at, parts: [{ kind: 'Identifier', at, value: name, quoted: false }] },
    args,
    star: false,
    distinct: false,
    orderBy: [],
    ...more,
  }
}

/** `LISTAGG([DISTINCT] x [, 'separator'] [ON OVERFLOW …]) WITHIN GROUP (ORDER BY …) [FILTER (…)]` */
function listagg(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const distinct = cursor.acceptOneOf(['DISTINCT', 'ALL']) === 'DISTINCT'
  const args = [expression(cursor)]
  if (cursor.accept(',')) args.push({ kind: 'StringLiteral', at: cursor.at, value: stringValue(cursor) })
  const overflow = cursor.accept('ON') ? onOverflow(cursor) : undefined
  cursor.expect(')')
  const { order, filter } = withinGroup(cursor)
  return call('listagg', at, args, {
    distinct,
    withinGroup: order,
    ...(overflow !== undefined && { overflow }),
    ...(filter !== undefined && { filter }),
  })
}

function onOverflow(cursor: Cursor): NonNullable<FunctionCall['overflow']> {
  cursor.expect('OVERFLOW')
  if (cursor.expectOneOf(['ERROR', 'TRUNCATE']) === 'ERROR') return { action: 'ERROR' }
  const filler = isString(cursor.token) ? { filler: stringValue(cursor) } : undefined
  const withCount = cursor.expectOneOf(['WITH', 'WITHOUT']) === 'WITH'
  cursor.expect('COUNT')
  return { action: 'TRUNCATE', ...filler, withCount }
}

/** GROUPING takes column names only. */
function grouping(cursor: Cursor): Expression {
  const { at } = cursor.take()
  cursor.expect('(')
  const operands: Expression[] = []
  if (!cursor.is(')')) {
    do operands.push(columnNamed(cursor))
    while (cursor.accept(','))
  }
  cursor.expect(')')
  return { kind: 'Grouping', at, operands }
}

function columnNamed(cursor: Cursor): Expression {
  const { parts } = qualifiedName(cursor)
  const [first, ...fields] = parts as [Identifier, ...Identifier[]]
  return fields.reduce<Expression>((base, field) => ({ kind: 'Dereference', at: base.at, base, field }), first)
}

const MOMENTS: Readonly<Record<string, { readonly takesPrecision: boolean } | undefined>> = {
  __proto__: null as never,
  CURRENT_DATE: { takesPrecision: false },
  CURRENT_TIME: { takesPrecision: true },
  CURRENT_TIMESTAMP: { takesPrecision: true },
  LOCALTIME: { takesPrecision: true },
  LOCALTIMESTAMP: { takesPrecision: true },
  CURRENT_USER: { takesPrecision: false },
  CURRENT_CATALOG: { takesPrecision: false },
  CURRENT_SCHEMA: { takesPrecision: false },
  CURRENT_PATH: { takesPrecision: false },
}

/** CURRENT_DATE and its kin, if one stands here. */
export function currentTime(cursor: Cursor): Expression | undefined {
  const { word, at } = cursor.token
  const moment = MOMENTS[word]
  if (moment === undefined) return undefined
  cursor.take()
  const name = word.toLowerCase() as Extract<Expression, { kind: 'CurrentTime' }>['function']
  if (!moment.takesPrecision || !cursor.accept('(')) return { kind: 'CurrentTime', at, function: name }
  const precision = Number(cursor.expectKind('integer', '<integer>').text)
  cursor.expect(')')
  return { kind: 'CurrentTime', at, function: name, precision }
}
